import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Span } from "../../grammar/source.ts";
import type { Catalog, Edge } from "../catalog.ts";
import { planDiagnostic, type CycleLine } from "../messages/plan.ts";
import type { Arc, Nodes } from "./arcs.ts";
import { declaredAt, spanText } from "./places.ts";

/** The finding about resources that wait for each other: each wait with its reason, and the one to take away. */
export function cycleDiagnostic(cycle: readonly Arc[], catalog: Catalog, nodes: Nodes): Diagnostic {
  const places = new Map<string, Span>();
  for (const resource of catalog.resources) places.set(resource.id, declaredAt(resource));
  for (const container of catalog.containers) {
    const span = container.declared[0]?.span;
    if (span) places.set(container.id, span);
  }
  const written = cycle.filter((arc) => nodes.idOf(arc.from) !== nodes.idOf(arc.to) || arc.edge !== undefined);
  // Read against the arrows: each line waits for the next, as a person follows it.
  const arcs = startingFirst(written.toReversed(), nodes);
  const spanOf = (arc: Arc): Span => {
    const origin = arc.inferred && propertySpan(arc, catalog);
    return arc.edge?.span ?? origin ?? places.get(nodes.idOf(arc.to)) ?? placeless;
  };
  const lines = arcs.map((arc): CycleLine => {
    const because = arc.edge?.because ?? arc.inferred?.because ?? "the one contains the other";
    return {
      waits: nodes.idOf(arc.to),
      for: nodes.idOf(arc.from),
      because,
      place: spanText(spanOf(arc)),
      inferred: arc.edge === undefined && arc.inferred !== undefined,
    };
  });
  const weakest = weakestOf(arcs);
  const at = arcs[weakest ?? 0];
  return planDiagnostic("R203", at ? spanOf(at) : placeless, { cycle: lines, weakest });
}

/** The same cycle, begun with the resource that is declared first. */
function startingFirst(arcs: readonly Arc[], nodes: Nodes): readonly Arc[] {
  const places = arcs.map((arc) => nodes.first(nodes.idOf(arc.to)));
  const start = places.indexOf(Math.min(...places));
  return [...arcs.slice(start), ...arcs.slice(0, start)];
}

const placeless: Span = { file: { path: "(nowhere)", text: "" }, start: 0, end: 0 };

/** What an arc comes from as an edge: the written one, or one for an inferred order; not for arcs of containment. */
export function edgeOf(arc: Arc, catalog: Catalog, nodes: Nodes): Edge {
  const { edge, inferred } = arc;
  if (edge) return edge;
  if (!inferred) throw new Error("an arc of containment is no edge");
  const span = propertySpan(arc, catalog);
  return {
    from: nodes.idOf(arc.from),
    to: nodes.idOf(arc.to),
    reason: "inferred",
    because: inferred.because,
    ...(inferred.event === undefined ? {} : { event: inferred.event }),
    ...(span === undefined ? {} : { span }),
  };
}

/** The place of the property that an inferred order comes from, when its value names the key. */
function propertySpan(arc: Arc, catalog: Catalog): Span | undefined {
  const resource = catalog.resources[arc.to];
  if (!resource || !arc.inferred) return undefined;
  if (arc.inferred.property !== undefined) return resource.origins.get(arc.inferred.property);
  const name = arc.inferred.key.slice(arc.inferred.key.indexOf(":") + 1);
  for (const [property, span] of resource.origins) {
    const value = resource.want.properties[property];
    if (value === name || (Array.isArray(value) && value.includes(name))) return span;
  }
  return undefined;
}

/** Of the written edges the one that is most easily given up: an order by hand before one that carries an event or a value. */
function weakestOf(arcs: readonly Arc[]): number | undefined {
  const ranks: Readonly<Record<string, number>> = { before: 0, require: 1, notify: 2, reference: 3 };
  let best: number | undefined;
  let bestRank = Infinity;
  for (const [at, arc] of arcs.entries()) {
    const rank = arc.edge ? (ranks[arc.edge.reason] ?? 4) : Infinity;
    if (rank < bestRank) [best, bestRank] = [at, rank];
  }
  return best;
}
