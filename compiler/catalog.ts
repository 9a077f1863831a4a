import type { Span } from "../grammar/source.ts";
import type { Kind, Want } from "./kind/kind.ts";
import type { LifeCycleEvent } from "./life-cycle.ts";
import type { Blob, Command } from "./kind/value.ts";

/** The name of a resource on its host: `file["/etc/motd"]`, or `apache.server` for a singleton. */
export type ResourceId = string;

/** One resource of a host, merged from all its declarations. */
export interface Resource {
  readonly id: ResourceId;
  readonly kind: Kind;
  readonly want: Want;
  /** Where each property was given; a property by default is missing. */
  readonly origins: ReadonlyMap<string, Span>;
  /** Its declarations in source order; the first is the one a plan names. */
  readonly declared: readonly Declared[];
  /** The other names it was declared by, where the host knows several for one thing, each with its place. */
  readonly aliases?: readonly { readonly id: ResourceId; readonly span: Span }[];
  /** The resource of the person's own that directly contains it; several when several declare it. */
  readonly containers: readonly ResourceId[];
  /** The container of the host's life that it lies in as a whole: it waits for its begin, wherever else it is declared. */
  readonly during?: ResourceId;
  /** The first event of the host's life that it belongs to; `setup` unless given. */
  readonly event?: LifeCycleEvent;
  readonly retry?: { readonly count: number; readonly everyMilliseconds: number };
  readonly timeoutMilliseconds?: number;
  /** Acts only if this holds on the target, just before the step. */
  readonly when?: Condition;
  /** `when` did not hold when the recipe was evaluated, and some properties have a value only where it does. */
  readonly isPartial?: true;
}

/** A place that declares a resource, and the places through which it came to be declared (outermost last). */
export interface Declared {
  readonly span: Span;
  readonly through: readonly Span[];
}

/** A resource of the person's own, or an event of the host's life: begins before and ends after all it contains. */
export interface Container {
  readonly id: ResourceId;
  readonly declared: readonly Declared[];
  readonly containers: readonly ResourceId[];
  /** As of a resource. */
  readonly during?: ResourceId;
}

/** An explicit or referenced order between two resources or containers; inferred ones are added by the graph. */
export interface Edge {
  /** Comes first. */
  readonly from: ResourceId;
  /** Comes after. */
  readonly to: ResourceId;
  /**
   * `require` and `before` as written, `notify` with its event, `reference` from a value, `inferred` from footprints,
   * `life-cycle` between the events of the host's life and the layers within one.
   */
  readonly reason: "before" | "inferred" | "life-cycle" | "notify" | "reference" | "require";
  /** For `notify`: the event that `to` takes when `from` changes. */
  readonly event?: string;
  /** A clause that follows "because": "you wrote `require`", "it is its owner". */
  readonly because: string;
  /** Where it was written; an inferred edge has the place of the property that led to it, when there is one. */
  readonly span?: Span;
}

/** A condition over observed values that is decided again on the target. */
export type Condition =
  | { readonly type: "constant"; readonly value: boolean }
  /** Holds when the command of the observe exits 0. */
  | { readonly type: "succeeds"; readonly observe: number }
  /** Holds when the output of the observe (less its last newline) equals the text. */
  | { readonly type: "equals"; readonly observe: number; readonly text: string }
  /** Holds when the observe failed, that is, its optional value is `none`. */
  | { readonly type: "fails"; readonly observe: number }
  /** Any other use: the value the plan saw decides, and the step fails as stale if the output has changed since. */
  | { readonly type: "seen"; readonly observe: number; readonly value: boolean }
  | { readonly type: "not"; readonly of: Condition }
  | { readonly type: "and" | "or"; readonly of: readonly Condition[] };

/** A read that the recipe asked for with `observe`. */
export interface Observe {
  readonly index: number;
  readonly name: string;
  readonly span: Span;
  readonly command: Command;
  /** How the answer is understood. */
  readonly result: "bool" | "json" | "lines" | "string";
  readonly optional: boolean;
  /**
   * Why the answer that was read says nothing ("its command ended with status 127: …"); it counted as false, none or empty.
   * An error, unless an earlier step may change it: then what depends on it is uncertain.
   */
  readonly unreadable?: string;
}

/** Everything one host should be: its resources in source order and the order that the recipe states. */
export interface Catalog {
  readonly host: string;
  readonly resources: readonly Resource[];
  readonly containers: readonly Container[];
  readonly edges: readonly Edge[];
  readonly observes: readonly Observe[];
  /** All bytes that steps may send, by digest. */
  readonly blobs: ReadonlyMap<string, Blob>;
}
