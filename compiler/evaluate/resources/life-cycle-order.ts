import type { Container, Edge, ResourceId } from "../../catalog.ts";
import { type LifeCycleEvent, lifeCycleEvents } from "../../life-cycle.ts";
import type { LayerOrder } from "../../site.ts";
import { type Composite, type Declaring, isGroup } from "../state/declared-resource.ts";
import type { Sequence } from "./sequence.ts";

/** Where a resource lies in the life of its host. */
export interface PlaceInLife {
  /** The container that it lies in as a whole. */
  readonly during?: ResourceId;
  /** Containers that it only has to be done in time for, as it is declared for several events or layers. */
  readonly loose: readonly ResourceId[];
}

/** How the events of a host's life follow each other, and the layers within each event. */
export interface LifeCycleOrder {
  readonly containers: readonly Container[];
  readonly edges: readonly Edge[];
  readonly placeOf: (declarings: readonly Declaring[]) => PlaceInLife;
}

const none: LifeCycleOrder = { containers: [], edges: [], placeOf: () => ({ loose: [] }) };

/** All that a stack or a layer declares for one event. */
export function eventOfGroup(kind: string, event: LifeCycleEvent): ResourceId {
  return `${kind} on ${event}`;
}

/** All that a host does at one event. */
function eventOfHost(event: LifeCycleEvent): ResourceId {
  return `on ${event}`;
}

/** Puts every resource into a container of its event, in that of its layer if it has one, and those into an order. */
export function lifeCycleOrder({ primitives, composites }: Sequence, order: readonly LayerOrder[]): LifeCycleOrder {
  const declarings = primitives.flatMap((primitive) => primitive.declarings);
  const present = lifeCycleEvents.filter((event) => declarings.some((declaring) => declaring.event === event));
  if (present.length < 2 && !composites.some(isGroup)) return none;
  const containers = new Map<ResourceId, Container>();
  const add = (id: ResourceId, { span }: Declaring, during?: ResourceId): ResourceId => {
    const declared = [{ span, through: [] }];
    if (!containers.has(id)) containers.set(id, { id, declared, containers: [], ...(during ? { during } : {}) });
    return id;
  };
  const places = new Map<Declaring, ResourceId>();
  for (const declaring of declarings) {
    let inner = add(eventOfHost(declaring.event), declaring);
    for (const group of groupsAround(declaring)) inner = add(eventOfGroup(group.id, declaring.event), declaring, inner);
    places.set(declaring, inner);
  }
  return {
    containers: [...containers.values()],
    edges: [...eventEdges(present), ...layerEdges(present, order, containers)],
    placeOf: (all) => {
      const ids = [...new Set(all.flatMap((declaring) => places.get(declaring) ?? []))];
      const [only, ...others] = ids;
      return only !== undefined && others.length === 0 ? { during: only, loose: [] } : { loose: ids };
    },
  };
}

/** The stack and the layer that a declaration stands in, the stack first. */
function groupsAround({ container }: Declaring): readonly Composite[] {
  const groups: Composite[] = [];
  for (let at: Composite | undefined = container; at; at = at.declarings[0]?.container)
    if (isGroup(at)) groups.push(at);
  return groups.toReversed();
}

function eventEdges(present: readonly LifeCycleEvent[]): readonly Edge[] {
  return present.slice(1).flatMap((event, index): Edge[] => {
    const before = present[index];
    if (!before) return [];
    const because = `${event} comes after ${before}`;
    return [{ from: eventOfHost(before), to: eventOfHost(event), reason: "life-cycle", because }];
  });
}

function layerEdges(
  present: readonly LifeCycleEvent[],
  order: readonly LayerOrder[],
  containers: ReadonlyMap<ResourceId, Container>,
): readonly Edge[] {
  return order.flatMap(({ first, then, span }) =>
    present.flatMap((event): Edge[] => {
      const from = eventOfGroup(first, event);
      const to = eventOfGroup(then, event);
      if (!containers.has(from) || !containers.has(to)) return [];
      return [{ from, to, reason: "life-cycle", because: "you wrote `->`", span }];
    }),
  );
}
