import { setImmediate } from "node:timers/promises";
import { evaluate, type Evaluated } from "../compiler/evaluate.ts";
import type { Prepared } from "../compiler/evaluate/state/prepare.ts";
import { order, type Ordered } from "../compiler/graph.ts";
import type { LifeCycleEvent } from "../compiler/life-cycle.ts";
import { sliceOf } from "../compiler/slice.ts";
import type { Facts } from "../compiler/kind/facts.ts";
import { watchFacts } from "../compiler/watched-facts.ts";
import { debian12 } from "../stdlib/facts/debian-12.ts";
import { hasErrors } from "./compile.ts";

/** What a recipe comes to on a host, as far as the controller alone can say. */
export interface Draft {
  readonly evaluated: Evaluated;
  /** Missing when there is no catalog, because of mistakes or because observes must be read first. */
  readonly ordered?: Ordered;
}

/** A draft for facts that are only likely. */
export interface Foreseen {
  readonly draft: Draft;
  /** Whether the draft is what these facts, too, would have led to. */
  readonly holdsFor: (facts: Facts) => boolean;
}

/**
 * Evaluates a recipe for a host that has not told its facts yet, as if it were the Debian 12 that recipes are checked for:
 * most recipes look at few facts, and while the host is reached there is nothing else to do. Lets the connection have its
 * turn in between.
 */
export async function foresee(prepared: Prepared, name: string): Promise<Foreseen> {
  const { facts, agreeWith } = watchFacts({ ...debian12, name });
  await setImmediate();
  const evaluated = evaluate(prepared, { facts });
  await setImmediate();
  return { draft: draftOf(evaluated, facts), holdsFor: agreeWith };
}

/** The draft that an evaluation leads to, or that part of it which one event needs. */
export function draftOf(evaluated: Evaluated, facts: Facts, part?: LifeCycleEvent): Draft {
  const { catalog: whole, diagnostics } = evaluated;
  if (!whole || hasErrors(diagnostics)) return { evaluated };
  const catalog = part ? sliceOf(whole, facts, part) : whole;
  return { evaluated: { ...evaluated, catalog }, ordered: order(catalog, facts) };
}
