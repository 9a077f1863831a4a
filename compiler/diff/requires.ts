import type { ResourceId } from "../catalog.ts";
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
  const passed: (readonly number[])[] = [];
  const requires = new Map<number, readonly number[]>();
  const has = (set: Uint32Array | undefined, step: number) => ((set?.[step >> 5] ?? 0) & (1 << (step & 31))) !== 0;
  for (const [place, { resource, before }] of graph.passages.entries()) {
    const found = passedOn(before, passed);
    const step = resource && stepOf.get(resource.id);
    if (step === undefined) {
      passed[place] = found;
      continue;
    }
    const all = new Uint32Array(words);
    const kept: number[] = [];
    for (const earlier of found.toReversed()) {
      if (has(all, earlier)) continue;
      kept.push(earlier);
      const below = reached[earlier];
      if (below) for (let word = 0; word < words; word++) all[word] = (all[word] ?? 0) | (below[word] ?? 0);
      all[earlier >> 5] = (all[earlier >> 5] ?? 0) | (1 << (earlier & 31));
    }
    reached[step] = all;
    passed[place] = [step];
    requires.set(step, kept.toReversed());
  }
  return requires;
}

/** The steps that several passages hand on, in order. */
function passedOn(before: readonly number[], passed: readonly (readonly number[])[]): readonly number[] {
  const [only] = before;
  if (only === undefined) return [];
  if (before.length === 1) return passed[only] ?? [];
  const found = new Set<number>();
  for (const place of before) for (const step of passed[place] ?? []) found.add(step);
  return [...found].toSorted((a, b) => a - b);
}
