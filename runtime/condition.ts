import type { Condition } from "../compiler/catalog.ts";

/** Gives the numbers under which a program holds the calls of observes and the texts they are compared with. */
export interface ConditionNumbers {
  readonly call: (observe: number) => number;
  readonly text: (text: string) => number;
  readonly seen: (observe: number) => { readonly status: number; readonly output: string };
}

/** A condition as the words that the shell library's `galley_decide` reads: postfix order, one word a test or operator. */
export function compileCondition(condition: Condition, numbers: ConditionNumbers): readonly string[] {
  switch (condition.type) {
    case "constant":
      return [`constant,${condition.value ? 1 : 0}`];
    case "succeeds":
    case "fails":
      return [`${condition.type},${numbers.call(condition.observe)}`];
    case "equals":
      return [`equals,${numbers.call(condition.observe)},${numbers.text(condition.text)}`];
    case "seen": {
      const { status, output } = numbers.seen(condition.observe);
      const word = [numbers.call(condition.observe), numbers.text(output), status, condition.value ? 1 : 0];
      return [`seen,${word.join(",")}`];
    }
    case "not":
      return [...compileCondition(condition.of, numbers), "not"];
    default: {
      const neutral = `constant,${condition.type === "and" ? 1 : 0}`;
      return [neutral, ...condition.of.flatMap((each) => [...compileCondition(each, numbers), condition.type])];
    }
  }
}
