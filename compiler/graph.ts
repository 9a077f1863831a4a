import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { Catalog, Edge, Resource, ResourceId } from "./catalog.ts";
import { type FootprintIndex, indexFootprints } from "./footprint-index.ts";
import { acceptArcs, type RingArc } from "./graph/accept.ts";
import { type Arc, containmentArcs, type Nodes, numberNodes, statedArcs } from "./graph/arcs.ts";
import { findConflicts, findOverlaps } from "./graph/conflicts.ts";
import { deliverEvents } from "./graph/events.ts";
import { expandArcs } from "./graph/expand.ts";
import { type Inferred, inferOrder } from "./graph/inferred.ts";
import { declaredAt } from "./graph/places.ts";
import { propertySpan, ringDiagnostic } from "./graph/ring.ts";
import { sortNodes } from "./graph/sort.ts";
import { inferWatched } from "./graph/watched.ts";
import type { Facts } from "./kind/facts.ts";
import { planDiagnostic } from "./messages-plan.ts";

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
  /** What holds instead, from `edge.to` to `edge.from`. */
  readonly instead: readonly ResourceId[];
}

/** The order of one host's resources, with every reason. */
export interface Graph {
  /** All resources, each after everything it waits for. */
  readonly order: readonly Resource[];
  /** Stated and inferred edges between resources. */
  readonly edges: readonly Edge[];
  /** Edges into a resource. */
  readonly before: (id: ResourceId) => readonly Edge[];
  /** Edges out of a resource. */
  readonly after: (id: ResourceId) => readonly Edge[];
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

/** Orders the resources of a host by what the recipe states, what follows from footprints, and the source. */
export function order(catalog: Catalog, facts: Facts): Ordered {
  const nodes = numberNodes(catalog);
  const index = indexFootprints(catalog, facts);
  const events = deliverEvents(catalog);
  const errors = [...findConflicts(index), ...events.diagnostics];
  const stated = [...containmentArcs(catalog, nodes), ...statedArcs(catalog, nodes, events.targets)];
  const accepted = acceptArcs(nodes.size, stated, [...inferOrder(index), ...inferWatched(index)]);
  errors.push(...accepted.rings.map((ring) => ringDiagnostic(ring, catalog, nodes)));
  if (errors.length > 0) return { diagnostics: errors };

  const inferredArcs = accepted.inferred.map((inferred): Arc => ({
    from: inferred.from,
    to: inferred.to,
    edge: inferredEdge(inferred, catalog, nodes),
  }));
  const arcs = [...stated, ...inferredArcs];
  const next: number[][] = Array.from({ length: nodes.size }, () => []);
  for (const { from, to } of arcs) next[from]?.push(to);
  const sorted = sortNodes({ next, resources: nodes.resources, sharedKey: sharesRun(catalog) });
  const edges = withoutRepeats(expandArcs(catalog, nodes, arcs));
  const rank = new Map(sorted.order.map((node, place) => [node, place]));
  const graph: Graph = {
    order: sorted.order.flatMap((node) => catalog.resources[node] ?? []),
    edges,
    before: groupBy(edges, (edge) => edge.to),
    after: groupBy(edges, (edge) => edge.from),
    needs: collectNeeds(index),
    dropped: accepted.dropped.map(({ inferred, way }) => ({
      edge: inferredEdge(inferred, catalog, nodes),
      instead: idsAlong(way, nodes),
    })),
    level: (id) => sorted.levels[index.positions.get(id) ?? -1] ?? 0,
    footprints: index,
  };
  const overlaps = findOverlaps(index, (a, b) => reaches(next, a, b, rank) || reaches(next, b, a, rank));
  return { graph, diagnostics: [...overlaps, ...lostWatches(accepted.dropped, catalog, nodes)] };
}

function inferredEdge(inferred: Inferred, catalog: Catalog, nodes: Nodes): Edge {
  const span = propertySpan({ to: inferred.to, inferred }, catalog);
  return {
    from: nodes.idOf(inferred.from),
    to: nodes.idOf(inferred.to),
    reason: "inferred",
    because: inferred.because,
    ...(inferred.event === undefined ? {} : { event: inferred.event }),
    ...(span === undefined ? {} : { span }),
  };
}

/** Nodes whose kind can do several steps in one run. */
function sharesRun(catalog: Catalog): (node: number) => string | undefined {
  return (node) => {
    const kind = catalog.resources[node]?.kind;
    return kind?.transaction ? kind.name : undefined;
  };
}

function withoutRepeats(edges: readonly Edge[]): readonly Edge[] {
  const seen = new Set<string>();
  return edges.filter((edge) => {
    const key = JSON.stringify([edge.from, edge.to, edge.reason, edge.event, edge.because]);
    return !seen.has(key) && seen.add(key);
  });
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

function idsAlong(way: readonly RingArc[], nodes: Nodes): readonly ResourceId[] {
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
      const others = index.exact(line.key).filter((other) => other.at !== at);
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

/** A `watch` whose order had to be left out sends no events: said, as the person counts on it. */
function lostWatches(
  dropped: readonly { readonly inferred: Inferred; readonly way: readonly RingArc[] }[],
  catalog: Catalog,
  nodes: Nodes,
): readonly Diagnostic[] {
  return dropped.flatMap(({ inferred, way }) => {
    const watcher = catalog.resources[inferred.to];
    if (inferred.event === undefined || !watcher) return [];
    const reason = way.find((arc) => arc.edge);
    const data = {
      watcher: watcher.id,
      watched: nodes.idOf(inferred.from),
      event: inferred.event,
      because: reason?.edge?.because ?? way[0]?.inferred?.because ?? "of containment",
    };
    return [planDiagnostic("P304", watcher.origins.get("watch") ?? declaredAt(watcher), data)];
  });
}
