/**
 * The strongly connected components of a graph: for each node the number of its component. Two nodes have the same number
 * exactly when each can be reached from the other (Tarjan's method, without recursion).
 */
export function componentsOf(next: readonly (readonly number[])[]): readonly number[] {
  const size = next.length;
  const component = Array.from<number>({ length: size }).fill(-1);
  const entered = Array.from<number>({ length: size }).fill(-1);
  const lowest = Array.from<number>({ length: size }).fill(0);
  const place = Array.from<number>({ length: size }).fill(0);
  const pending: number[] = [];
  let clock = 0;
  let components = 0;
  for (let root = 0; root < size; root++) {
    if (entered[root] !== -1) continue;
    const path = [root];
    while (path.length > 0) {
      const node = path.at(-1) ?? 0;
      if (entered[node] === -1) {
        entered[node] = lowest[node] = clock++;
        pending.push(node);
      }
      const other = next[node]?.[place[node] ?? 0];
      if (other !== undefined) {
        place[node] = (place[node] ?? 0) + 1;
        if (entered[other] === -1) path.push(other);
        else if (component[other] === -1) lowest[node] = Math.min(lowest[node] ?? 0, entered[other] ?? 0);
        continue;
      }
      path.pop();
      const parent = path.at(-1);
      if (parent !== undefined) lowest[parent] = Math.min(lowest[parent] ?? 0, lowest[node] ?? 0);
      if (lowest[node] !== entered[node]) continue;
      for (let member = pending.pop(); member !== undefined; member = pending.pop()) {
        component[member] = components;
        if (member === node) break;
      }
      components += 1;
    }
  }
  return component;
}
