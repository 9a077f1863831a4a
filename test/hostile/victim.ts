import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";

/** A folder of others that no run may touch; some names in it are those that temporary files of a run would have. */
export function makeVictim(folder: string): { readonly path: string; readonly expectUntouched: () => void } {
  const path = join(folder, "victim");
  mkdirSync(path);
  for (const name of ["kept", ".galley-00ff-1-0-kept", ".galley-x", ".galley-beef-1-0-"]) {
    writeFileSync(join(path, name), `content of ${name}`);
  }
  mkdirSync(join(path, ".galley-00ff-1-0-folder"));
  symlinkSync("kept", join(path, "link"));
  const look = () =>
    readdirSync(path)
      .toSorted()
      .map((name) => {
        const { mode, mtimeMs, ino } = statSync(join(path, name));
        return { name, mode, mtimeMs, ino, content: mode & 0o40000 ? "" : readFileSync(join(path, name), "utf8") };
      });
  const before = look();
  return { path, expectUntouched: () => expect(look()).toEqual(before) };
}
