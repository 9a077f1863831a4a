import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Catalog, Edge, Resource, ResourceId } from "../catalog.ts";
import { planDiagnostic } from "../messages-plan.ts";
import { declaredAt } from "./places.ts";

/** The edges that events of the recipe really take: one for a container goes to the resources directly inside that have the event. */
export function deliverEvents(catalog: Catalog): {
  readonly targets: (edge: Edge) => readonly Edge[];
  readonly diagnostics: readonly Diagnostic[];
} {
  const containers = new Map(catalog.containers.map((container) => [container.id, container]));
  const members = new Map<ResourceId, Resource[]>();
  for (const resource of catalog.resources) {
    for (const container of resource.containers) {
      const known = members.get(container);
      if (known) known.push(resource);
      else members.set(container, [resource]);
    }
  }
  const diagnostics: Diagnostic[] = [];
  const delivered = new Map<Edge, readonly Edge[]>();
  for (const edge of catalog.edges) {
    const { event } = edge;
    const container = containers.get(edge.to);
    if (event === undefined || !container) continue;
    const takers = (members.get(edge.to) ?? []).filter(
      (member) => member.kind.events.includes(event) && member.id !== edge.from,
    );
    delivered.set(
      edge,
      takers.map((taker) => ({ ...edge, to: taker.id })),
    );
    if (takers.length > 0) continue;
    const from = catalog.resources.find((resource) => resource.id === edge.from);
    const span = edge.span ?? container.declared[0]?.span ?? (from && declaredAt(from));
    if (span) diagnostics.push(planDiagnostic("P305", span, { container: container.id, event }));
  }
  return { targets: (edge) => delivered.get(edge) ?? [edge], diagnostics };
}
