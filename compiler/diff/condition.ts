import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Catalog, Condition, Observe } from "../catalog.ts";
import { observesOf } from "../graph/condition-observes.ts";
import { endedWith, planDiagnostic } from "../messages/plan.ts";
import type { ObserveReading, State } from "../state.ts";

/** A condition as today's readings decide it. */
export interface Decided {
  readonly value: boolean;
  /** Observes that gave no answer; they count as false, none or empty. */
  readonly unreadable: readonly Observe[];
}

/** Decides a condition with what was observed. */
export function decide(condition: Condition, catalog: Catalog, state: State): Decided {
  const unreadable = [...new Set(observesOf(condition))].flatMap((index) => {
    const observe = catalog.observes.find((one) => one.index === index);
    return observe && !hasAnswer(observe, state.observes?.get(index)) ? [observe] : [];
  });
  return { value: holds(condition, state), unreadable };
}

/** A bool is answered by 0 and 1, an optional value by any end of its command, everything else by 0 alone. */
export function hasAnswer(observe: Observe, reading: ObserveReading | undefined): boolean {
  if (reading === undefined) return false;
  if (observe.result === "bool") return reading.status === 0 || reading.status === 1;
  return reading.status === 0 || (observe.optional && reading.status < 126);
}

/** The error about an observe without an answer. */
export function silentObserve({ name, span, index, unreadable }: Observe, host: string, state: State): Diagnostic {
  const reading = state.observes?.get(index);
  const problem = unreadable ?? (reading ? endedWith(reading.status) : "it was not read");
  return planDiagnostic("P321", span, { name, host, problem });
}

function holds(condition: Condition, state: State): boolean {
  switch (condition.type) {
    case "constant":
    case "seen":
      return condition.value;
    case "succeeds":
      return state.observes?.get(condition.observe)?.status === 0;
    case "fails":
      return state.observes?.get(condition.observe)?.status !== 0;
    case "equals": {
      const reading = state.observes?.get(condition.observe);
      return reading?.status === 0 && reading.output.replace(/\n$/, "") === condition.text;
    }
    case "not":
      return !holds(condition.of, state);
    case "and":
      return condition.of.every((one) => holds(one, state));
    default:
      return condition.of.some((one) => holds(one, state));
  }
}

/**
 * The condition as a step carries it: observes by their place in the plan. What can only be compared with the output that the
 * plan saw is settled for a step whose earlier steps may change that output, as it could not but be stale.
 */
export function carried(condition: Condition, place: (observe: number) => number, settled: boolean): Condition {
  switch (condition.type) {
    case "constant":
      return condition;
    case "not":
      return { type: "not", of: carried(condition.of, place, settled) };
    case "and":
    case "or":
      return { type: condition.type, of: condition.of.map((one) => carried(one, place, settled)) };
    case "seen":
      if (settled) return { type: "constant", value: condition.value };
      return { ...condition, observe: place(condition.observe) };
    default:
      return { ...condition, observe: place(condition.observe) };
  }
}
