import type { Condition } from "../catalog.ts";

/** The indexes of the observes that a condition looks at, in the order of the text. */
export function observesOf(condition: Condition): readonly number[] {
  switch (condition.type) {
    case "constant":
      return [];
    case "not":
      return observesOf(condition.of);
    case "and":
    case "or":
      return condition.of.flatMap(observesOf);
    default:
      return [condition.observe];
  }
}
