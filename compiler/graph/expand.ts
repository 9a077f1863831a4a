import type { Catalog, Edge } from "../catalog.ts";
import { type Arc, type Nodes, waitsForBegin } from "./arcs.ts";
import { edgeOf } from "./cycle.ts";

/**
 * The arcs as edges between resources. What leads through containers becomes edges from the last members of what comes
 * first to the first members of what comes after; the members between them follow by the edges inside the container.
 */
export function expandArcs(catalog: Catalog, nodes: Nodes, arcs: readonly Arc[]): readonly Edge[] {
  const next: Arc[][] = Array.from({ length: nodes.size }, () => []);
  for (const arc of arcs) next[arc.from]?.push(arc);
  const skipped = needlessContainment(catalog, nodes, arcs);
  const edges: Edge[] = [];
  const told = new Set<string>();
  const tell = (edge: Edge) => {
    const key = [edge.from, edge.to, edge.reason, edge.event ?? "", edge.because].join("\n");
    if (!told.has(key)) edges.push(edge);
    told.add(key);
  };
  for (const from of catalog.resources.keys()) {
    const seen = new Set<number>();
    const open: { readonly node: number; readonly by: Arc | undefined }[] = [];
    const follow = (arc: Arc, by: Arc | undefined) => {
      const through = by ?? (arc.edge || arc.inferred ? arc : undefined);
      if (arc.to >= nodes.resources) {
        if (seen.has(arc.to) || skipped.has(arc)) return;
        seen.add(arc.to);
        open.push({ node: arc.to, by: through });
        return;
      }
      if (through === undefined || seen.has(arc.to)) return;
      if (by !== undefined) seen.add(arc.to);
      const edge = edgeOf(through, catalog, nodes);
      tell(arc.from === from ? edge : { ...edge, from: nodes.idOf(from), to: nodes.idOf(arc.to) });
    };
    for (const arc of next[from] ?? []) follow(arc, undefined);
    for (let place = 0; place < open.length; place++) {
      const reached = open[place];
      for (const arc of next[reached?.node ?? -1] ?? []) if (!skipped.has(arc)) follow(arc, reached?.by);
    }
  }
  return edges;
}

/**
 * Arcs of containment that say nothing new: of a member that another member of the container precedes or follows anyway, and
 * straight from the begin of a container to its end where a member leads there, too.
 */
function needlessContainment(catalog: Catalog, nodes: Nodes, arcs: readonly Arc[]): ReadonlySet<Arc> {
  const { all, waiting } = membership(catalog, nodes);
  const next = new Map<number, number[]>();
  const previous = new Map<number, number[]>();
  for (const { from, to } of arcs) {
    if (from >= nodes.resources || to >= nodes.resources) continue;
    append(next, from, to);
    append(previous, to, from);
  }
  const needless = new Set<Arc>();
  for (const arc of arcs) {
    if (arc.edge !== undefined || arc.inferred !== undefined) continue;
    const { from, to } = arc;
    if (from < nodes.resources) {
      if (next.get(from)?.some((node) => all.get(to - 1)?.has(node))) needless.add(arc);
    } else if (to < nodes.resources) {
      if (previous.get(to)?.some((node) => waiting.get(from)?.has(node))) needless.add(arc);
    } else if (to === from + 1 && waiting.has(from)) needless.add(arc);
  }
  return needless;
}

function append(lists: Map<number, number[]>, key: number, value: number): void {
  const known = lists.get(key);
  if (known) known.push(value);
  else lists.set(key, [value]);
}

/** For each container, by its begin node, the nodes of all its members at any depth, and of those that wait for its begin. */
function membership(catalog: Catalog, nodes: Nodes) {
  const all = new Map<number, Set<number>>();
  const waiting = new Map<number, Set<number>>();
  const containers = new Map(catalog.containers.map((container) => [container.id, container]));
  const insert = (sets: Map<number, Set<number>>, key: number, node: number) => {
    const known = sets.get(key);
    if (known) known.add(node);
    else sets.set(key, new Set([node]));
  };
  for (const [node, member] of catalog.resources.entries()) {
    const climb = (of: readonly string[], waits: boolean) => {
      for (const id of of) {
        const begin = nodes.first(id);
        if (all.get(begin)?.has(node) && (!waits || waiting.get(begin)?.has(node))) continue;
        insert(all, begin, node);
        if (waits) insert(waiting, begin, node);
        const container = containers.get(id);
        if (!container) continue;
        climb(container.containers, waits && waitsForBegin(container));
        climb(listed(container.during), waits);
      }
    };
    climb(member.containers, waitsForBegin(member));
    climb(listed(member.during), true);
  }
  return { all, waiting };
}

function listed(id: string | undefined): readonly string[] {
  return id === undefined ? [] : [id];
}
