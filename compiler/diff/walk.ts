import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Catalog, Resource, ResourceId } from "../catalog.ts";
import { isRemoval } from "../footprint-index.ts";
import type { Graph } from "../graph.ts";
import { declaredAt, ledTo } from "../graph/places.ts";
import type { Forecast, ReadContext } from "../kind/kind.ts";
import { planDiagnostic } from "../messages/plan.ts";
import { mountFinder } from "../mounts.ts";
import type { Because } from "../plan.ts";
import type { State } from "../state.ts";
import { createCells } from "./cells.ts";
import { actionOf, differenceOf } from "./compare.ts";
import { decide, silentObserve } from "./condition.ts";
import { danglingLinks } from "./dangling.ts";
import type { Draft, Incoming, Upstream } from "./draft.ts";
import { overlay } from "./effects.ts";
import { actionOfEvent, incomingEvents, strongest, takesEvents } from "./incoming.ts";
import { mountProblem } from "./mounts.ts";
import { missingNeeds, type NeedContext } from "./needs.ts";
import { collectUpstream, isLearned, isPendingPackage, laterProvider, type Stream } from "./upstream.ts";
import { commandWork, type Decision, guardedWork, plainWork, type StepContext, type Work } from "./work.ts";

/** What the walk over the order decided: the resources that have a step, in order. */
export interface Walked {
  readonly drafts: ReadonlyMap<ResourceId, Draft>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Walks the order once; each step's predicted effect is what the steps after it are judged by. */
export function walk(catalog: Catalog, graph: Graph, state: State, context: ReadContext): Walked {
  const drafts = new Map<ResourceId, Draft>();
  const upstreams = new Map<ResourceId, Upstream>();
  const diagnostics: Diagnostic[] = [];
  const cells = createCells();
  const mountOf = mountFinder(state.mounts ?? []);
  const pending: Resource[] = [];
  const rank = new Map(graph.order.map((resource, place) => [resource.id, place]));
  const needs: NeedContext = {
    catalog,
    graph,
    state,
    cells,
    told: new Set(),
    mayBring: (resource, _need, isSystemPath) => {
      const upstream = upstreams.get(resource.id);
      if (upstream?.opaque !== undefined) return true;
      return isSystemPath && (upstream?.pendingPackage !== undefined || pending.some((one) => !isLearned(one, graph)));
    },
    later: (resource, need, isSystemPath) => laterProvider(resource, need, isSystemPath, graph, rank, state),
  };
  const streams: Stream[] = [];
  for (const { resource, before } of graph.passages) {
    const upstream = collectUpstream(before, streams, graph);
    const stream: Stream = { upstream };
    streams.push(stream);
    if (!resource) continue;
    upstreams.set(resource.id, upstream);
    const decision = decideStep(resource, { catalog, graph, state, context, cells, mountOf, drafts, upstream, rank });
    diagnostics.push(...decision.diagnostics);
    const { draft } = decision;
    if (!draft) continue;
    if (!isRemoval(resource)) diagnostics.push(...missingNeeds(resource, needs));
    drafts.set(resource.id, draft);
    stream.draft = draft;
    overlay(draft, graph.footprints, cells);
    if (isPendingPackage(draft)) pending.push(resource);
  }
  return { drafts, diagnostics: [...diagnostics, ...danglingLinks(drafts, graph, state, catalog.host)] };
}

const rest: Decision = { diagnostics: [] };

function decideStep(resource: Resource, around: StepContext): Decision {
  const { catalog, state, context, upstream } = around;
  if (resource.isPartial) return decidePartial(resource, around);
  const reading = state.resources.get(resource.id);
  const unread = unreadable(resource, around);
  if (unread !== undefined) {
    const data = { resource: resource.id, host: catalog.host, problem: unread };
    return { diagnostics: [planDiagnostic("P320", declaredAt(resource), data, ledTo(resource))] };
  }
  const isProbed = resource.kind.probe([resource.want], context) !== undefined;
  const have = isProbed && reading && "have" in reading ? reading.have : undefined;

  const condition = conditionOf(resource, around);
  if (condition.diagnostics.length > 0) return { diagnostics: condition.diagnostics };
  if (!condition.mayHold) return rest;

  const incoming = incomingEvents(resource, around.graph, around.drafts, state);
  const guard = resource.kind.guard?.(resource.want);
  const work = guard
    ? guardedWork(resource, guard, have, around)
    : have === undefined
      ? commandWork(resource, condition.because)
      : plainWork(resource, have, differenceOf(resource, have, context), around);
  if ("diagnostics" in work) return work;
  if (!work.applies && incoming.length === 0) return rest;
  const refusal = have && work.applies && work.sure ? resource.kind.refuses?.(resource.want, have, context) : undefined;
  if (refusal !== undefined) {
    const data = { resource: resource.id, host: catalog.host };
    if (typeof refusal === "string") {
      return {
        diagnostics: [planDiagnostic("P315", declaredAt(resource), { ...data, problem: refusal }, ledTo(resource))],
      };
    }
    if (work.keepsState)
      return { diagnostics: [planDiagnostic("P335", declaredAt(resource), { ...data, ...refusal }, ledTo(resource))] };
  }
  const forecast = work.applies && work.sure && work.keepsState ? state.forecasts?.get(resource.id) : undefined;
  if (forecast?.refusal) {
    const data = { resource: resource.id, host: catalog.host, ...forecast.refusal };
    return { diagnostics: [planDiagnostic("P335", declaredAt(resource), data, ledTo(resource))] };
  }
  const blocked =
    work.applies && work.sure && work.keepsState ? mountProblem(resource, work.changes, around) : undefined;
  if (blocked) return { diagnostics: [blocked] };
  const takes = takesEvents(resource);
  const base = {
    resource,
    have,
    changes: work.changes,
    takesEvents: takes,
    settlesCondition: upstream.step !== undefined,
    ...(guard ? { guard } : {}),
    events: resource.kind.events.filter((event) => incoming.some((one) => one.event === event)),
  };
  const action = actionOf(resource, have, work.changes);
  // A start brings the new configuration with it, whatever else changed.
  const causes = action === "start" ? [] : incoming.map((one) => one.because);
  const told = new Set(causes.map((one) => one.resource));
  const own = work.because.filter((one) => one.resource === undefined || !told.has(one.resource));
  const keepsState = work.keepsState && !incoming.some((one) => one.remakes);
  const isSure = incoming.some((one) => one.certain);
  const draft =
    work.sure || !eventDecides(work, incoming)
      ? {
          ...base,
          action,
          because: [...own, ...condition.because.filter((one) => !work.because.includes(one)), ...causes],
          certain: work.sure && condition.certain,
          keepsState: work.sure && condition.certain && keepsState,
          applies: true,
        }
      : {
          ...base,
          action: actionOfEvent(strongest(resource, incoming) ?? ""),
          because: [...incoming.map((one) => one.because), ...(work.applies ? own : [])],
          certain: isSure && condition.certain,
          keepsState: isSure && condition.certain && !work.applies && keepsState,
          applies: work.applies,
        };
  return { draft, diagnostics: doubts(resource, forecast, catalog.host) };
}

/** The warning about a step that may fail, by what its tool says. */
function doubts(resource: Resource, forecast: Forecast | undefined, host: string): readonly Diagnostic[] {
  if (forecast?.doubt === undefined) return [];
  const data = { resource: resource.id, host, problem: forecast.doubt };
  return [planDiagnostic("P342", declaredAt(resource), data, ledTo(resource))];
}

/** A resource without all its values has no step: its `when` did not hold when they were computed. */
function decidePartial(resource: Resource, around: StepContext): Decision {
  const { mayHold, certain, diagnostics } = conditionOf(resource, around);
  if (!mayHold || diagnostics.length > 0) return { diagnostics };
  const data = { resource: resource.id, host: around.catalog.host, step: around.upstream.step };
  const code = certain ? "P344" : "P343";
  return { diagnostics: [planDiagnostic(code, declaredAt(resource), data, ledTo(resource))] };
}

/** An event is the step when nothing is known to differ: it is sure, or no less sure than the rest. */
function eventDecides(work: Work, incoming: readonly Incoming[]): boolean {
  return incoming.length > 0 && work.changes.length === 0;
}

function unreadable(resource: Resource, { state, context }: StepContext): string | undefined {
  const reading = state.resources.get(resource.id);
  if (reading) return "unreadable" in reading ? reading.unreadable : undefined;
  return resource.kind.probe([resource.want], context) === undefined ? undefined : "it was not read";
}

/** Whether a step's condition holds or may come to hold. */
function conditionOf(resource: Resource, { catalog, state, upstream }: StepContext) {
  const nothing: readonly Because[] = [];
  if (!resource.when) return { mayHold: true, certain: true, because: nothing, diagnostics: [] };
  const { value, unreadable: silent } = decide(resource.when, catalog, state);
  const movable = resource.when.type !== "constant" ? upstream.step : undefined;
  const diagnostics = movable !== undefined ? [] : silent.map((observe) => silentObserve(observe, catalog.host, state));
  const because: readonly Because[] = [
    ...(value ? [{ text: "`when` holds" }] : []),
    ...(movable === undefined ? [] : [{ text: `${movable} may change what \`when\` looks at`, resource: movable }]),
  ];
  return { mayHold: value || movable !== undefined, certain: movable === undefined, because, diagnostics };
}
