import type { Step } from "../compiler/plan.ts";
import type { JournalEvent } from "./journal.ts";

/** What a plan allows a journal to say of one of its steps. */
export type GuardedStep = Pick<Step, "id" | "resource" | "retry" | "transaction">;

interface Seen {
  started: boolean;
  ended: boolean;
  retries: number;
  reacted: boolean;
  restored: boolean;
}

/**
 * Holds the events of a journal against the plan that the run works off. Whatever a host says beyond that, a step that ends twice,
 * events without end, is not believed; so the number of events that are taken is bounded by the plan.
 */
export class JournalGuard {
  readonly #steps: ReadonlyMap<number, { readonly step: GuardedStep; readonly seen: Seen }>;
  readonly #transactions = new Map<number, "begun" | "ended">();
  #begun = false;

  constructor(steps: readonly GuardedStep[]) {
    const fresh = (): Seen => ({ started: false, ended: false, retries: 0, reacted: false, restored: false });
    this.#steps = new Map(steps.map((step) => [step.id, { step, seen: fresh() }]));
  }

  /** The steps that were begun and whose end was not told. */
  get unended(): readonly number[] {
    return [...this.#steps.values()].filter(({ seen }) => seen.started && !seen.ended).map(({ step }) => step.id);
  }

  /** Takes an event; a sentence when the plan cannot have caused it. */
  refuse(event: JournalEvent): string | undefined {
    switch (event.type) {
      case "begin": {
        const again = this.#begun;
        this.#begun = true;
        return again ? "the run begins twice" : undefined;
      }
      case "refused":
        return this.#begun ? "a run that has begun is refused" : undefined;
      case "end":
        return undefined;
      case "transaction":
        return this.#refuseTransaction(event.transaction, event.status !== undefined);
      default:
        return this.#refuseStep(event);
    }
  }

  #refuseTransaction(number: number, ends: boolean): string | undefined {
    const known = [...this.#steps.values()].some(({ step }) => step.transaction === number);
    if (!known) return `the plan has no transaction ${number}`;
    const before = this.#transactions.get(number);
    if (before !== (ends ? "begun" : undefined)) return `transaction ${number} ${ends ? "ends" : "begins"} out of turn`;
    this.#transactions.set(number, ends ? "ended" : "begun");
    return undefined;
  }

  #refuseStep(event: Extract<JournalEvent, { readonly step: number }>): string | undefined {
    const found = this.#steps.get(event.step);
    if (!found) return `the plan has no step ${event.step}`;
    const { step, seen } = found;
    const wrong = (what: string) => `${step.resource} ${what}`;
    if (!this.#begun) return wrong("is told of before the run begins");
    if (event.type === "restored") {
      if (!seen.ended || seen.restored) return wrong("is put back out of turn");
      seen.restored = true;
      return undefined;
    }
    if (seen.ended) return wrong(event.type === "done" ? "ends twice" : "goes on after its end");
    if (event.type === "start") {
      if (seen.started) return wrong("begins twice");
      seen.started = true;
      return undefined;
    }
    if (event.type === "done") {
      if (!seen.started && event.result !== "skipped") return wrong("ends without having begun");
      seen.ended = true;
      return undefined;
    }
    if (!seen.started) return wrong("goes on without having begun");
    if (event.type === "react") {
      if (seen.reacted) return wrong("takes a second event");
      seen.reacted = true;
      return undefined;
    }
    seen.retries += 1;
    return seen.retries > (step.retry?.count ?? 0) ? wrong("is tried more often than the plan says") : undefined;
  }
}
