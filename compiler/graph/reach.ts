/** Marks every node that can be reached from one, itself included, among the nodes that `within` admits. */
export function reachFrom(
  start: number,
  next: readonly (readonly number[])[],
  within: (node: number) => boolean,
): ReadonlySet<number> {
  const seen = new Set([start]);
  const open = [start];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const other of next[node] ?? []) {
      if (seen.has(other) || !within(other)) continue;
      seen.add(other);
      open.push(other);
    }
  }
  return seen;
}

/** The nodes of a shortest way, both ends included; none when there is no way. */
export function shortestWay(from: number, to: number, next: readonly (readonly number[])[]): readonly number[] {
  const cameFrom = new Map<number, number>([[from, -1]]);
  const open = [from];
  for (let place = 0; place < open.length; place++) {
    const node = open[place] ?? 0;
    if (node === to) {
      const nodes: number[] = [];
      for (let at = to; at !== -1; at = cameFrom.get(at) ?? -1) nodes.push(at);
      return nodes.toReversed();
    }
    for (const other of next[node] ?? []) {
      if (cameFrom.has(other)) continue;
      cameFrom.set(other, node);
      open.push(other);
    }
  }
  return [];
}
