/** What is sorted: nodes with arcs between them. */
export interface Sortable {
  readonly next: readonly (readonly number[])[];
  /** Nodes from here on are the begins and ends of containers: they are passed as soon as they may be. */
  readonly resources: number;
  /** Nodes with the same key and the same level stand together; undefined for nodes that stand alone. */
  readonly sharedKey: (node: number) => string | undefined;
}

/** The order of all nodes, and the level of each: how many nodes with a shared key lie on the longest way to it. */
export interface Sorted {
  readonly order: readonly number[];
  readonly levels: readonly number[];
}

/**
 * Sorts an acyclic graph. Of all that could come next the first in the source comes next, so that the order is the same on
 * every machine; nodes that share a run come together, once everything that any of them waits for is done.
 */
export function sortNodes(graph: Sortable): Sorted {
  const size = graph.next.length;
  const levels = levelsOf(graph);
  const groups = new Map<string, number>();
  const group = Array.from({ length: size }, (_, node) => {
    const key = graph.sharedKey(node);
    if (key === undefined) return node;
    const full = `${levels[node]} ${key}`;
    const known = groups.get(full);
    if (known === undefined) groups.set(full, node);
    return known ?? node;
  });
  const members = new Map<number, number[]>();
  for (const [node, leader] of group.entries()) {
    const known = members.get(leader);
    if (known) known.push(node);
    else members.set(leader, [node]);
  }
  const waiting = Array.from<number>({ length: size }).fill(0);
  for (const [node, others] of graph.next.entries()) {
    for (const other of others) {
      const leader = group[other] ?? other;
      if (leader !== group[node]) waiting[leader] = (waiting[leader] ?? 0) + 1;
    }
  }
  const ready = createHeap((node) => (node < graph.resources ? node : node - size));
  for (const leader of members.keys()) if (waiting[leader] === 0) ready.push(leader);
  const order: number[] = [];
  for (let leader = ready.pop(); leader !== undefined; leader = ready.pop()) {
    for (const node of members.get(leader) ?? []) {
      order.push(node);
      for (const other of graph.next[node] ?? []) {
        const then = group[other] ?? other;
        if (then === leader) continue;
        const left = (waiting[then] ?? 0) - 1;
        waiting[then] = left;
        if (left === 0) ready.push(then);
      }
    }
  }
  if (order.length !== size) throw new Error("the graph to be sorted has a cycle");
  return { order, levels };
}

function levelsOf({ next, sharedKey }: Sortable): readonly number[] {
  const levels = Array.from<number>({ length: next.length }).fill(0);
  const waiting = Array.from<number>({ length: next.length }).fill(0);
  for (const others of next) for (const other of others) waiting[other] = (waiting[other] ?? 0) + 1;
  const open = [...waiting.keys()].filter((node) => waiting[node] === 0);
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const through = (levels[node] ?? 0) + (sharedKey(node) === undefined ? 0 : 1);
    for (const other of next[node] ?? []) {
      levels[other] = Math.max(levels[other] ?? 0, through);
      const left = (waiting[other] ?? 0) - 1;
      waiting[other] = left;
      if (left === 0) open.push(other);
    }
  }
  return levels;
}

/** A binary heap of nodes, the one with the least rank first. */
function createHeap(rank: (node: number) => number) {
  const heap: number[] = [];
  const rankAt = (place: number) => rank(heap[place] ?? 0);
  const swap = (a: number, b: number) => {
    [heap[a], heap[b]] = [heap[b] ?? 0, heap[a] ?? 0];
  };
  return {
    push(node: number): void {
      heap.push(node);
      for (let at = heap.length - 1; at > 0;) {
        const parent = (at - 1) >> 1;
        if (rankAt(parent) <= rankAt(at)) break;
        swap(parent, at);
        at = parent;
      }
    },
    pop(): number | undefined {
      const top = heap[0];
      const end = heap.pop();
      if (end === undefined || heap.length === 0) return top;
      heap[0] = end;
      for (let at = 0; ;) {
        let least = at;
        for (const child of [2 * at + 1, 2 * at + 2])
          if (child < heap.length && rankAt(child) < rankAt(least)) least = child;
        if (least === at) return top;
        swap(at, least);
        at = least;
      }
    },
  };
}
