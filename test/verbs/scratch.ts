import { accessSync, constants, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where verbs work in tests: in memory where that is possible, as each of their changes waits for the disk. */
function scratchRoot(): string {
  try {
    accessSync("/dev/shm", constants.W_OK | constants.X_OK);
    return "/dev/shm";
  } catch {
    return realpathSync(tmpdir());
  }
}

/** Makes a new empty folder, by a path without symbolic links; who asks for it removes it. */
export function scratchFolder(name: string): string {
  return mkdtempSync(join(scratchRoot(), `galley-${name}-`));
}
