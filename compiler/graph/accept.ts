import type { Arc } from "./arcs.ts";
import { componentsOf } from "./components.ts";
import { createDag, type Dag } from "./dag.ts";
import { type Inferred, strengths } from "./inferred.ts";

/** Which inferred orders hold beside the stated ones. */
export interface Accepted {
  readonly inferred: readonly Inferred[];
  /** Inferred orders that would have closed a ring, with the way that is already there. */
  readonly dropped: readonly { readonly inferred: Inferred; readonly way: readonly Arc[] }[];
  /** Rings that cannot be broken by leaving out an inferred order. */
  readonly rings: readonly (readonly Arc[])[];
}

/**
 * Lets stated arcs stand and adds the inferred ones from the strongest to the weakest, each unless it closes a ring. A ring of
 * stated arcs is an error, and so is one that is closed by something a resource cannot do without.
 */
export function acceptArcs(size: number, stated: readonly Arc[], inferred: readonly Inferred[]): Accepted {
  const alone = componentsOf(adjacency(size, stated));
  const stuck = stated.filter((arc) => alone[arc.from] === alone[arc.to]);
  if (stuck.length > 0) return { inferred: [], dropped: [], rings: statedRings(size, stuck, alone) };
  const component = componentsOf(adjacency(size, [...stated, ...inferred]));
  const within = (arc: Arc | Inferred) => component[arc.from] === component[arc.to];
  const doubtful = inferred.filter(within);
  if (doubtful.length === 0) return { inferred, dropped: [], rings: [] };
  const dag = createDag(size);
  const known = new Map<string, Arc>();
  for (const arc of stated.filter(within)) {
    dag.add(arc.from, arc.to);
    if (!known.has(`${arc.from} ${arc.to}`) || arc.edge) known.set(`${arc.from} ${arc.to}`, arc);
  }
  const lost = new Set<Inferred>();
  const dropped: { inferred: Inferred; way: readonly Arc[] }[] = [];
  const rings: (readonly Arc[])[] = [];
  for (const strength of strengths) {
    for (const one of doubtful) {
      if (one.strength !== strength) continue;
      if (dag.add(one.from, one.to)) {
        if (!known.has(`${one.from} ${one.to}`))
          known.set(`${one.from} ${one.to}`, { from: one.from, to: one.to, inferred: one });
        continue;
      }
      lost.add(one);
      const way = wayBack(dag, one, known);
      if (strength === "needed" && way.some((arc) => arc.edge)) {
        rings.push([{ from: one.from, to: one.to, inferred: one }, ...way]);
      } else dropped.push({ inferred: one, way });
    }
  }
  return { inferred: inferred.filter((one) => !lost.has(one)), dropped, rings };
}

function wayBack(dag: Dag, one: Inferred, known: ReadonlyMap<string, Arc>): readonly Arc[] {
  const way = dag.way(one.to, one.from) ?? [];
  return way.slice(1).flatMap((node, place) => known.get(`${way[place]} ${node}`) ?? []);
}

/** One ring of each knot of stated arcs. */
function statedRings(size: number, stuck: readonly Arc[], component: readonly number[]): readonly (readonly Arc[])[] {
  const rings: (readonly Arc[])[] = [];
  const done = new Set<number | undefined>();
  const dag = createDag(size);
  const known = new Map<string, Arc>();
  for (const arc of stuck.toSorted((a, b) => (a.edge ? 1 : 0) - (b.edge ? 1 : 0))) {
    if (done.has(component[arc.from])) continue;
    if (dag.add(arc.from, arc.to)) {
      known.set(`${arc.from} ${arc.to}`, arc);
      continue;
    }
    const way = dag.way(arc.to, arc.from) ?? [];
    rings.push([arc, ...way.slice(1).flatMap((node, place) => known.get(`${way[place]} ${node}`) ?? [])]);
    done.add(component[arc.from]);
  }
  return rings;
}

function adjacency(size: number, arcs: readonly { readonly from: number; readonly to: number }[]): readonly number[][] {
  const next: number[][] = Array.from({ length: size }, () => []);
  for (const { from, to } of arcs) next[from]?.push(to);
  return next;
}
