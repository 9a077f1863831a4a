import { statSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import fastGlob from "fast-glob";
import { UsageProblem } from "./command.ts";

/** The recipes that a path means: a file itself, or all recipes below a folder, sorted, without those of node_modules. */
export function recipesAt(path: string, workingDirectory: string): readonly string[] {
  const found = statSync(resolve(workingDirectory, path), { throwIfNoEntry: false });
  if (!found) throw new UsageProblem(`there is no ${path}; name a .recipe file or a folder`);
  if (!found.isDirectory()) return [path];
  const folder = resolve(workingDirectory, path);
  return fastGlob
    .sync("**/*.recipe", { cwd: folder, ignore: ["**/node_modules/**"] })
    .toSorted()
    .map((name) => relative(workingDirectory, join(folder, name)));
}
