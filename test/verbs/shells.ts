import { execFileSync } from "node:child_process";
import { existsSync, lstatSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";

/** One of the shells that a target may have. */
export interface Shell {
  readonly name: string;
  /** The program and the words before the script. */
  readonly command: readonly [string, ...string[]];
  /** Where its tools are: GNU coreutils, or only busybox applets. */
  readonly path: string;
}

const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

function find(program: string): string | undefined {
  return systemPath
    .split(":")
    .map((folder) => join(folder, program))
    .find((path) => existsSync(path));
}

/** A folder that holds busybox under the name of each of its applets; it stays for the next test, which need not make it. */
function appletFolder(busybox: string): string {
  const shared = join(tmpdir(), `galley-busybox-${userInfo().uid}`);
  if (lstatSync(shared, { throwIfNoEntry: false })?.uid === userInfo().uid) return shared;
  const folder = mkdtempSync(join(tmpdir(), "galley-busybox-"));
  execFileSync(busybox, ["--install", "-s", folder]);
  try {
    renameSync(folder, shared);
  } catch {
    // Another test was faster; a rename onto a folder with files in it fails.
    rmSync(folder, { recursive: true });
  }
  return shared;
}

function installedShells(): readonly Shell[] {
  const wanted: readonly (readonly [string, string, readonly string[]])[] = [
    ["dash", "dash", []],
    ["bash", "bash", ["--norc"]],
    ["bash --posix", "bash", ["--norc", "--posix"]],
    ["busybox", "busybox", ["sh"]],
    ["mksh", "mksh", []],
  ];
  return wanted.flatMap(([name, program, words]) => {
    const path = find(program);
    if (path === undefined) {
      if (process.env["CI"]) throw new Error(`${program} is not installed, and CI tests the verbs in every shell`);
      return [];
    }
    const tools = program === "busybox" ? appletFolder(path) : systemPath;
    return [{ name, command: [path, ...words], path: tools }];
  });
}

/** The shells of this machine that verbs are tested in; in CI all of them must be there. Busybox comes with its own tools. */
export const shells: readonly Shell[] = installedShells();
