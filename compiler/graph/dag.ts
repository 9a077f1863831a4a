/**
 * A graph without cycles that grows arc by arc and keeps a topological order of its nodes as it grows, so that telling
 * whether a new arc would close a cycle looks only at the nodes between its ends (the method of Pearce and Kelly).
 */
export interface Dag {
  /** Adds an arc; returns false, and adds nothing, when it would close a cycle. */
  readonly add: (from: number, to: number) => boolean;
  /** The nodes of a shortest way, both ends included; undefined when there is none. */
  readonly way: (from: number, to: number) => readonly number[] | undefined;
}

/** A graph of `size` nodes without arcs. */
export function createDag(size: number): Dag {
  const next: number[][] = Array.from({ length: size }, () => []);
  const previous: number[][] = Array.from({ length: size }, () => []);
  const rank = Array.from({ length: size }, (_, node) => node);
  const rankOf = (node: number) => rank[node] ?? 0;

  /** Nodes reached from one through `arcs`, no further than `within` allows. */
  const reach = (start: number, arcs: number[][], within: (node: number) => boolean): Set<number> => {
    const seen = new Set([start]);
    const open = [start];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      for (const other of arcs[node] ?? []) {
        if (seen.has(other) || !within(other)) continue;
        seen.add(other);
        open.push(other);
      }
    }
    return seen;
  };

  return {
    add(from, to) {
      if (from === to) return false;
      if (rankOf(from) > rankOf(to)) {
        const [low, high] = [rankOf(to), rankOf(from)];
        const forward = reach(to, next, (node) => rankOf(node) <= high);
        if (forward.has(from)) return false;
        const backward = reach(from, previous, (node) => rankOf(node) >= low);
        const byRank = (nodes: Set<number>) => [...nodes].toSorted((a, b) => rankOf(a) - rankOf(b));
        const moved = [...byRank(backward), ...byRank(forward)];
        const ranks = moved.map(rankOf).toSorted((a, b) => a - b);
        for (const [place, node] of moved.entries()) rank[node] = ranks[place] ?? 0;
      }
      next[from]?.push(to);
      previous[to]?.push(from);
      return true;
    },
    way(from, to) {
      const cameFrom = new Map<number, number>([[from, -1]]);
      const open = [from];
      for (let place = 0; place < open.length; place++) {
        const node = open[place] ?? 0;
        if (node === to) {
          const nodes: number[] = [];
          for (let at = to; at !== -1; at = cameFrom.get(at) ?? -1) nodes.unshift(at);
          return nodes;
        }
        for (const other of next[node] ?? []) {
          if (cameFrom.has(other)) continue;
          cameFrom.set(other, node);
          open.push(other);
        }
      }
      return undefined;
    },
  };
}
