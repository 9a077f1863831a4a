import type { Edge, Resource, ResourceId } from "../catalog.ts";
import { pathOf } from "../footprint-index.ts";
import type { Graph } from "../graph.ts";
import type { Action } from "../kind/kind.ts";
import type { State } from "../state.ts";
import { unitPlaceOf } from "../units.ts";
import type { Draft, Incoming } from "./draft.ts";

/** Whether a resource reacts to events at all: one that should be stopped or absent does not. */
export function takesEvents(resource: Resource): boolean {
  const { kind, want } = resource;
  const wanted = want.properties["state"];
  if (wanted === "stopped" || wanted === "absent" || !kind.react) return false;
  return kind.events.some((event) => (kind.react?.(want, event) ?? []).length > 0);
}

/** The events on their way to a resource, from steps of this plan and from earlier runs. */
export function incomingEvents(
  resource: Resource,
  graph: Graph,
  drafts: ReadonlyMap<ResourceId, Draft>,
  state: State,
): readonly Incoming[] {
  if (!takesEvents(resource)) return [];
  const rankOf = (event: string | undefined) => (event === undefined ? -1 : resource.kind.events.indexOf(event));
  const found: Incoming[] = [];
  const sent = strongestOf(graph.eventsTo(resource.id), (edge) => edge.from, rankOf);
  const turn = new Map(sent.size > 1 ? [...drafts.keys()].map((id, place) => [id, place]) : []);
  for (const [from, event] of [...sent].toSorted(([a], [b]) => (turn.get(a) ?? 0) - (turn.get(b) ?? 0))) {
    const cause = drafts.get(from);
    if (!cause) continue;
    const { certain } = cause;
    const path = pathOf(cause.resource);
    const because = { text: `${from} ${certain ? "changes" : "may change"}`, resource: from };
    found.push({ event, certain, because, remakes: path !== undefined && unitPlaceOf(path) !== undefined });
  }
  for (const { resource: taker, event, cause, run } of state.owed) {
    if (taker !== resource.id || rankOf(event) === -1) continue;
    found.push({ event, certain: true, because: { text: `${event} owed since run ${run}, for ${cause}` } });
  }
  return found;
}

/** Of the events between each pair of resources only the strongest is sent; by the other end. */
export function strongestOf(
  edges: readonly Edge[],
  otherEnd: (edge: Edge) => ResourceId,
  rankOf: (event: string | undefined, edge: Edge) => number,
): ReadonlyMap<ResourceId, string> {
  const found = new Map<ResourceId, string>();
  for (const edge of edges) {
    const rank = rankOf(edge.event, edge);
    if (edge.event === undefined || rank === -1 || rank <= rankOf(found.get(otherEnd(edge)), edge)) continue;
    found.set(otherEnd(edge), edge.event);
  }
  return found;
}

/** The strongest of the events that are sure to come, else of those that may. */
export function strongest(resource: Resource, incoming: readonly Incoming[]): string | undefined {
  const sure = incoming.filter((one) => one.certain);
  const events = new Set((sure.length > 0 ? sure : incoming).map((one) => one.event));
  return resource.kind.events.findLast((event) => events.has(event));
}

/** The action of a step that only takes an event. */
export function actionOfEvent(event: string): Action {
  return event === "reload" || event === "restart" || event === "run" ? event : "update";
}
