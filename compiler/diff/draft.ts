import type { Resource, ResourceId } from "../catalog.ts";
import type { Action, Change, Guard, Have } from "../kind/kind.ts";
import type { Because } from "../plan.ts";

/** A step as the walk decides it, before steps have numbers. */
export interface Draft {
  readonly resource: Resource;
  readonly have: Have | undefined;
  readonly action: Action;
  readonly because: readonly Because[];
  readonly certain: boolean;
  /** The state the plan saw will still be there when the step's turn comes. */
  readonly keepsState: boolean;
  readonly changes: readonly Change[];
  /** Applying it may be needed; false when it only takes an event. */
  readonly applies: boolean;
  readonly guard?: Guard;
  /** The condition cannot be compared with what the plan saw, as earlier steps may change it. */
  readonly settlesCondition: boolean;
  /** Takes events in this run. */
  readonly takesEvents: boolean;
  /** Events that may come, weakest first. */
  readonly events: readonly string[];
}

/** An event on its way to a resource. */
export interface Incoming {
  readonly event: string;
  readonly because: Because;
  readonly certain: boolean;
  /** Its cause creates the taker's unit again, so that the taker is not seen afterwards as it was read. */
  readonly remakes?: boolean;
}

/** What the resources before one have in store for it. */
export interface Upstream {
  /** A step among them, the nearest. */
  readonly step?: ResourceId;
  /** A step among them of whose effect nothing is known, such as a command. */
  readonly opaque?: ResourceId;
  /** A package among them that is still to be installed or upgraded. */
  readonly pendingPackage?: ResourceId;
}
