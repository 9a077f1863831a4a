import type { Change, Have, Kind, ReadContext, Want } from "../../compiler/kind/kind.ts";
import { runCalls, runProbe } from "./run-verbs.ts";
import type { VerbOptions, VerbResult } from "./run-verbs.ts";
import type { Shell } from "./shells.ts";
import { blobsOf } from "./wants.ts";

/** A kind's verbs in one shell, driven as the planner and the runner drive them. */
export interface Driver {
  readonly read: (...wants: readonly Want[]) => ReadonlyMap<string, Have>;
  /** What the plan would change; all managed properties when the resource cannot be read. */
  readonly difference: (want: Want) => readonly Change[];
  /** Runs the calls of one step. */
  readonly apply: (want: Want, options?: VerbOptions) => readonly VerbResult[];
  /** What `KIND_state` prints, without the newline. */
  readonly state: (want: Want) => string;
}

/** Drives a kind that compares by itself. */
export function drive(kind: Kind, shell: Shell, context: ReadContext): Driver {
  const read = (...wants: readonly Want[]): ReadonlyMap<string, Have> => {
    const probe = kind.probe(wants, context);
    return kind.read(probe ? runProbe(shell, probe) : new Uint8Array(), wants, context);
  };
  return {
    read,
    difference: (want) => {
      const have = read(want).get(want.title);
      if (!have) throw new Error(`${kind.name}["${want.title}"] could not be read`);
      return kind.difference?.(want, have, context) ?? [];
    },
    apply: (want, options = {}) =>
      runCalls(shell, kind.apply(want, read(want).get(want.title), context), { blobs: blobsOf(want), ...options }),
    state: (want) => {
      const [result] = runCalls(shell, [
        { verb: `${kind.name}_state`, arguments: kind.identity?.(want) ?? [want.title] },
      ]);
      return result?.stdout.replace(/\n$/, "") ?? "";
    },
  };
}
