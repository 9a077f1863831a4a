import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Argument, Call, Probe } from "../../compiler/kind/call.ts";
import { readShellLibrary } from "../../cli/shell-library.ts";
import type { Shell } from "./shells.ts";

/** How one call of a verb ended. */
export interface VerbResult {
  readonly status: number;
  readonly changed: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** What surrounds calls. */
export interface VerbOptions {
  /** Bytes by digest, for arguments that are blobs. */
  readonly blobs?: ReadonlyMap<string, Uint8Array>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Words before the shell, such as those of strace. */
  readonly under?: readonly [string, ...string[]];
}

const library = await readShellLibrary();

/** Reads calls from descriptor 3 in the line-counted encoding and runs each in a subshell, as the runner does. */
const driver = `
. "$1/library"
verbs_number=0
while IFS= read -r verbs_verb <&3; do
  IFS= read -r verbs_count <&3
  set --
  while [ "$verbs_count" -gt 0 ]; do
    IFS= read -r verbs_lines <&3
    verbs_value=
    while :; do
      IFS= read -r verbs_line <&3
      verbs_value=$verbs_value$verbs_line
      verbs_lines=$((verbs_lines - 1))
      [ "$verbs_lines" -gt 0 ] || break
      verbs_value="$verbs_value
"
    done
    set -- "$@" "$verbs_value"
    verbs_count=$((verbs_count - 1))
  done
  verbs_number=$((verbs_number + 1))
  GALLEY_STEP=$verbs_number
  verbs_out=$GALLEY_FOLDER/$verbs_number
  ( set -e; "$verbs_verb" "$@" ) 3<&- </dev/null >"$verbs_out.out" 2>"$verbs_out.err"
  verbs_status=$?
  echo "$verbs_status" >"$verbs_out.status"
done
`;

/** Runs calls one after another in one shell; arguments arrive byte for byte as they do on a target. */
export function runCalls(shell: Shell, calls: readonly Call[], options: VerbOptions = {}): readonly VerbResult[] {
  const folder = mkdtempSync(join(tmpdir(), "galley-verbs-"));
  try {
    writeFileSync(join(folder, "library"), library);
    writeFileSync(join(folder, "driver"), driver);
    for (const [digest, bytes] of options.blobs ?? []) writeFileSync(join(folder, digest), bytes);
    mkdirSync(join(folder, "scratch"));
    const blobPath = (argument: Argument): string =>
      typeof argument === "string" ? argument : join(folder, argument.blob);
    const input = calls.map((one) => encodeCall(one.verb, one.arguments.map(blobPath))).join("");
    writeFileSync(join(folder, "calls"), input);
    const [program, ...rest] = options.under ? [...options.under, ...shell.command] : shell.command;
    const run = spawnSync(program, [...rest, "-c", `. "$1/driver" 3<"$1/calls"`, "sh", folder], {
      env: {
        PATH: shell.path,
        LC_ALL: "C",
        GALLEY_FOLDER: folder,
        GALLEY_JOURNAL: join(folder, "journal"),
        GALLEY_SCRATCH: join(folder, "scratch"),
        GALLEY_STATE: join(folder, "state"),
        GALLEY_TOKEN: "test",
        ...options.environment,
      },
      cwd: "/",
      encoding: "utf8",
    });
    return calls.map((one, index) => {
      const result = (suffix: string) => join(folder, `${index + 1}.${suffix}`);
      if (!existsSync(result("status"))) throw new Error(`${one.verb} did not end in ${shell.name}: ${run.stderr}`);
      return {
        status: Number(readFileSync(result("status"), "utf8")),
        changed: existsSync(join(folder, "scratch", `changed.${index + 1}`)),
        stdout: readFileSync(result("out"), "utf8"),
        stderr: readFileSync(result("err"), "utf8"),
      };
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs one call. */
export function runCall(shell: Shell, call: Call, options: VerbOptions = {}): VerbResult {
  const [result] = runCalls(shell, [call], options);
  if (!result) throw new Error("a call has a result");
  return result;
}

/** Runs a probe and gives the bytes that it prints. */
export function runProbe(shell: Shell, probe: Probe, options: VerbOptions = {}): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "galley-probe-"));
  try {
    writeFileSync(join(folder, "library"), library);
    const [program, ...rest] = options.under ? [...options.under, ...shell.command] : shell.command;
    const run = spawnSync(
      program,
      [...rest, "-c", `. "$1/library"; shift; "$@"`, "sh", folder, probe.verb, ...probe.arguments.map(String)],
      {
        env: { PATH: shell.path, LC_ALL: "C", ...options.environment },
        cwd: "/",
        input: probe.names.map((name) => `${name}\0`).join(""),
        timeout: 20_000,
      },
    );
    if (run.error) throw run.error;
    if (run.status !== 0)
      throw new Error(`${probe.verb} ended with ${run.status} in ${shell.name}: ${String(run.stderr)}`);
    return run.stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function encodeCall(verb: string, args: readonly string[]): string {
  return `${verb}\n${args.length}\n${args.map(encodeArgument).join("")}`;
}

/** The number of its lines, then the lines. */
function encodeArgument(value: string): string {
  return `${value.split("\n").length}\n${value}\n`;
}
