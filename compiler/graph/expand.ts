import type { Catalog, Edge } from "../catalog.ts";
import { type Arc, type Nodes, waitsForBegin } from "./arcs.ts";

/**
 * The arcs as edges between resources. What leads through containers becomes edges from the last members of what comes
 * first to the first members of what comes after; the members between them follow by the edges inside the container.
 */
export function expandArcs(catalog: Catalog, nodes: Nodes, arcs: readonly Arc[]): readonly Edge[] {
  const next: Arc[][] = Array.from({ length: nodes.size }, () => []);
  for (const arc of arcs) next[arc.from]?.push(arc);
  const inside = membership(catalog, nodes);
  const skipped = innerContainment(catalog, nodes, arcs, inside);
  const edges: Edge[] = [];
  for (const from of catalog.resources.keys()) {
    const seen = new Set<number>();
    const open: { readonly node: number; readonly edge: Edge | undefined }[] = [];
    const follow = (arc: Arc, edge: Edge | undefined) => {
      const through = edge ?? arc.edge;
      if (arc.to < nodes.resources) {
        if (through === undefined) return;
        if (arc.from === from) edges.push(through);
        else if (!seen.has(arc.to)) edges.push({ ...through, from: nodes.idOf(from), to: nodes.idOf(arc.to) });
        if (arc.from !== from) seen.add(arc.to);
        return;
      }
      if (seen.has(arc.to) || skipped.has(arc)) return;
      seen.add(arc.to);
      open.push({ node: arc.to, edge: through });
    };
    for (const arc of next[from] ?? []) follow(arc, undefined);
    for (let place = 0; place < open.length; place++) {
      const reached = open[place];
      for (const arc of next[reached?.node ?? -1] ?? []) if (!skipped.has(arc)) follow(arc, reached?.edge);
    }
  }
  return edges;
}

/** For each container, by its begin node, the nodes of all its members at any depth; and those that wait for its begin. */
function membership(catalog: Catalog, nodes: Nodes) {
  const all = new Map<number, Set<number>>();
  const waiting = new Map<number, Set<number>>();
  const containers = new Map(catalog.containers.map((container) => [container.id, container]));
  for (const member of catalog.resources) {
    const climb = (of: (typeof member)["containers"], waits: boolean, seen: ReadonlySet<string>) => {
      for (const id of of) {
        if (seen.has(id)) continue;
        const begin = nodes.first(id);
        for (const sets of waits ? [all, waiting] : [all]) {
          const known = sets.get(begin);
          if (known) known.add(nodes.first(member.id));
          else sets.set(begin, new Set([nodes.first(member.id)]));
        }
        const container = containers.get(id);
        if (container) climb(container.containers, waits && waitsForBegin(container), new Set([...seen, id]));
      }
    };
    climb(member.containers, waitsForBegin(member), new Set());
  }
  return { all, waiting };
}

/** Arcs of containment that say nothing new: a member that another member of the container precedes or follows anyway. */
function innerContainment(
  catalog: Catalog,
  nodes: Nodes,
  arcs: readonly Arc[],
  inside: ReturnType<typeof membership>,
): ReadonlySet<Arc> {
  const hasNext = new Map<number, number[]>();
  const hasPrevious = new Map<number, number[]>();
  for (const { from, to } of arcs) {
    if (from >= nodes.resources || to >= nodes.resources) continue;
    hasNext.set(from, [...(hasNext.get(from) ?? []), to]);
    hasPrevious.set(to, [...(hasPrevious.get(to) ?? []), from]);
  }
  const skipped = new Set<Arc>();
  for (const arc of arcs) {
    if (arc.edge !== undefined) continue;
    if (arc.from < nodes.resources) {
      const members = inside.all.get(arc.to - 1);
      if (hasNext.get(arc.from)?.some((node) => members?.has(node))) skipped.add(arc);
    } else if (arc.to < nodes.resources) {
      const members = inside.waiting.get(arc.from);
      if (hasPrevious.get(arc.to)?.some((node) => members?.has(node))) skipped.add(arc);
    }
  }
  return skipped;
}
