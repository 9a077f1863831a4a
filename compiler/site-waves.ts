import { hostsOf, type LayerOrder, type Site } from "./site.ts";

/** Hosts of which each waits for the others, because of an order of layers that share them. */
export interface Knot {
  readonly hosts: readonly string[];
  /** One of the orders that tie them together. */
  readonly order: LayerOrder;
}

/** In what order hosts are worked off. */
export interface Waves {
  /** All hosts of one wave may be at work at the same time; a wave begins when the one before has ended. */
  readonly waves: readonly (readonly string[])[];
  /** Hosts that are of one wave although their layers are in order. */
  readonly knots: readonly Knot[];
}

interface Node {
  /** Missing for what only stands between the hosts of two layers. */
  readonly host?: string;
  readonly order?: LayerOrder;
  readonly next: Node[];
}

/** Puts the hosts of a site into waves, so that those of a layer come after those of the layers before it. */
export function wavesOf(site: Pick<Site, "hosts" | "layers" | "order" | "stacks">): Waves {
  const hosts = new Map<string, Node>([...site.hosts.keys()].map((host) => [host, { host, next: [] }]));
  const whole = { ...site, diagnostics: [] };
  const orders = site.order.map((order): Node => {
    const node: Node = { order, next: hostsOf(whole, order.then).flatMap((host) => hosts.get(host) ?? []) };
    for (const host of hostsOf(whole, order.first)) hosts.get(host)?.next.push(node);
    return node;
  });
  const groups = components([...hosts.values(), ...orders]);
  const groupOf = new Map(groups.flatMap((group, index) => group.map((node) => [node, index] as const)));
  const wave: number[] = groups.map(() => 0);
  // Components come last first: what a group leads to has been seen before it.
  for (let index = groups.length - 1; index >= 0; index--) {
    const group = groups[index] ?? [];
    const own = wave[index] ?? 0;
    const after = own + (group.some(({ host }) => host !== undefined) ? 1 : 0);
    for (const next of group.flatMap((node) => node.next)) {
      const target = groupOf.get(next) ?? index;
      if (target !== index) wave[target] = Math.max(wave[target] ?? 0, after);
    }
  }
  const waves: string[][] = [];
  for (const [host, node] of hosts) (waves[wave[groupOf.get(node) ?? 0] ?? 0] ??= []).push(host);
  const knots = groups.flatMap((group): Knot[] => {
    const tied = group.flatMap(({ host }) => host ?? []);
    const order = group.find((node) => node.order)?.order;
    return order && tied.length > 1 ? [{ hosts: tied.toSorted(), order }] : [];
  });
  return { waves: waves.filter((one) => one !== undefined), knots };
}

/** The strongly connected components, each behind all that it leads to; walks without recursion. */
function components(nodes: readonly Node[]): readonly (readonly Node[])[] {
  const index = new Map<Node, number>();
  const low = new Map<Node, number>();
  const open: Node[] = [];
  const isOpen = new Set<Node>();
  const found: Node[][] = [];
  for (const start of nodes) {
    if (index.has(start)) continue;
    const path: { readonly node: Node; at: number }[] = [{ node: start, at: 0 }];
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const { node } = top;
      if (top.at === 0) {
        index.set(node, index.size);
        low.set(node, index.get(node) ?? 0);
        open.push(node);
        isOpen.add(node);
      }
      const next = node.next[top.at];
      top.at += 1;
      if (next) {
        if (!index.has(next)) path.push({ node: next, at: 0 });
        else if (isOpen.has(next)) low.set(node, Math.min(low.get(node) ?? 0, index.get(next) ?? 0));
        continue;
      }
      path.pop();
      const parent = path.at(-1)?.node;
      if (parent) low.set(parent, Math.min(low.get(parent) ?? 0, low.get(node) ?? 0));
      if (low.get(node) !== index.get(node)) continue;
      const group = open.splice(open.indexOf(node));
      for (const one of group) isOpen.delete(one);
      found.push(group);
    }
  }
  return found;
}
