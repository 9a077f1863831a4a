import type { Graph } from "../graph.ts";
import type { Call } from "../kind/call.ts";
import type { Kind, ReadContext, Want } from "../kind/kind.ts";
import type { Draft } from "./draft.ts";

/** The runs that several steps share. */
export interface Transactions {
  readonly transactions: readonly (readonly Call[])[];
  /** The number of each step's transaction. */
  readonly transactionOf: ReadonlyMap<number, number>;
}

/**
 * Puts steps of one level into one run. Steps that stand on different things stay apart, so that a failure stops only what
 * depends on it; a whole earlier run counts as one thing. A step with a condition of its own is done by itself.
 */
export function groupTransactions(
  drafts: readonly Draft[],
  graph: Graph,
  requires: ReadonlyMap<number, readonly number[]>,
  context: ReadContext,
): Transactions {
  const groups = new Map<string, { readonly kind: Kind; readonly wants: Want[]; readonly number: number }>();
  const transactionOf = new Map<number, number>();
  for (const [step, { resource }] of drafts.entries()) {
    if (!resource.kind.transaction || resource.when) continue;
    const standsOn = (requires.get(step) ?? []).map((before) => {
      const run = transactionOf.get(before);
      return run === undefined ? `${before}` : `run ${run}`;
    });
    const key = [resource.kind.name, graph.level(resource.id), ...new Set(standsOn)].join(" ");
    const group = groups.get(key) ?? { kind: resource.kind, wants: [], number: groups.size };
    groups.set(key, group);
    group.wants.push(resource.want);
    transactionOf.set(step, group.number);
  }
  return {
    transactions: [...groups.values()].map(({ kind, wants }) => kind.transaction?.(wants, context) ?? []),
    transactionOf,
  };
}
