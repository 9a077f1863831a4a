import type { Arc } from "./arcs.ts";
import { componentsOf } from "./components.ts";
import { type Inferred, strengths } from "./inferred.ts";
import { reachFrom, shortestWay } from "./reach.ts";

/** An inferred order that is left out, as it would have closed a cycle. */
export interface DroppedOrder {
  readonly inferred: Inferred;
  /** The arcs that lead the other way; looked for when asked. */
  readonly way: () => readonly Arc[];
}

/** Which inferred orders hold beside the stated ones. */
export interface Accepted {
  readonly inferred: readonly Inferred[];
  readonly dropped: readonly DroppedOrder[];
  /** Cycles that cannot be broken by leaving out an inferred order. */
  readonly cycles: readonly (readonly Arc[])[];
}

/**
 * Lets stated arcs stand and adds the inferred ones from the strongest to the weakest, each unless it closes a cycle. A cycle of
 * stated arcs is an error, and so is one that is closed by something a resource cannot do without.
 */
export function acceptArcs(size: number, stated: readonly Arc[], inferred: readonly Inferred[]): Accepted {
  const alone = componentsOf(adjacency(size, stated));
  const stuck = stated.filter((arc) => alone[arc.from] === alone[arc.to]);
  if (stuck.length > 0) return { inferred: [], dropped: [], cycles: statedCycles(size, stuck, alone) };
  const component = componentsOf(adjacency(size, [...stated, ...inferred]));
  const doubtful = inferred.filter((one) => component[one.from] === component[one.to]);
  if (doubtful.length === 0) return { inferred, dropped: [], cycles: [] };

  const graph = createGrowing(size);
  for (const arc of stated) if (component[arc.from] === component[arc.to]) graph.add(arc);
  const lost = new Set<Inferred>();
  const dropped: DroppedOrder[] = [];
  const cycles: (readonly Arc[])[] = [];
  for (const strength of strengths) {
    for (const { pivot, side, orders } of gather(doubtful.filter((one) => one.strength === strength))) {
      // An arc out of the pivot leaves what leads to it as it was, and one into it what it leads to: one search does for all.
      const closing = reachFrom(
        pivot,
        side === "from" ? graph.previous : graph.next,
        (node) => component[node] === component[pivot],
      );
      for (const one of orders) {
        const closes = one.from === one.to || closing.has(side === "from" ? one.to : one.from);
        if (!closes) {
          graph.add({ from: one.from, to: one.to, inferred: one });
          continue;
        }
        lost.add(one);
        const way = () => graph.way(one.to, one.from);
        if (strength === "needed" && way().some((arc) => arc.edge)) {
          cycles.push([{ from: one.from, to: one.to, inferred: one }, ...way()]);
        } else dropped.push({ inferred: one, way });
      }
    }
  }
  return { inferred: inferred.filter((one) => !lost.has(one)), dropped, cycles };
}

/** Orders that share one end, so that they are judged together. */
interface Gathered {
  readonly pivot: number;
  readonly side: "from" | "to";
  readonly orders: readonly Inferred[];
}

/** Gathers orders by whichever end has fewer different nodes, in the order of the source. */
function gather(orders: readonly Inferred[]): readonly Gathered[] {
  const [byFrom, byTo] = [Map.groupBy(orders, (one) => one.from), Map.groupBy(orders, (one) => one.to)];
  const side = byFrom.size <= byTo.size ? "from" : "to";
  const groups = side === "from" ? byFrom : byTo;
  return [...groups].toSorted(([a], [b]) => a - b).map(([pivot, list]) => ({ pivot, side, orders: list }));
}

/** A graph that arcs are added to, with one arc for each pair of nodes. */
function createGrowing(size: number) {
  const next: number[][] = Array.from({ length: size }, () => []);
  const previous: number[][] = Array.from({ length: size }, () => []);
  const known = new Map<number, Arc>();
  return {
    next,
    previous,
    add(arc: Arc): void {
      const pair = arc.from * size + arc.to;
      const first = known.get(pair);
      if (!first || (arc.edge && !first.edge)) known.set(pair, arc);
      if (first) return;
      next[arc.from]?.push(arc.to);
      previous[arc.to]?.push(arc.from);
    },
    way(from: number, to: number): readonly Arc[] {
      const nodes = shortestWay(from, to, next);
      return nodes.slice(1).flatMap((node, place) => known.get((nodes[place] ?? 0) * size + node) ?? []);
    },
  };
}

/** One cycle of each strongly connected component of stated arcs, through the first of its arcs that the recipe states. */
function statedCycles(size: number, stuck: readonly Arc[], component: readonly number[]): readonly (readonly Arc[])[] {
  const graph = createGrowing(size);
  for (const arc of stuck) graph.add(arc);
  const components = Map.groupBy(stuck, (arc) => component[arc.from] ?? -1);
  return [...components.values()].flatMap((arcs) => {
    const arc = arcs.find((one) => one.edge) ?? arcs[0];
    return arc ? [[arc, ...(arc.from === arc.to ? [] : graph.way(arc.to, arc.from))]] : [];
  });
}

function adjacency(
  size: number,
  arcs: readonly { readonly from: number; readonly to: number }[],
): readonly (readonly number[])[] {
  const next: number[][] = Array.from({ length: size }, () => []);
  for (const { from, to } of arcs) next[from]?.push(to);
  return next;
}
