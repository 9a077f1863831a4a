import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { DataEntry } from "./data/data.ts";
import type { Catalog, Observe } from "./catalog.ts";
import { entriesFor } from "./evaluate/resources/data-value.ts";
import { checkExpectations } from "./evaluate/resources/expectations.ts";
import { assemble } from "./evaluate/resources/assemble.ts";
import { expand } from "./evaluate/resources/expand.ts";
import { observeCommands, reportUnanswered } from "./evaluate/observes/observed-value.ts";
import type { Answers } from "./evaluate/state/observes.ts";
import { reportPhantoms } from "./evaluate/resources/references.ts";
import type { Prepared } from "./evaluate/state/prepare.ts";
import { newRun } from "./evaluate/new-run.ts";
import { Hosts } from "./evaluate/state/hosts.ts";
import type { Run } from "./evaluate/state/run.ts";
import type { LifeCycleEvent } from "./life-cycle.ts";
import { noSite, type Site } from "./site.ts";
import type { Facts } from "./kind/facts.ts";
import type { ObserveReading } from "./state.ts";

/** What is known of the machine that a recipe is evaluated for. */
export interface Known {
  readonly facts: Facts;
  /** How messages call the machine; its name unless given. */
  readonly hostName?: string;
  /** The machines of the recipe, when it declares any. */
  readonly site?: Site;
  /** The facts of other machines, as far as they have been read. */
  readonly factsOf?: (host: string) => Facts | undefined;
  /** Why a machine cannot be read. */
  readonly lost?: ReadonlyMap<string, string>;
  /** Events of the hosts' life that are brought about; those of `apply` unless given. */
  readonly events?: readonly LifeCycleEvent[];
  /** How the observes ended that an earlier evaluation asked for, by `Observe.index`. */
  readonly observed?: ReadonlyMap<number, ObserveReading>;
}

/** Facts that an evaluation needs of a machine that cannot be read. */
export interface LackingFacts {
  readonly host: string;
  readonly facts: readonly string[];
  readonly why: string;
}

/** What came of an evaluation. */
export interface Evaluated {
  /** Entries of data that were looked at, with what hid each here; undefined for those that were used. */
  readonly dataUses?: ReadonlyMap<DataEntry, string | undefined>;
  /** Missing when there are errors, or when observes must be read first. */
  readonly catalog?: Catalog;
  /** Observes that must be read, all at once, before there can be a catalog. */
  readonly needs: readonly Observe[];
  /** Other machines whose facts must be read before. */
  readonly needsFactsOf?: readonly string[];
  /** Facts of machines that cannot be read, without which there can be no catalog. */
  readonly lacks?: readonly LackingFacts[];
  readonly diagnostics: readonly Diagnostic[];
}

/** What becomes of observes that have not been read: they are asked for, or unknown; to a test nothing may be unknown. */
type Unobserved = "ask" | "test" | "unknown";

/**
 * Computes what a machine should be from a recipe and what is known of the machine; the same for the same, byte for byte.
 * Observes that have not been read are asked for; with `unobserved: "unknown"` there is
 * a catalog without them: what depends on their answers is left out, and nothing is reported of it.
 */
export function evaluate(
  prepared: Prepared,
  known: Known,
  options: { readonly unobserved?: Unobserved } = {},
): Evaluated {
  const asking = start(prepared, known, { type: "missing" });
  if (options.unobserved === "unknown" || options.unobserved === "test") return finish(asking, options.unobserved);
  const { keys } = asking.run.observes;
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
function start(prepared: Prepared, known: Known, answers: Answers): Started {
  const hosts = Hosts.of(known.site ?? noSite, (name) => known.factsOf?.(name));
  const run = newRun(prepared, {
    hosts,
    machine: hosts.own(known.facts),
    hostName: known.hostName ?? known.facts.name,
    answers,
    events: known.events,
  });
  reportMissingInputs(run);
  expand(run);
  return { run, known, lost: known.lost ?? new Map() };
}

interface Started {
  readonly run: Run;
  readonly known: Known;
  readonly lost: ReadonlyMap<string, string>;
}

/** What an evaluation comes to that asked for facts of machines which have not been read; undefined when it has all it needs. */
function withoutFacts({ run, lost }: Started): Evaluated | undefined {
  const { missing } = run.hosts;
  if (missing.size === 0) return undefined;
  const unread = [...missing.keys()].filter((name) => !lost.has(name));
  if (unread.length > 0) return { needs: [], needsFactsOf: unread, diagnostics: [] };
  const lacks = [...missing].map(([host, facts]) => ({
    host,
    facts: [...facts].toSorted(),
    why: lost.get(host) ?? "",
  }));
  return { needs: [], lacks, diagnostics: [] };
}

/** Nobody declares the root file, so an input of it without a default has no value. */
function reportMissingInputs(run: Run): void {
  const { root } = run.program;
  const missing = [...root.inputs.values()].filter(({ field }) => {
    const { type } = run.typeOf(field.valueType, root);
    const isGiven = entriesFor(run, run.prepared.rootDefinition.kind, field.name.text).length > 0;
    return !field.default && type !== "optional" && !isGiven;
  });
  const [first] = missing;
  if (!first) return;
  const names = missing.map(({ field }) => `${root.name}.${field.name.text}`);
  run.report("R121", first.field.name.span, { names });
}

function ask(started: Started): Evaluated {
  const { run } = started;
  const needs = observeCommands(run);
  const { diagnostics } = run;
  return withoutFacts(started) ?? { needs: diagnostics.length > 0 ? [] : needs, diagnostics };
}

function finish(started: Started, unobserved: Unobserved = "ask"): Evaluated {
  const { run, known } = started;
  const catalog = assemble(run);
  reportPhantoms(run);
  reportUnanswered(run);
  const { diagnostics } = run;
  if (diagnostics.length === 0) checkExpectations(run, catalog, known.facts, unobserved === "test");
  const lacking = withoutFacts(started);
  if (lacking) return lacking;
  return { ...(diagnostics.length === 0 ? { catalog } : {}), needs: [], diagnostics, dataUses: run.dataUses };
}
