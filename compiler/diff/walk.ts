import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Catalog, Resource, ResourceId } from "../catalog.ts";
import { isRemoval, ownKey } from "../footprint-index.ts";
import type { Graph, Need } from "../graph.ts";
import { declaredAt } from "../graph/places.ts";
import type { Change, Guard, Have, ReadContext } from "../kind/kind.ts";
import { planDiagnostic } from "../messages-plan.ts";
import type { Because } from "../plan.ts";
import type { State } from "../state.ts";
import { type Cells, createCells } from "./cells.ts";
import { actionOf, differenceOf } from "./compare.ts";
import { decide, silentObserve } from "./condition.ts";
import type { Draft, Incoming, Upstream } from "./draft.ts";
import { isAccount, onlyNotes, overlay } from "./effects.ts";
import { judgeGuard } from "./guards.ts";
import { actionOfEvent, incomingEvents, strongest, takesEvents } from "./incoming.ts";
import { missingNeeds, type NeedContext } from "./needs.ts";
import { mayBringIt, mayChange, reasonsOfChanges } from "./reasons.ts";

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
    const decision = decideStep(resource, { catalog, graph, state, context, cells, drafts, upstream, rank });
    diagnostics.push(...decision.diagnostics);
    const { draft } = decision;
    if (!draft) continue;
    if (!isRemoval(resource)) diagnostics.push(...missingNeeds(resource, needs));
    drafts.set(resource.id, draft);
    stream.draft = draft;
    overlay(draft, graph.footprints, cells);
    if (isPendingPackage(draft)) pending.push(resource);
  }
  return { drafts, diagnostics };
}

function isLearned(resource: Resource, graph: Graph): boolean {
  return graph.footprints.isLearned(graph.footprints.positions.get(resource.id) ?? -1);
}

function isPendingPackage(draft: Draft): boolean {
  return draft.resource.kind.name === "package" && !isRemoval(draft.resource) && !onlyNotes(draft.changes);
}

/** Nothing is known of what a command does beyond what it creates. */
function isOpaque(draft: Draft, graph: Graph): boolean {
  if (draft.resource.kind.name !== "execute") return false;
  const lines = graph.footprints.lines[graph.footprints.positions.get(draft.resource.id) ?? -1] ?? [];
  return !lines.some((line) => line.mode === "provides");
}

/** What a passage hands on: its own step, and what came before it. */
interface Stream {
  readonly upstream: Upstream;
  draft?: Draft;
}

function collectUpstream(before: readonly number[], streams: readonly Stream[], graph: Graph): Upstream {
  let step: ResourceId | undefined;
  let opaque: ResourceId | undefined;
  let pendingPackage: ResourceId | undefined;
  for (const place of before) {
    const { draft, upstream } = streams[place] ?? { upstream: {} };
    const id = draft?.resource.id;
    step = id ?? step ?? upstream.step;
    opaque = (draft && isOpaque(draft, graph) ? id : undefined) ?? opaque ?? upstream.opaque;
    pendingPackage = (draft && isPendingPackage(draft) ? id : undefined) ?? pendingPackage ?? upstream.pendingPackage;
  }
  return {
    ...(step === undefined ? {} : { step }),
    ...(opaque === undefined ? {} : { opaque }),
    ...(pendingPackage === undefined ? {} : { pendingPackage }),
  };
}

/** A resource further down the order that may bring what is missing here. */
function laterProvider(
  resource: Resource,
  need: Need,
  isSystemPath: boolean,
  graph: Graph,
  rank: ReadonlyMap<ResourceId, number>,
  state: State,
): ResourceId | undefined {
  const here = rank.get(resource.id) ?? 0;
  const known = [...need.providers, ...need.mayProvide].find((id) => (rank.get(id) ?? -1) > here);
  if (known !== undefined || !isSystemPath) return known;
  return graph.order.slice(here + 1).find((other) => {
    if (other.kind.name !== "package" || isRemoval(other) || isLearned(other, graph)) return false;
    const reading = state.resources.get(other.id);
    return reading !== undefined && "have" in reading && reading.have.state === "absent";
  })?.id;
}

interface StepContext {
  readonly catalog: Catalog;
  readonly graph: Graph;
  readonly state: State;
  readonly context: ReadContext;
  readonly cells: Cells;
  readonly drafts: ReadonlyMap<ResourceId, Draft>;
  readonly upstream: Upstream;
  readonly rank: ReadonlyMap<ResourceId, number>;
}

interface Decision {
  readonly draft?: Draft;
  readonly diagnostics: readonly Diagnostic[];
}

const rest: Decision = { diagnostics: [] };

function decideStep(resource: Resource, around: StepContext): Decision {
  const { catalog, state, context, upstream } = around;
  const reading = state.resources.get(resource.id);
  const unread = unreadable(resource, around);
  if (unread !== undefined) {
    const data = { resource: resource.id, host: catalog.host, problem: unread };
    return { diagnostics: [planDiagnostic("P320", declaredAt(resource), data)] };
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
  const isSure = incoming.some((one) => one.certain);
  const draft =
    work.sure || !eventDecides(work, incoming)
      ? {
          ...base,
          action,
          because: [...work.because, ...condition.because.filter((one) => !work.because.includes(one)), ...causes],
          certain: work.sure && condition.certain,
          keepsState: work.sure && condition.certain && work.keepsState,
          applies: true,
        }
      : {
          ...base,
          action: actionOfEvent(strongest(resource, incoming) ?? ""),
          because: [...incoming.map((one) => one.because), ...(work.applies ? work.because : [])],
          certain: isSure && condition.certain,
          keepsState: isSure && condition.certain && !work.applies && work.keepsState,
          applies: work.applies,
        };
  return { draft, diagnostics: [] };
}

/** An event is the step when nothing is known to differ: it is sure, or no less sure than the rest. */
function eventDecides(work: Work, incoming: readonly Incoming[]): boolean {
  return incoming.length > 0 && work.changes.length === 0;
}

/** What a resource itself has to do, events aside. */
interface Work {
  /** There is, or may be, something to do. */
  readonly applies: boolean;
  /** There is for sure. */
  readonly sure: boolean;
  readonly changes: readonly Change[];
  readonly because: readonly Because[];
  /** No earlier step is known to work on or around what was read. */
  readonly keepsState: boolean;
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

function guardedWork(
  resource: Resource,
  guard: Guard,
  have: Have | undefined,
  { catalog, graph, state, cells, upstream, rank }: StepContext,
): Work | Decision {
  const mover = ownCell(resource, graph, cells);
  const here = rank.get(resource.id) ?? 0;
  const verdict = judgeGuard(resource, guard, state.guards.get(resource.id), {
    host: catalog.host,
    upstream,
    mover: mover?.prediction === "beside" ? undefined : mover?.by,
    later: graph.order.slice(here + 1).find((other) => other.kind.name === "package" && !isRemoval(other))?.id,
  });
  if (verdict.verdict === "error") return { diagnostics: [verdict.diagnostic] };
  const keepsState = have !== undefined;
  if (verdict.verdict === "rest") return { applies: false, sure: false, changes: [], because: [], keepsState };
  return { applies: true, sure: verdict.certain, changes: [], because: verdict.because, keepsState };
}

/** A command whose only guard is its condition. */
function commandWork(resource: Resource, because: readonly Because[]): Work {
  const text = resource.when ? because : [{ text: "it runs always" }];
  return { applies: true, sure: true, changes: [], because: text, keepsState: false };
}

function plainWork(resource: Resource, have: Have, changes: readonly Change[], around: StepContext): Work {
  const { graph, cells, upstream } = around;
  const reasons = reasonsOfChanges(resource, have, changes);
  const own = ownCell(resource, graph, cells);
  const moved = movedAccount(resource, graph, cells);
  const unknown = own && own.prediction !== "beside" ? own.by : moved;
  const isPackage = resource.kind.transaction !== undefined;
  const opaque = isPackage ? undefined : upstream.opaque;
  const broughtUnit = have.state === "absent" && !isRemoval(resource) ? unlistedBringer(resource, around) : undefined;
  const doubt: Because | undefined =
    unknown !== undefined
      ? have.state === "absent"
        ? mayBringIt(unknown)
        : mayChange(unknown)
      : broughtUnit !== undefined
        ? mayBringIt(broughtUnit)
        : opaque !== undefined
          ? mayChange(opaque)
          : undefined;
  if (doubt) return { applies: true, sure: false, changes, because: [...reasons, doubt], keepsState: false };
  const keepsState = own === undefined && upstream.opaque === undefined;
  return { applies: changes.length > 0, sure: changes.length > 0, changes, because: reasons, keepsState };
}

/** The prediction for what the resource itself is about, when an earlier step made one. */
function ownCell(resource: Resource, graph: Graph, cells: Cells) {
  let beside;
  for (const key of ownKeys(resource, graph)) {
    const cell = cells.get(key);
    if (!cell || cell.by === resource.id) continue;
    if (cell.prediction !== "beside") return cell;
    beside = cell;
  }
  return beside;
}

/** The keys of the thing itself: its path, its name, or for a command what it creates. */
function ownKeys(resource: Resource, graph: Graph): readonly string[] {
  if (resource.kind.name !== "execute") return [ownKey(resource)];
  const lines = graph.footprints.lines[graph.footprints.positions.get(resource.id) ?? -1] ?? [];
  return lines.filter((line) => line.mode === "provides").map((line) => line.key);
}

/** An account the resource belongs to whose number changes. */
function movedAccount(resource: Resource, graph: Graph, cells: Cells): ResourceId | undefined {
  const { footprints } = graph;
  for (const need of graph.needs.get(resource.id) ?? []) {
    const cell = cells.get(need.key);
    const by =
      cell?.prediction === "unknown" ? footprints.resources[footprints.positions.get(cell.by) ?? -1] : undefined;
    if (by && isAccount(by) && by.id !== resource.id) return by.id;
  }
  return undefined;
}

/** A pending package that the resource waits for and that may bring it, though nothing lists it. */
function unlistedBringer(resource: Resource, { graph, upstream }: StepContext): ResourceId | undefined {
  const { pendingPackage } = upstream;
  if (pendingPackage === undefined) return undefined;
  if (resource.kind.name === "service") return pendingPackage;
  const { footprints } = graph;
  const place = footprints.positions.get(pendingPackage) ?? -1;
  const isSystem = /^\/(?:boot|etc|lib|opt|usr|var)\//.test(resource.want.title);
  return isSystem && !footprints.isLearned(place) ? pendingPackage : undefined;
}
