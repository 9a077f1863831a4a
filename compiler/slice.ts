import type { Catalog, Container, ResourceId } from "./catalog.ts";
import { order } from "./graph.ts";
import type { Facts } from "./kind/facts.ts";
import type { LifeCycleEvent } from "./life-cycle.ts";

/**
 * The part of a catalog that belongs to one event of the host's life, what that part cannot do without, and what it sends events
 * to. That one event comes after another is no need: what was set up is taken as it is found.
 */
export function sliceOf(catalog: Catalog, facts: Facts, event: LifeCycleEvent): Catalog {
  const timeless: Catalog = {
    ...catalog,
    resources: catalog.resources.map(timelessly),
    containers: catalog.containers.map(timelessly),
    edges: catalog.edges.filter(({ reason }) => reason !== "life-cycle"),
  };
  const { graph } = order(timeless, facts);
  // What keeps a catalog from being put in order is said of the whole.
  if (!graph) return catalog;
  const kept = new Set<ResourceId>();
  const need = (first: ResourceId): void => {
    const pending = [first];
    for (let id = pending.pop(); id !== undefined; id = pending.pop()) {
      if (kept.has(id)) continue;
      kept.add(id);
      pending.push(...graph.before(id).map(({ from }) => from));
    }
  };
  const own = catalog.resources.filter((resource) => (resource.event ?? "setup") === event);
  for (const { id } of own) need(id);
  for (const { id } of own) for (const { to } of graph.eventsFrom(id)) kept.add(to);
  return restricted(catalog, kept);
}

function timelessly<Member extends Pick<Container, "during">>(member: Member): Omit<Member, "during"> {
  const { during: _, ...rest } = member;
  return rest;
}

function restricted(catalog: Catalog, kept: ReadonlySet<ResourceId>): Catalog {
  const resources = catalog.resources.filter(({ id }) => kept.has(id));
  const used = new Set(
    resources.flatMap(({ containers, during }) => (during === undefined ? containers : [...containers, during])),
  );
  const byId = new Map(catalog.containers.map((container) => [container.id, container]));
  for (const id of used) {
    const container = byId.get(id);
    for (const outer of container?.containers ?? []) used.add(outer);
    if (container?.during !== undefined) used.add(container.during);
  }
  const containers = catalog.containers.filter(({ id }) => used.has(id));
  const ids = new Set([...resources, ...containers].map(({ id }) => id));
  return {
    ...catalog,
    resources,
    containers,
    edges: catalog.edges.filter(({ from, to }) => ids.has(from) && ids.has(to)),
  };
}
