import { spawnSync } from "node:child_process";
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A shell that targets may have: how it is called and what runs it. */
export interface TestShell {
  readonly name: string;
  readonly argv: readonly string[];
}

const all: readonly TestShell[] = [
  { name: "dash", argv: ["dash"] },
  { name: "bash", argv: ["bash", "--norc"] },
  { name: "bash --posix", argv: ["bash", "--norc", "--posix"] },
  { name: "busybox sh", argv: ["busybox", "sh"] },
  { name: "mksh", argv: ["mksh"] },
];

/** The shells to test verbs in: those that are installed, and where CI is set all of them must be. */
export const shells: readonly TestShell[] = all.filter(
  ({ argv: [program = ""] }) => find(program) !== program || process.env["CI"],
);

/** Where a program is; its bare name when it is not installed. */
function find(name: string): string {
  const folder = (process.env["PATH"] ?? "").split(delimiter).find((each) => {
    try {
      accessSync(join(each, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
  return folder === undefined ? name : join(folder, name);
}

/** How a verb ended. */
export interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Whether it called `changed`. */
  readonly changed: boolean;
  /** Whether it called `started_fresh`. */
  readonly startedFresh: boolean;
  /** Calls of the fake programs, in order, one a line: the name and the arguments, each argument in JSON quotes if it needs them. */
  readonly calls: readonly string[];
}

const root = join(import.meta.dirname, "..");

/** What the runtime gives to verbs. */
const runtime = readdirSync(join(root, "runtime/shell"))
  .filter((name) => name.endsWith(".sh"))
  .toSorted()
  .map((name) => readFileSync(join(root, "runtime/shell", name), "utf8"));

/** A folder with programs that stand in for the system's and write down how they are called. */
export interface World {
  readonly folder: string;
  /** Runs a verb as the runner does: nothing but /dev/null or the given names on standard input. */
  readonly run: (shell: TestShell, verb: string, args: readonly string[], options?: RunOptions) => Ended;
  readonly read: (name: string) => string;
  readonly write: (name: string, text: string) => void;
  readonly remove: () => void;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Makes a world of the given programs, shell text by name (\`$WORLD\` is its folder), and the given library of verbs. */
export function makeWorld(library: readonly string[], programs: Readonly<Record<string, string>>): World {
  const folder = mkdtempSync(join(tmpdir(), "galley-verb-"));
  mkdirSync(join(folder, "bin"));
  for (const [name, body] of Object.entries(programs)) {
    const path = join(folder, "bin", name);
    const note = `printf '%s' '${name}' >>"$WORLD/calls"; [ $# -eq 0 ] || printf ' %s' "$@" >>"$WORLD/calls"; echo >>"$WORLD/calls"`;
    writeFileSync(path, `#!/bin/sh\n${note}\n${body}\n`);
    chmodSync(path, 0o755);
  }
  const text = [...runtime, ...library.map((path) => readFileSync(path, "utf8"))].join("\n");
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
      const [program = "", ...rest] = shell.argv;
      const ended = spawnSync(find(program), [...rest, "-c", `${text}\n( set -e; "$@" )`, "sh", verb, ...args], {
        input: options.stdin ?? "",
        env: {
          LC_ALL: "C",
          PATH: `${join(folder, "bin")}:/usr/sbin:/usr/bin:/sbin:/bin`,
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
