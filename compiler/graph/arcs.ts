import type { Catalog, Container, Edge, Resource, ResourceId } from "../catalog.ts";

import type { Inferred } from "./inferred.ts";

/** One arc of the order between nodes, with what it comes from: a written edge, an inferred order, or containment (neither). */
export interface Arc {
  readonly from: number;
  readonly to: number;
  readonly edge?: Edge;
  readonly inferred?: Inferred;
}

/**
 * The nodes of a host's order: each resource by its place in the catalog, and behind them for each container a node where it
 * begins and a node where it ends.
 */
export interface Nodes {
  readonly size: number;
  readonly resources: number;
  /** The node of a resource, or of the begin of a container. */
  readonly first: (id: ResourceId) => number;
  /** The node of a resource, or of the end of a container. */
  readonly last: (id: ResourceId) => number;
  /** The resource or container that a node is of. */
  readonly idOf: (node: number) => ResourceId;
}

/** Numbers the nodes of a catalog. */
export function numberNodes(catalog: Catalog): Nodes {
  const { resources, containers } = catalog;
  const places = new Map<ResourceId, number>();
  for (const [at, resource] of resources.entries()) places.set(resource.id, at);
  for (const [at, container] of containers.entries()) places.set(container.id, resources.length + 2 * at);
  const place = (id: ResourceId): number => {
    const found = places.get(id);
    if (found === undefined) throw new Error(`the catalog has an edge of ${id}, which it does not hold`);
    return found;
  };
  return {
    size: resources.length + 2 * containers.length,
    resources: resources.length,
    first: place,
    last: (id) => (place(id) < resources.length ? place(id) : place(id) + 1),
    idOf: (node) => resources[node]?.id ?? containers[(node - resources.length) >> 1]?.id ?? "",
  };
}

/** Whether a member waits for the begin of its container: it is declared there and neither elsewhere nor at the top. */
export function waitsForBegin(member: Resource | Container): boolean {
  const atTop = member.declared.filter((place) => place.through.length === 0).length;
  return member.containers.length === 1 && (atTop === 0 || atTop === member.declared.length);
}

/**
 * The arcs of containment: a member lies between the begin and the end of its containers; those in `late` may outlast the event
 * of the host's life that they belong to.
 */
export function containmentArcs(
  catalog: Catalog,
  nodes: Nodes,
  late: ReadonlySet<ResourceId> = new Set(),
): readonly Arc[] {
  const arcs: Arc[] = catalog.containers.map(({ id }) => ({ from: nodes.first(id), to: nodes.last(id) }));
  for (const member of [...catalog.resources, ...catalog.containers]) {
    for (const container of member.containers) {
      if (waitsForBegin(member)) arcs.push({ from: nodes.first(container), to: nodes.first(member.id) });
      arcs.push({ from: nodes.last(member.id), to: nodes.last(container) });
    }
    const { during } = member;
    if (during === undefined) continue;
    arcs.push({ from: nodes.first(during), to: nodes.first(member.id) });
    if (!late.has(member.id)) arcs.push({ from: nodes.last(member.id), to: nodes.last(during) });
  }
  return arcs;
}

/** The arcs of the edges that the recipe states. */
export function statedArcs(edges: readonly Edge[], nodes: Nodes): readonly Arc[] {
  return edges.map((edge) => ({ from: nodes.last(edge.from), to: nodes.first(edge.to), edge }));
}
