import type { Diagnostic } from "../grammar/diagnostic.ts";
import { meetAliases } from "../compiler/aliases.ts";
import type { Catalog } from "../compiler/catalog.ts";
import { diff, neededContents, neededForecasts, neededKeys } from "../compiler/diff.ts";
import { evaluate, type Evaluated, type Known, type LackingFacts } from "../compiler/evaluate.ts";
import type { Prepared } from "../compiler/evaluate/state/prepare.ts";
import { type Graph, order } from "../compiler/graph.ts";
import type { ReadContext } from "../compiler/kind/kind.ts";
import { appliedEvents, type LifeCycleEvent } from "../compiler/life-cycle.ts";
import type { Plan } from "../compiler/plan.ts";
import type { ObserveReading, State } from "../compiler/state.ts";
import { readContextOf, readDetails, readFacts, readObserves, readState, type Frame0 } from "../runtime/read.ts";
import type { ConnectFailure, Session } from "../runtime/session.ts";
import { hasErrors } from "./compile.ts";
import { draftOf, type Foreseen } from "./foresee.ts";
import type { FactsRead, SiteFacts } from "./site-facts.ts";

type ObserveReadings = ReadonlyMap<number, ObserveReading>;

/** What planning one host came to. */
export interface HostPlan {
  readonly plan: Plan;
  readonly catalog: Catalog;
  readonly graph: Graph;
  readonly frame0: Frame0;
  readonly context: ReadContext;
  readonly diagnostics: readonly Diagnostic[];
  /** Wall time from the open session to the plan. */
  readonly milliseconds: number;
  /** Frames that were exchanged. */
  readonly frames: number;
}

/** The recipe does not compile for this host: what is wrong. */
export interface HostProblem {
  readonly diagnostics: readonly Diagnostic[];
}

/** How a host is planned. */
export interface PlanHostOptions {
  /** What was read of the host first, with how many frames; read here when it is left out. */
  readonly ready?: { readonly frame0: Frame0; readonly frames: number } | undefined;
  /** Show also content that is private on the host. */
  readonly showPrivate?: boolean;
  /** What the recipe comes to if the host is as most are. */
  readonly foreseen?: Foreseen | undefined;
  /** The other machines of the recipe. */
  readonly others?: SiteFacts | undefined;
  /** The event that is to be brought about; without it those of `apply`, as a whole. */
  readonly event?: LifeCycleEvent | undefined;
  /** Told the facts of this host as soon as they have been read. */
  readonly onFacts?: (read: FactsRead) => void;
}

/** Reads a host and compares it with the recipe. Changes nothing. */
export async function planHost(
  prepared: Prepared,
  session: Session,
  { ready, showPrivate = false, foreseen, others, event, onFacts }: PlanHostOptions = {},
): Promise<ConnectFailure | HostPlan | HostProblem> {
  const begin = performance.now();
  const { frame0, frames: before } = ready ?? { frame0: await readFacts(session), frames: 1 };
  let frames = before;
  if (frame0.missing.length > 0) return lacksPrograms(frame0.missing);
  const { facts } = frame0;
  onFacts?.({ facts });
  const events = event && !appliedEvents.includes(event) ? { events: [event] } : {};
  const part = events.events ? undefined : event;
  let draft =
    !event && foreseen?.holdsFor(facts) === true
      ? foreseen.draft
      : draftOf(await evaluateFor(prepared, { facts, ...events }, others), facts, part);
  let observed: ObserveReadings = new Map();
  const { needs, diagnostics: mistakes } = draft.evaluated;
  if (needs.length > 0 && !hasErrors(mistakes)) {
    observed = await readObserves(session, needs);
    frames += 1;
    draft = draftOf(await evaluateFor(prepared, { facts, observed, ...events }, others), facts, part);
  }
  const { evaluated, ordered } = draft;
  if (evaluated.lacks) return lacksFacts(evaluated.lacks);
  if (!evaluated.catalog || !ordered) return { diagnostics: evaluated.diagnostics };
  const first = [...evaluated.diagnostics, ...ordered.diagnostics];
  if (!ordered.graph || hasErrors(ordered.diagnostics)) return { diagnostics: first };
  const read = await readState(evaluated.catalog, neededKeys(ordered.graph), session, frame0);
  const state = { ...read, observes: observed };
  frames += 1;
  // Only what was read tells which names mean one thing; then the order is another.
  const met = meetAliases(evaluated.catalog, state);
  if (met && hasErrors(met.diagnostics)) return { diagnostics: [...first, ...met.diagnostics] };
  const catalog = met?.catalog ?? evaluated.catalog;
  const { graph, diagnostics: ordering } = met ? order(catalog, facts, met.names, met.real) : ordered;
  const diagnostics = [...evaluated.diagnostics, ...ordering];
  if (!graph) return { diagnostics };
  const context = readContextOf(frame0, catalog);
  const planned = await diffWithDetails(catalog, graph, state, context, { session, showPrivate });
  frames += planned.frames;
  const all = [...diagnostics, ...planned.diagnostics];
  if (!planned.plan || hasErrors(all)) return { diagnostics: all };
  return {
    plan: planned.plan,
    catalog,
    graph,
    frame0,
    context,
    diagnostics: all,
    milliseconds: performance.now() - begin,
    frames,
  };
}

/** Evaluates, and reads the other machines whose facts that takes. */
async function evaluateFor(prepared: Prepared, known: Known, others: SiteFacts | undefined): Promise<Evaluated> {
  if (!others) return evaluate(prepared, known);
  for (;;) {
    const { site, lost } = others;
    const evaluated = evaluate(prepared, { ...known, site, lost, factsOf: (name) => others.factsOf(name) });
    if (!evaluated.needsFactsOf) return evaluated;
    await others.read(evaluated.needsFactsOf);
  }
}

function lacksFacts(lacking: readonly LackingFacts[]): ConnectFailure {
  const named = lacking.map(({ host, facts, why }) => `${facts.join(", ")} of ${host} (${why})`);
  return {
    failure: "refused",
    message: `the recipe needs facts of hosts that cannot be read: ${named.join("; ")}`,
    hints: ["an address that the declaration of a host gives needs no reading"],
  };
}

function lacksPrograms(missing: readonly string[]): ConnectFailure {
  return {
    failure: "refused",
    message: `the host lacks ${missing.join(", ")}, without which nothing can be read or done there`,
    hints: ["install coreutils or busybox there"],
  };
}

/**
 * The difference. Files that will change, and what the host's tools would do for the steps, are read in one more frame, so that
 * the plan can show what changes and what cannot be done.
 */
async function diffWithDetails(
  catalog: Catalog,
  graph: Graph,
  state: State,
  context: ReadContext,
  { session, showPrivate }: { readonly session: Session; readonly showPrivate: boolean },
) {
  const first = diff(catalog, graph, state, context, { showPrivate });
  if (!first.plan) return { ...first, frames: 0 };
  const forecasts = neededForecasts(first.plan, catalog, state, context);
  const needed = { ...neededContents(first.plan, state), forecasts };
  if (Object.values(needed).every((list) => list.length === 0)) return { ...first, frames: 0 };
  const details = await readDetails(needed, session);
  return { ...diff(catalog, graph, { ...state, ...details }, context, { showPrivate }), frames: 1 };
}
