import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { Catalog, Edge, Resource, ResourceId } from "./catalog.ts";
import { type FootprintIndex, indexFootprints } from "./footprint-index.ts";
import { acceptArcs, type DroppedOrder } from "./graph/accept.ts";
import { type Arc, containmentArcs, type Nodes, numberNodes, statedArcs } from "./graph/arcs.ts";
import { findConflicts, findOverlaps } from "./graph/conflicts.ts";
import { deliverEvents } from "./graph/events.ts";
import { expandArcs } from "./graph/expand.ts";
import { type Inferred, inferOrder } from "./graph/inferred.ts";
import { declaredAt } from "./graph/places.ts";
import { edgeOf, cycleDiagnostic } from "./graph/cycle.ts";
import { sortNodes } from "./graph/sort.ts";
import { inferUnitFiles } from "./graph/unit-files.ts";
import { inferWatched } from "./graph/watched.ts";
import type { Facts } from "./kind/facts.ts";
import { lifeCycleEvents } from "./life-cycle.ts";
import { planDiagnostic } from "./messages/plan.ts";

/** Something a resource cannot do without, and who in the catalog brings it. */
export interface Need {
  /** Footprint key. */
  readonly key: string;
  /** A clause that follows "because". */
  readonly because: string;
  /** Resources that provide it for sure. */
  readonly providers: readonly ResourceId[];
  /** Resources that may bring it. */
  readonly mayProvide: readonly ResourceId[];
}

/** An order that was inferred and left out, as the recipe says otherwise. */
export interface Dropped {
  readonly edge: Edge;
  /** What holds instead, from `edge.to` to `edge.from`; worked out when asked. */
  readonly instead: () => readonly ResourceId[];
}

/** A node of the order: a resource, or without one the begin or end of a container. */
export interface Passage {
  readonly resource?: Resource;
  /** The places in the list of passages of what comes directly before. */
  readonly before: readonly number[];
}

/** The order of one host's resources, with every reason. */
export interface Graph {
  /** All resources, each after everything it waits for. */
  readonly order: readonly Resource[];
  /** The same with the begins and ends of containers, for walks that carry something along the order. */
  readonly passages: readonly Passage[];
  /** Stated and inferred edges between resources; worked out when first asked for. */
  readonly edges: readonly Edge[];
  /** Edges into a resource. */
  readonly before: (id: ResourceId) => readonly Edge[];
  /** Edges out of a resource. */
  readonly after: (id: ResourceId) => readonly Edge[];
  /** Edges into a resource that carry an event, from every resource that sends it. */
  readonly eventsTo: (id: ResourceId) => readonly Edge[];
  /** Edges out of a resource that carry an event. */
  readonly eventsFrom: (id: ResourceId) => readonly Edge[];
  readonly needs: ReadonlyMap<ResourceId, readonly Need[]>;
  readonly dropped: readonly Dropped[];
  /** How many packages lie on the longest way to a resource: packages of one level may share a run. */
  readonly level: (id: ResourceId) => number;
  readonly footprints: FootprintIndex;
}

/** What ordering came to: no graph when there is an error. */
export interface Ordered {
  readonly graph?: Graph;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Orders the resources of a host by what the recipe states, what follows from footprints, and the source; `names` are other names
 * that the host has for what a resource names, `real` the real paths of those that lie behind links.
 */
export function order(
  catalog: Catalog,
  facts: Facts,
  names: ReadonlyMap<ResourceId, readonly string[]> = new Map(),
  real: ReadonlyMap<ResourceId, string> = new Map(),
): Ordered {
  const nodes = numberNodes(catalog);
  const index = indexFootprints(catalog, facts, real);
  const delivered = deliverEvents(catalog);
  const listened = withoutTwins([...inferWatched(index), ...inferUnitFiles(index, names)]);
  const late = toldLater(catalog, [
    ...delivered.events,
    ...listened.flatMap(({ event, from, to }) => (event === undefined ? [] : [edgeBetween(from, to, nodes)])),
  ]);
  const stated = [...containmentArcs(catalog, nodes, late), ...statedArcs(delivered.edges, nodes)];
  const accepted = acceptArcs(nodes.size, stated, [...inferOrder(index), ...listened]);
  const errors = [
    ...findConflicts(index),
    ...delivered.diagnostics,
    ...accepted.cycles.map((cycle) => cycleDiagnostic(cycle, catalog, nodes)),
  ];
  if (errors.length > 0) return { diagnostics: errors };

  const inferred = accepted.inferred.map((one): Arc => ({ from: one.from, to: one.to, inferred: one }));
  const arcs = [...stated, ...inferred];
  const next: number[][] = Array.from({ length: nodes.size }, () => []);
  for (const { from, to } of arcs) next[from]?.push(to);
  const sorted = sortNodes({ next, resources: nodes.resources, sharedKey: sharesRun(catalog) });
  const edges = once(() => expandArcs(catalog, nodes, arcs));
  const into = once(() => groupBy(edges(), (edge) => edge.to));
  const outOf = once(() => groupBy(edges(), (edge) => edge.from));
  const watched = inferred.filter((arc) => arc.inferred?.event !== undefined);
  const events = [...delivered.events, ...watched.map((arc) => edgeOf(arc, catalog, nodes))];
  const graph: Graph = {
    order: sorted.order.flatMap((node) => catalog.resources[node] ?? []),
    passages: passagesOf(sorted.order, next, catalog),
    get edges() {
      return edges();
    },
    before: (id) => into()(id),
    after: (id) => outOf()(id),
    eventsTo: groupBy(events, (edge) => edge.to),
    eventsFrom: groupBy(events, (edge) => edge.from),
    needs: collectNeeds(index),
    dropped: accepted.dropped.map(({ inferred: lost, way }) => ({
      edge: edgeOf({ from: lost.from, to: lost.to, inferred: lost }, catalog, nodes),
      instead: once(() => idsAlong(way(), nodes)),
    })),
    level: (id) => sorted.levels[index.positions.get(id) ?? -1] ?? 0,
    footprints: index,
  };
  const rank = new Map(sorted.order.map((node, place) => [node, place]));
  const overlaps = findOverlaps(index, (a, b) => reaches(next, a, b, rank) || reaches(next, b, a, rank));
  return { graph, diagnostics: [...overlaps, ...lostWatches(accepted.dropped, catalog, nodes)] };
}

/** One event for each pair of resources: a unit file that is watched as well sends the same twice. */
function edgeBetween(from: number, to: number, nodes: Nodes): Pick<Edge, "from" | "to"> {
  return { from: nodes.idOf(from), to: nodes.idOf(to) };
}

/**
 * Resources that something of a later event of the host's life tells of its change, such as a service that is set up and whose
 * configuration comes with the deployment: they act once, after the last of these.
 */
function toldLater({ resources }: Catalog, events: readonly Pick<Edge, "from" | "to">[]): ReadonlySet<ResourceId> {
  const ranks = new Map(resources.map(({ event = "setup", id }) => [id, lifeCycleEvents.indexOf(event)]));
  const later = events.filter(({ from, to }) => (ranks.get(from) ?? 0) > (ranks.get(to) ?? 0));
  return new Set(later.map(({ to }) => to));
}

function withoutTwins(orders: readonly Inferred[]): readonly Inferred[] {
  const known = new Set<string>();
  return orders.filter(({ from, to, event }) => {
    const key = `${from} ${to} ${event}`;
    if (event !== undefined && known.has(key)) return false;
    known.add(key);
    return true;
  });
}

/** The value of a function that is called at most once. */
function once<T>(work: () => T): () => T {
  let done: { readonly value: T } | undefined;
  return () => (done ??= { value: work() }).value;
}

function passagesOf(
  sorted: readonly number[],
  next: readonly (readonly number[])[],
  catalog: Catalog,
): readonly Passage[] {
  const places = new Map(sorted.map((node, place) => [node, place]));
  const before: Set<number>[] = sorted.map(() => new Set());
  for (const [place, node] of sorted.entries()) {
    for (const other of next[node] ?? []) before[places.get(other) ?? -1]?.add(place);
  }
  return sorted.map((node, place) => {
    const resource = catalog.resources[node];
    return { ...(resource ? { resource } : {}), before: [...(before[place] ?? [])] };
  });
}

/** Nodes whose kind can do several steps in one run. */
function sharesRun(catalog: Catalog): (node: number) => string | undefined {
  return (node) => {
    const kind = catalog.resources[node]?.kind;
    return kind?.transaction ? kind.name : undefined;
  };
}

const noEdges: readonly Edge[] = [];

function groupBy(edges: readonly Edge[], key: (edge: Edge) => ResourceId): (id: ResourceId) => readonly Edge[] {
  const groups = new Map<ResourceId, Edge[]>();
  for (const edge of edges) {
    const known = groups.get(key(edge));
    if (known) known.push(edge);
    else groups.set(key(edge), [edge]);
  }
  return (id) => groups.get(id) ?? noEdges;
}

function idsAlong(way: readonly Arc[], nodes: Nodes): readonly ResourceId[] {
  const ids = way.map((arc) => nodes.idOf(arc.from));
  const end = way.at(-1);
  if (end) ids.push(nodes.idOf(end.to));
  return ids.filter((id, place) => id !== ids[place - 1]);
}

function collectNeeds(index: FootprintIndex): ReadonlyMap<ResourceId, readonly Need[]> {
  const needs = new Map<ResourceId, readonly Need[]>();
  for (const [at, resource] of index.resources.entries()) {
    const own = (index.lines[at] ?? []).filter((line) => line.mode === "needs");
    const seen = new Set<string>();
    const found = own.flatMap((line): readonly Need[] => {
      if (seen.has(line.key)) return [];
      seen.add(line.key);
      const others = index.writers(line.key).filter((other) => other.at !== at);
      const ids = (mode: string) =>
        others.filter((other) => other.mode === mode).flatMap((other) => index.resources[other.at]?.id ?? []);
      return [{ key: line.key, because: line.because, providers: ids("provides"), mayProvide: ids("may-provide") }];
    });
    if (found.length > 0) needs.set(resource.id, found);
  }
  return needs;
}

/** Whether one node comes before another by arcs; only nodes between them in the order are looked at. */
function reaches(
  next: readonly (readonly number[])[],
  from: number,
  to: number,
  rank: ReadonlyMap<number, number>,
): boolean {
  const limit = rank.get(to) ?? Infinity;
  if ((rank.get(from) ?? 0) > limit) return false;
  const seen = new Set([from]);
  const open = [from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const other of next[node] ?? []) {
      if (other === to) return true;
      if (seen.has(other) || (rank.get(other) ?? -1) > limit) continue;
      seen.add(other);
      open.push(other);
    }
  }
  return false;
}

/** A `watch` or a unit file whose order had to be left out sends no events: said, as the person counts on it. */
function lostWatches(dropped: readonly DroppedOrder[], catalog: Catalog, nodes: Nodes): readonly Diagnostic[] {
  return dropped.flatMap(({ inferred, way }) => {
    const watcher = catalog.resources[inferred.to];
    if (inferred.event === undefined || !watcher) return [];
    const arcs = way();
    const reason = arcs.find((arc) => arc.edge);
    const data = {
      watcher: watcher.id,
      watched: nodes.idOf(inferred.from),
      event: inferred.event,
      because: reason?.edge?.because ?? arcs[0]?.inferred?.because ?? "one contains the other",
    };
    return inferred.property === "watch"
      ? [planDiagnostic("P304", watcher.origins.get("watch") ?? declaredAt(watcher), data)]
      : [planDiagnostic("P337", declaredAt(watcher), data)];
  });
}
