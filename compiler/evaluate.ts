import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { Catalog, Observe } from "./catalog.ts";
import { assemble } from "./evaluate/resources/assemble.ts";
import { bindersFor } from "./evaluate/resources/binders.ts";
import { evaluateExpression } from "./evaluate/expressions/evaluate-expression.ts";
import { expand } from "./evaluate/resources/expand.ts";
import { factsValue } from "./evaluate/values/facts-value.ts";
import { observeCommands, reportUnanswered } from "./evaluate/observes/observed-value.ts";
import { type Answers, Observes } from "./evaluate/state/observes.ts";
import { reportPhantoms } from "./evaluate/resources/references.ts";
import type { Prepared } from "./evaluate/state/prepare.ts";
import { Registry } from "./evaluate/state/registry.ts";
import { Run } from "./evaluate/state/run.ts";
import type { Facts } from "./kind/facts.ts";
import type { ObserveReading } from "./state.ts";

/** What is known of the machine that a recipe is evaluated for. */
export interface Known {
  readonly facts: Facts;
  /** How messages call the machine; its name unless given. */
  readonly hostName?: string;
  /** How the observes ended that an earlier evaluation asked for, by `Observe.index`. */
  readonly observed?: ReadonlyMap<number, ObserveReading>;
}

/** What came of an evaluation. */
export interface Evaluated {
  /** Missing when there are errors, or when observes must be read first. */
  readonly catalog?: Catalog;
  /** Observes that must be read, all at once, before there can be a catalog. */
  readonly needs: readonly Observe[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Computes what a machine should be from a recipe and what is known of the machine; the same for the same, byte for byte.
 * Observes that have not been read are asked for; with `unobserved: "unknown"` there is
 * a catalog without them: what depends on their answers is left out, and nothing is reported of it.
 */
export function evaluate(
  prepared: Prepared,
  known: Known,
  options: { readonly unobserved?: "ask" | "unknown" } = {},
): Evaluated {
  const asking = start(prepared, known, { type: "missing" });
  if (options.unobserved === "unknown") return finish(asking);
  const { keys } = asking.observes;
  if (keys.length === 0) return finish(asking);
  const { observed } = known;
  if (!observed || keys.some((_, index) => !observed.has(index))) return ask(asking);
  // Observes are known again by their place: what stands under an answer is only now carried out, and may come before them.
  const readings = new Map<string, ObserveReading>();
  for (const [index, key] of keys.entries()) {
    const reading = observed.get(index);
    if (reading) readings.set(key, reading);
  }
  return finish(start(prepared, known, { type: "read", readings }));
}

/** Finds all resources; no property has been computed yet. */
function start(prepared: Prepared, known: Known, answers: Answers): Run {
  const registry: Registry = new Registry(
    prepared,
    bindersFor(() => run),
  );
  const run: Run = new Run({
    prepared,
    facts: factsValue(known.facts),
    hostName: known.hostName ?? known.facts.name,
    registry,
    observes: new Observes(answers),
    evaluate: evaluateExpression,
  });
  reportMissingInputs(run);
  expand(run);
  return run;
}

/** Nobody declares the root file, so an input of it without a default has no value. */
function reportMissingInputs(run: Run): void {
  const { root } = run.program;
  const missing = [...root.inputs.values()].filter(({ field }) => {
    const { type } = run.typeOf(field.valueType, root);
    return !field.default && type !== "optional";
  });
  const [first] = missing;
  if (!first) return;
  const names = missing.map(({ field }) => field.name.text);
  run.report("R105", first.field.name.span, { resource: root.source.path, missing: names });
}

function ask(run: Run): Evaluated {
  const needs = observeCommands(run);
  const { diagnostics } = run;
  return { needs: diagnostics.length > 0 ? [] : needs, diagnostics };
}

function finish(run: Run): Evaluated {
  const catalog = assemble(run);
  reportPhantoms(run);
  reportUnanswered(run);
  const { diagnostics } = run;
  return { ...(diagnostics.length === 0 ? { catalog } : {}), needs: [], diagnostics };
}
