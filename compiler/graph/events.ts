import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Catalog, Edge, Resource, ResourceId } from "../catalog.ts";
import { planDiagnostic } from "../messages/plan.ts";
import { declaredAt } from "./places.ts";

/** The stated edges once every event for a container has been given to the resources that take it. */
export interface Delivered {
  readonly edges: readonly Edge[];
  /** The events among them as edges between resources: one sent by a container comes from each of its members. */
  readonly events: readonly Edge[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Delivers the events of the recipe: one for a container goes to the resources directly inside that have the event. */
export function deliverEvents(catalog: Catalog): Delivered {
  const containers = new Map(catalog.containers.map((container) => [container.id, container]));
  const inside = membersOf(catalog);
  const edges: Edge[] = [];
  const events: Edge[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const edge of catalog.edges) {
    const { event } = edge;
    if (event === undefined) {
      edges.push(edge);
      continue;
    }
    const container = containers.get(edge.to);
    const takers = container
      ? (inside.resources.get(edge.to) ?? [])
          .filter(({ id, kind }) => kind.events.includes(event) && id !== edge.from)
          .map(({ id }) => id)
      : [edge.to];
    for (const to of takers) {
      const senders = containers.has(edge.from) ? inside.all(edge.from).filter((id) => id !== to) : [edge.from];
      events.push(...senders.map((from) => ({ ...edge, from, to })));
      // The end of a container cannot come before one of its own members, but the other members can.
      const isInside = containers.has(edge.from) && inside.all(edge.from).includes(to);
      edges.push(...(isInside ? senders : [edge.from]).map((from) => ({ ...edge, from, to })));
    }
    if (takers.length > 0 || !container) continue;
    const sender = catalog.resources.find((resource) => resource.id === edge.from);
    const span = edge.span ?? container.declared[0]?.span ?? (sender && declaredAt(sender));
    if (span) diagnostics.push(planDiagnostic("P305", span, { container: container.id, event }));
  }
  return { edges, events, diagnostics };
}

/** The resources directly inside each container, and the names of those at any depth. */
function membersOf(catalog: Catalog) {
  const resources = new Map<ResourceId, Resource[]>();
  const nested = new Map<ResourceId, ResourceId[]>();
  for (const resource of catalog.resources) {
    for (const container of resource.containers) {
      const known = resources.get(container);
      if (known) known.push(resource);
      else resources.set(container, [resource]);
    }
  }
  for (const { id, containers } of catalog.containers) {
    for (const container of containers) nested.set(container, [...(nested.get(container) ?? []), id]);
  }
  const known = new Map<ResourceId, readonly ResourceId[]>();
  const all = (container: ResourceId): readonly ResourceId[] => {
    const found = known.get(container);
    if (found) return found;
    known.set(container, []);
    const members = new Set((resources.get(container) ?? []).map(({ id }) => id));
    for (const inner of nested.get(container) ?? []) for (const id of all(inner)) members.add(id);
    known.set(container, [...members]);
    return [...members];
  };
  return { resources, all };
}
