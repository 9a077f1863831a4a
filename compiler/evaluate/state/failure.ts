import type { OwnResource } from "../../own-resource.ts";
import type { Kind } from "../../kind/kind.ts";
import type { Value } from "../../kind/value.ts";

/** Stands in the place of a value that is not there; what went wrong is already among the diagnostics, unless a subclass says otherwise. */
export class Failure {
  readonly failed = true;
}

/** The failure of everything that has been reported: one mistake gives one message. */
export const reported: Failure = new Failure();

/** The value needs the answer of an observe that has not been read. */
export class Unread extends Failure {}

/** The one failure of its sort; nothing distinguishes two of them. */
export const unread: Failure = new Unread();

/** The value needs an observe whose command gave no answer. That is reported once, unless only conditions of steps look at it. */
export class Unanswered extends Failure {
  /** The key of the observe. */
  readonly observe: string;
  constructor(observe: string) {
    super();
    this.observe = observe;
  }
}

/** The value may be given by a statement that was not carried out. */
export const withheld: Failure = new Failure();

/** Whether there is a value, but it is not known here. */
export function isUnknown(result: unknown): boolean {
  return result === unread || result === withheld;
}

/** The value needs properties or inputs of a resource while declarations of it may still come. */
export class Unsealed extends Failure {
  /** The kind whose declarations are not all known. */
  readonly kind: Kind | OwnResource;
  /** The resource as people write it. */
  readonly id: string;
  /** The input or property that is needed. */
  readonly property: string;
  constructor(kind: Kind | OwnResource, id: string, property: string) {
    super();
    this.kind = kind;
    this.id = id;
    this.property = property;
  }
}

/** A value, or the failure that took its place. */
export type Result = Value | Failure;

/** Whether there is no value. */
export function failed(result: unknown): result is Failure {
  return result instanceof Failure;
}
