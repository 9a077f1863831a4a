import type { Observe } from "../../../grammar/ast.ts";
import type { ObserveReading } from "../../state.ts";
import { type Failure, Unanswered } from "./failure.ts";
import type { Scope } from "./scope.ts";

/** Where the answers of observes come from: nowhere, or from a host. */
export type Answers =
  | { readonly type: "missing" }
  | { readonly type: "read"; readonly readings: ReadonlyMap<string, ObserveReading> };

/** An observe that the evaluation has met. */
export interface MetObserve {
  /** Knows it again in the next evaluation of the same recipe. */
  readonly key: string;
  /** The number by which conditions know it. */
  readonly index: number;
  readonly node: Observe;
  readonly scope: Scope;
}

/** The observes of one evaluation, numbered as they are met. */
export class Observes {
  private readonly met = new Map<string, MetObserve>();
  private readonly answers: Answers;
  private readonly judged = new Set<string>();
  private readonly missed = new Set<string>();

  constructor(answers: Answers) {
    this.answers = answers;
  }

  /** Makes an observe known; it is read even if nothing looks at its answer. */
  meet(key: string, node: Observe, scope: Scope): MetObserve {
    const known = this.met.get(key);
    if (known) return known;
    const observe = { key, index: this.met.size, node, scope };
    this.met.set(key, observe);
    return observe;
  }

  /** The observe with a key, if it has been met. */
  get(key: string): MetObserve | undefined {
    return this.met.get(key);
  }

  /** The number by which conditions know an observe. */
  indexOf(key: string): number {
    return this.met.get(key)?.index ?? -1;
  }

  /** All that have been met, in order. */
  get all(): Iterable<MetObserve> {
    return this.met.values();
  }

  get keys(): readonly string[] {
    return [...this.met.keys()];
  }

  /** How the command of an observe ended on the machine; undefined while it has not been asked. */
  readingOf(key: string): ObserveReading | undefined {
    return this.answers.type === "read" ? this.answers.readings.get(key) : undefined;
  }

  /** Notes that the condition of a step looks at observes: whether they must have an answer is asked when the step is planned. */
  judge(keys: Iterable<string>): void {
    for (const key of keys) this.judged.add(key);
  }

  /** Notes that a value is missing for want of an answer. */
  miss(why: Failure): void {
    if (why instanceof Unanswered) this.missed.add(why.observe);
  }

  /** Whether only conditions of steps look at an observe, which may then stay without an answer. */
  isOnlyJudged(key: string): boolean {
    return this.judged.has(key) && !this.missed.has(key);
  }
}
