import type { Resource, ResourceId } from "../catalog.ts";
import type { Graph } from "../graph.ts";

/**
 * For each step the steps it stands on, without those that another of them stands on already. A resource without a step
 * passes on what it stands on itself.
 */
export function requiredSteps(
  graph: Graph,
  stepOf: ReadonlyMap<ResourceId, number>,
): ReadonlyMap<number, readonly number[]> {
  const size = stepOf.size;
  const words = (size + 31) >> 5;
  const reached: Uint32Array[] = [];
  const passed = new Map<ResourceId, readonly number[]>();
  const requires = new Map<number, readonly number[]>();
  const has = (set: Uint32Array | undefined, step: number) => ((set?.[step >> 5] ?? 0) & (1 << (step & 31))) !== 0;
  for (const resource of graph.order) {
    const found = directly(resource, graph, stepOf, passed);
    const step = stepOf.get(resource.id);
    if (step === undefined) {
      passed.set(resource.id, found);
      continue;
    }
    const all = new Uint32Array(words);
    const kept: number[] = [];
    for (const before of found.toReversed()) {
      if (has(all, before)) continue;
      kept.push(before);
      const below = reached[before];
      if (below) for (let word = 0; word < words; word++) all[word] = (all[word] ?? 0) | (below[word] ?? 0);
      all[before >> 5] = (all[before >> 5] ?? 0) | (1 << (before & 31));
    }
    reached[step] = all;
    requires.set(step, kept.toReversed());
  }
  return requires;
}

function directly(
  resource: Resource,
  graph: Graph,
  stepOf: ReadonlyMap<ResourceId, number>,
  passed: ReadonlyMap<ResourceId, readonly number[]>,
): readonly number[] {
  const edges = graph.before(resource.id);
  const [only] = edges;
  if (only && edges.length === 1 && stepOf.get(only.from) === undefined) return passed.get(only.from) ?? [];
  const found = new Set<number>();
  for (const { from } of edges) {
    const step = stepOf.get(from);
    if (step !== undefined) found.add(step);
    else for (const one of passed.get(from) ?? []) found.add(one);
  }
  return [...found].toSorted((a, b) => a - b);
}
