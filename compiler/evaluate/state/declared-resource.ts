import type { BodyEntry } from "../../../grammar/ast.ts";
import type { Span } from "../../../grammar/source.ts";
import type { ResourceId } from "../../catalog.ts";
import type { OwnResource } from "../../own-resource.ts";
import type { LifeCycleEvent } from "../../life-cycle.ts";
import type { Kind } from "../../kind/kind.ts";
import type { Value } from "../../kind/value.ts";
import type { Scope } from "./scope.ts";
import type { Thunk, Touches } from "./thunk.ts";

/** Where a body gives a property: its name, and its value. */
export interface PlaceOfProperty {
  readonly name: Span;
  readonly value: Span;
}

/** The body of one declaration statement where it was executed; declarations with several titles share it. */
export interface Given {
  readonly scope: Scope;
  readonly entries: readonly BodyEntry[];
  /** The values that its properties were found to have, by the name of the property and the scope it added. */
  readonly thunks: Map<string, Thunk>;
  /** Every property it gives, once that has been asked. */
  names: ReadonlyMap<string, PlaceOfProperty> | undefined;
}

/** One declaration of one resource. */
export interface Declaring {
  readonly span: Span;
  readonly given: Given;
  readonly container: Composite;
  /** What its title was made from. */
  readonly titleTouches: Touches;
  /** Observes that decided that it is declared at all. */
  readonly controls: ReadonlySet<string>;
  /** The event of the host's life that it belongs to. */
  readonly event: LifeCycleEvent;
}

/** Whether a resource is a stack or a layer. */
export function isGroup({ definition: { node } }: Composite): boolean {
  return node.type === "layer" || node.type === "stack";
}

/** A place in the order of the source: what is declared at it, or the statements inside it. */
export interface Slot {
  readonly children: Slot[];
  declared: { readonly resource: Composite | Primitive; readonly declaring: Declaring } | undefined;
}

/** A place that refers to a resource, and the resource of the user's own whose body it was reached in. */
export interface ReferredAt {
  readonly span: Span;
  readonly within: Composite | undefined;
}

/** A resource of a built-in kind, as all its declarations together make it. */
export interface Primitive {
  readonly type: "primitive";
  readonly id: ResourceId;
  readonly kind: Kind;
  readonly title: string;
  readonly declarings: Declaring[];
  /** Values of properties, by name. */
  readonly properties: Map<string, Thunk>;
  /** Places that referred to it while nothing had declared it. */
  readonly referredAt: ReferredAt[];
}

/** A resource of the person's own, or a used file: it is made of others. */
export interface Composite {
  readonly type: "composite";
  readonly id: ResourceId;
  readonly definition: OwnResource;
  readonly title: Value;
  readonly titleText: string | null;
  readonly declarings: Declaring[];
  readonly referredAt: ReferredAt[];
  /** Its title, inputs, outputs, observes and lets. */
  readonly scope: Scope;
  /** What its body declares. */
  readonly slot: Slot;
}

/** Either sort of resource. */
export type AnyResource = Composite | Primitive;
