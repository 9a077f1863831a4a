import { readShellLibrary } from "../../cli/shell-library.ts";
import type { Call, Probe } from "../../compiler/kind/call.ts";
import type { Change, Have, Kind, ReadContext, Want } from "../../compiler/kind/kind.ts";
import type { CommandResult } from "./command.ts";
import type { Machine } from "./machine.ts";

/** Runs verbs of kinds on a booted machine, with no runtime but the shell library. */
export interface Verbs {
  readonly call: (call: Call) => Promise<CommandResult & { readonly changed: boolean; readonly startedFresh: boolean }>;
  /** Reads one resource as the plan does; also makes sure that its fingerprint and the verb for it agree. */
  readonly read: (kind: Kind, want: Want, context: ReadContext) => Promise<Have>;
  /** Reads, applies what differs, and reads again: the difference before and after. */
  readonly converge: (kind: Kind, want: Want, context: ReadContext) => Promise<Converged>;
}

export interface Converged {
  readonly before: readonly Change[];
  readonly after: readonly Change[];
  readonly message: string;
  readonly changed: boolean;
  readonly startedFresh: boolean;
}

const libraryPath = "/root/galley-library.sh";
const scratch = "/root/galley-scratch";

/** Puts the library on the machine. */
export async function verbsOn(machine: Machine): Promise<Verbs> {
  await machine.write(libraryPath, await readShellLibrary());
  const script = `. ${libraryPath}; ( set -e; "$@" )`;
  const prepare = `rm -rf ${scratch}; mkdir -p ${scratch}; export GALLEY_SCRATCH=${scratch} GALLEY_STEP=1 GALLEY_TOKEN=test GALLEY_JOURNAL=${scratch}/journal LC_ALL=C`;
  const run = (words: readonly string[], input?: string): Promise<CommandResult> =>
    machine.exec(
      ["env", "-C", "/", "sh", "-c", `${prepare}; ${script}`, "sh", ...words],
      input === undefined ? {} : { input },
    );
  const wordsOf = (one: Call): string[] => [
    one.verb,
    ...one.arguments.map((argument) => (typeof argument === "string" ? argument : argument.blob)),
  ];
  const call: Verbs["call"] = async (one) => {
    const done = await run(wordsOf(one));
    const marks = await machine.exec(["ls", scratch]);
    const has = (name: string): boolean => marks.stdout.split("\n").includes(name);
    return { ...done, changed: has("changed.1"), startedFresh: has("fresh.1") };
  };
  const ask = async (probe: Probe): Promise<Uint8Array> => {
    const names = probe.names.map((name) => `${name}\0`).join("");
    return new TextEncoder().encode((await run(wordsOf(probe), names)).stdout);
  };
  const read: Verbs["read"] = async (kind, want, context) => {
    const probe = kind.probe([want], context);
    if (!probe) throw new Error(`${kind.name} has nothing to read`);
    const output = await ask(probe);
    const have = kind.read(output, [want], context).get(want.title);
    if (!have) throw new Error(kind.unreadable?.(output, [want], context).get(want.title) ?? "unreadable");
    const state = await run([`${kind.name}_state`, ...(kind.identity?.(want) ?? [want.title])]);
    if (state.stdout !== `${kind.fingerprint(have)}\n`) {
      throw new Error(`${kind.name}_state says ${state.stdout}, the plan ${kind.fingerprint(have)}`);
    }
    return have;
  };
  const converge: Verbs["converge"] = async (kind, want, context) => {
    const have = await read(kind, want, context);
    const before = kind.difference?.(want, have, context) ?? [];
    let [message, changed, startedFresh] = ["", false, false];
    for (const one of kind.apply(want, have, context)) {
      const done = await call(one);
      message += done.stderr;
      changed ||= done.changed;
      startedFresh ||= done.startedFresh;
    }
    const after = kind.difference?.(want, await read(kind, want, context), context) ?? [];
    return { before, after, message, changed, startedFresh };
  };
  return { call, read, converge };
}
