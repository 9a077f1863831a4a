import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readShellLibrary } from "../../cli/shell-library.ts";
import type { Shell } from "./shells.ts";

const library = await readShellLibrary();

/** How a verb ended. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether it called `changed`. */
  readonly changed: boolean;
  /** Whether it called `started_fresh`. */
  readonly startedFresh: boolean;
  /** Calls of the fake programs, in order, one a line: the name and the arguments. */
  readonly calls: readonly string[];
}

/** A folder with programs that stand in for the system's and write down how they are called. */
export interface World {
  readonly folder: string;
  /** Runs a verb as the runner does: nothing but /dev/null or the given names on standard input. */
  readonly run: (shell: Shell, verb: string, args: readonly string[], options?: RunOptions) => Ended;
  readonly read: (name: string) => string;
  readonly write: (name: string, text: string) => void;
  readonly remove: () => void;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Makes a world of the given programs, shell text by name (`$WORLD` is its folder). */
export function makeWorld(programs: Readonly<Record<string, string>>): World {
  const folder = mkdtempSync(join(tmpdir(), "galley-verb-"));
  mkdirSync(join(folder, "bin"));
  for (const [name, body] of Object.entries(programs)) {
    const path = join(folder, "bin", name);
    // One write each, as programs of a pipeline run side by side.
    const note = `printf '%s\\n' "${name}\${*:+ $*}" >>"$WORLD/calls"`;
    writeFileSync(path, `#!/bin/sh\n${note}\n${body}\n`);
    chmodSync(path, 0o755);
  }
  writeFileSync(join(folder, "library"), library);
  const read = (name: string): string => {
    const path = join(folder, name);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  };
  return {
    folder,
    read,
    write: (name, contents) => writeFileSync(join(folder, name), contents),
    remove: () => rmSync(folder, { recursive: true, force: true }),
    run: (shell, verb, args, options = {}) => {
      for (const name of ["calls", "changed.1", "fresh.1"]) rmSync(join(folder, name), { force: true });
      const [program, ...rest] = shell.command;
      const ended = spawnSync(program, [...rest, "-c", '. "$WORLD/library"; ( set -e; "$@" )', "sh", verb, ...args], {
        input: options.stdin ?? "",
        env: {
          LC_ALL: "C",
          PATH: `${join(folder, "bin")}:${shell.path}`,
          WORLD: folder,
          GALLEY_SCRATCH: folder,
          GALLEY_STEP: "1",
          GALLEY_SYSTEMD: folder,
          ...options.environment,
        },
        encoding: "utf8",
        cwd: "/",
      });
      return {
        status: ended.status ?? -1,
        stdout: ended.stdout,
        stderr: ended.stderr,
        changed: existsSync(join(folder, "changed.1")),
        startedFresh: existsSync(join(folder, "fresh.1")),
        calls: read("calls").split("\n").slice(0, -1),
      };
    },
  };
}
