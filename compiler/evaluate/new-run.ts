import { appliedEvents, type LifeCycleEvent } from "../life-cycle.ts";
import { evaluateExpression } from "./expressions/evaluate-expression.ts";
import { bindersFor } from "./resources/binders.ts";
import type { Hosts } from "./state/hosts.ts";
import { type Answers, Observes } from "./state/observes.ts";
import type { Prepared } from "./state/prepare.ts";
import { Registry } from "./state/registry.ts";
import { Run } from "./state/run.ts";
import type { HostValue } from "./values/host-value.ts";

/** What one evaluation is for. */
export interface RunOptions {
  readonly hosts: Hosts;
  /** The machine that is compiled for; missing while machines themselves are made out. */
  readonly machine: HostValue | undefined;
  /** How messages call it. */
  readonly hostName: string;
  readonly answers: Answers;
  /** Events of the host's life that are brought about; those of `apply` unless given. */
  readonly events?: readonly LifeCycleEvent[] | undefined;
}

/** The state of a new evaluation, handed the rules that it computes with; nothing has been carried out. */
export function newRun(prepared: Prepared, { answers, events, ...options }: RunOptions): Run {
  const registry: Registry = new Registry(
    prepared,
    bindersFor(() => run),
  );
  const run: Run = new Run({
    ...options,
    prepared,
    registry,
    events: new Set(events ?? appliedEvents),
    observes: new Observes(answers),
    evaluate: evaluateExpression,
  });
  return run;
}
