import type { LifeCycleEvent } from "../../life-cycle.ts";
import type { Composite, Slot } from "./declared-resource.ts";
import type { Scope } from "./scope.ts";

/** Where a statement is carried out: in whose body, with which names, at which place of the order. */
export interface Place {
  readonly composite: Composite;
  readonly scope: Scope;
  readonly slot: Slot;
  /** Observes that decided that the statement is carried out at all. */
  readonly controls: ReadonlySet<string>;
  /** The event of the host's life that the statement belongs to. */
  readonly event: LifeCycleEvent;
}

/** A place of the order behind all that the slot has so far. */
export function newSlot(parent: Slot): Slot {
  const slot: Slot = { children: [], declared: undefined };
  parent.children.push(slot);
  return slot;
}

/** The same place under the decision of some more observes. */
export function controlled(place: Place, observes: ReadonlySet<string>): Place {
  return observes.size === 0 ? place : { ...place, controls: new Set([...place.controls, ...observes]) };
}
