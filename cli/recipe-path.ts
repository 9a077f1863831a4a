import { statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { UsageProblem } from "./command.ts";

/** The recipe a person means by PATH: the file itself, or `site.recipe` of a folder; relative to the working directory. */
export function findRecipe(path: string | undefined, workingDirectory: string): string {
  const given = path ?? ".";
  const found = statSync(resolve(workingDirectory, given), { throwIfNoEntry: false });
  if (!found) throw new UsageProblem(`there is no ${given}; name a .recipe file or a folder that holds a site.recipe`);
  const file = found.isDirectory() ? join(given, "site.recipe") : given;
  if (found.isDirectory() && !statSync(resolve(workingDirectory, file), { throwIfNoEntry: false })?.isFile()) {
    throw new UsageProblem(`the folder ${given} holds no site.recipe; name the .recipe file`);
  }
  const near = relative(workingDirectory, resolve(workingDirectory, file));
  return near.startsWith("..") ? resolve(workingDirectory, file) : near;
}
