import type { Resource, ResourceId } from "../catalog.ts";
import { isRemoval } from "../footprint-index.ts";
import type { Graph, Need } from "../graph.ts";
import type { State } from "../state.ts";
import type { Draft, Upstream } from "./draft.ts";
import { onlyNotes } from "./effects.ts";

/** Whether all is known that a package brings. */
export function isLearned(resource: Resource, graph: Graph): boolean {
  return graph.footprints.isLearned(graph.footprints.positions.get(resource.id) ?? -1);
}

/** Whether a step installs or upgrades a package. */
export function isPendingPackage(draft: Draft): boolean {
  return draft.resource.kind.name === "package" && !isRemoval(draft.resource) && !onlyNotes(draft.changes);
}

/** Nothing is known of what a command does beyond what it creates. */
function isOpaque(draft: Draft, graph: Graph): boolean {
  if (draft.resource.kind.name !== "execute") return false;
  const lines = graph.footprints.lines[graph.footprints.positions.get(draft.resource.id) ?? -1] ?? [];
  return !lines.some((line) => line.mode === "provides");
}

/** What a passage hands on: its own step, and what came before it. */
export interface Stream {
  readonly upstream: Upstream;
  draft?: Draft;
}

/** Joins what the passages directly before one hand on. */
export function collectUpstream(before: readonly number[], streams: readonly Stream[], graph: Graph): Upstream {
  let step: ResourceId | undefined;
  let opaque: ResourceId | undefined;
  let pendingPackage: ResourceId | undefined;
  for (const place of before) {
    const { draft, upstream } = streams[place] ?? { upstream: {} };
    const id = draft?.resource.id;
    step = id ?? step ?? upstream.step;
    opaque = (draft && isOpaque(draft, graph) ? id : undefined) ?? opaque ?? upstream.opaque;
    pendingPackage = (draft && isPendingPackage(draft) ? id : undefined) ?? pendingPackage ?? upstream.pendingPackage;
  }
  return {
    ...(step === undefined ? {} : { step }),
    ...(opaque === undefined ? {} : { opaque }),
    ...(pendingPackage === undefined ? {} : { pendingPackage }),
  };
}

/** A resource further down the order that may bring what is missing here. */
export function laterProvider(
  resource: Resource,
  need: Need,
  isSystemPath: boolean,
  graph: Graph,
  rank: ReadonlyMap<ResourceId, number>,
  state: State,
): ResourceId | undefined {
  const here = rank.get(resource.id) ?? 0;
  const known = [...need.providers, ...need.mayProvide].find((id) => (rank.get(id) ?? -1) > here);
  if (known !== undefined || !isSystemPath) return known;
  return graph.order.slice(here + 1).find((other) => {
    if (other.kind.name !== "package" || isRemoval(other) || isLearned(other, graph)) return false;
    const reading = state.resources.get(other.id);
    return reading !== undefined && "have" in reading && reading.have.state === "absent";
  })?.id;
}
