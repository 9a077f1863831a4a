import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Catalog, Resource, ResourceId } from "../catalog.ts";
import { isRemoval, ownKey } from "../footprint-index.ts";
import type { Graph } from "../graph.ts";
import type { Change, Guard, Have, ReadContext } from "../kind/kind.ts";
import type { Mount } from "../mounts.ts";
import type { Because } from "../plan.ts";
import type { State } from "../state.ts";
import type { Cells } from "./cells.ts";
import type { Draft, Upstream } from "./draft.ts";
import { isAccount } from "./effects.ts";
import { watchNamesIt } from "../graph/watched.ts";
import { judgeGuard } from "./guards.ts";
import { mayBringIt, mayChange, reasonsOfChanges } from "./reasons.ts";

/** What surrounds a resource when its turn comes. */
export interface StepContext {
  readonly catalog: Catalog;
  readonly graph: Graph;
  readonly state: State;
  readonly context: ReadContext;
  readonly cells: Cells;
  /** The mount that a real path of the host is in. */
  readonly mountOf: (path: string) => Mount | undefined;
  readonly drafts: ReadonlyMap<ResourceId, Draft>;
  readonly upstream: Upstream;
  readonly rank: ReadonlyMap<ResourceId, number>;
}

/** What a resource itself has to do, events aside. */
export interface Work {
  /** There is, or may be, something to do. */
  readonly applies: boolean;
  /** There is for sure. */
  readonly sure: boolean;
  readonly changes: readonly Change[];
  readonly because: readonly Because[];
  /** No earlier step is known to work on or around what was read. */
  readonly keepsState: boolean;
}

/** A step, none when there is nothing to do, or what is wrong. */
export interface Decision {
  readonly draft?: Draft;
  readonly diagnostics: readonly Diagnostic[];
}

/** What a guard leaves to do. */
export function guardedWork(
  resource: Resource,
  guard: Guard,
  have: Have | undefined,
  { catalog, graph, state, cells, drafts, upstream, rank }: StepContext,
): Work | Decision {
  const mover = ownCell(resource, graph, cells);
  const here = rank.get(resource.id) ?? 0;
  const verdict = judgeGuard(resource, guard, state.guards.get(resource.id), {
    host: catalog.host,
    upstream,
    watched: guard.property === "watch" ? watchedChanges(resource, graph, drafts) : [],
    mover: mover?.prediction === "beside" ? undefined : mover?.by,
    later: graph.order.slice(here + 1).find((other) => other.kind.name === "package" && !isRemoval(other))?.id,
  });
  if (verdict.verdict === "error") return { diagnostics: [verdict.diagnostic] };
  const keepsState = have !== undefined;
  if (verdict.verdict === "rest") return { applies: false, sure: false, changes: [], because: [], keepsState };
  return { applies: true, sure: verdict.certain, changes: [], because: verdict.because, keepsState };
}

/** The steps that certainly change names, contents or targets of what a `watch` names: these are what its digest is over. */
function watchedChanges(
  resource: Resource,
  graph: Graph,
  drafts: ReadonlyMap<ResourceId, Draft>,
): readonly ResourceId[] {
  const seen = ["content", "source", "state", "to"];
  const writers = new Set(
    graph.before(resource.id).flatMap((edge) => (edge.because === watchNamesIt ? [edge.from] : [])),
  );
  return [...writers].filter((id) => {
    const draft = drafts.get(id);
    return (
      draft?.certain === true &&
      draft.resource.kind.name !== "directory" &&
      draft.changes.some(({ property }) => seen.includes(property))
    );
  });
}

/** A command whose only guard is its condition. */
export function commandWork(resource: Resource, because: readonly Because[]): Work {
  const text = resource.when ? because : [{ text: "it runs always" }];
  return { applies: true, sure: true, changes: [], because: text, keepsState: false };
}

/** What a difference, or the doubt about what was read, leaves to do. */
export function plainWork(resource: Resource, have: Have, changes: readonly Change[], around: StepContext): Work {
  const { graph, cells, upstream } = around;
  const reasons = reasonsOfChanges(resource, have, changes);
  const own = ownCell(resource, graph, cells);
  const moved = movedAccount(resource, graph, cells);
  const unknown = own && own.prediction !== "beside" ? own.by : moved;
  const isPackage = resource.kind.transaction !== undefined;
  const opaque = isPackage ? undefined : upstream.opaque;
  const broughtUnit = have.state === "absent" && !isRemoval(resource) ? unlistedBringer(resource, around) : undefined;
  const doubt: Because | undefined =
    unknown !== undefined
      ? have.state === "absent"
        ? mayBringIt(unknown)
        : mayChange(unknown)
      : broughtUnit !== undefined
        ? mayBringIt(broughtUnit)
        : opaque !== undefined
          ? mayChange(opaque)
          : undefined;
  if (doubt) return { applies: true, sure: false, changes, because: [...reasons, doubt], keepsState: false };
  const keepsState = own === undefined && upstream.opaque === undefined;
  return { applies: changes.length > 0, sure: changes.length > 0, changes, because: reasons, keepsState };
}

/** The prediction for what the resource itself is about, when an earlier step made one. */
function ownCell(resource: Resource, graph: Graph, cells: Cells) {
  let beside;
  for (const key of ownKeys(resource, graph)) {
    const cell = cells.get(key);
    if (!cell || cell.by === resource.id) continue;
    if (cell.prediction !== "beside") return cell;
    beside = cell;
  }
  return beside;
}

/** The keys of the thing itself: its path, its name, or for a command what it creates. */
function ownKeys(resource: Resource, graph: Graph): readonly string[] {
  if (resource.kind.name !== "execute") return [ownKey(resource)];
  const lines = graph.footprints.lines[graph.footprints.positions.get(resource.id) ?? -1] ?? [];
  return lines.filter((line) => line.mode === "provides").map((line) => line.key);
}

/** An account the resource belongs to whose number changes. */
function movedAccount(resource: Resource, graph: Graph, cells: Cells): ResourceId | undefined {
  const { footprints } = graph;
  for (const need of graph.needs.get(resource.id) ?? []) {
    const cell = cells.get(need.key);
    const by =
      cell?.prediction === "unknown" ? footprints.resources[footprints.positions.get(cell.by) ?? -1] : undefined;
    if (by && isAccount(by) && by.id !== resource.id) return by.id;
  }
  return undefined;
}

/** A pending package that the resource waits for and that may bring it, though nothing lists it. */
function unlistedBringer(resource: Resource, { graph, upstream }: StepContext): ResourceId | undefined {
  const { pendingPackage } = upstream;
  if (pendingPackage === undefined) return undefined;
  if (resource.kind.name === "service") return pendingPackage;
  const { footprints } = graph;
  const place = footprints.positions.get(pendingPackage) ?? -1;
  const isSystem = /^\/(?:boot|etc|lib|opt|usr|var)\//.test(resource.want.title);
  return isSystem && !footprints.isLearned(place) ? pendingPackage : undefined;
}
