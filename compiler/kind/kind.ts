import type { Call, Probe } from "./call.ts";
import type { Facts } from "./facts.ts";
import type { Footprint } from "./footprint.ts";
import type { Type } from "./type.ts";
import type { Value } from "./value.ts";

/** One property of a kind. */
export interface Property {
  readonly type: Type;
  /** One or two sentences, the first a summary. */
  readonly doc: string;
  /** What is enforced when no declaration gives the property; without it the property is not managed. */
  readonly default?: Value;
  /** Must be given by some declaration. */
  readonly required?: boolean;
  /**
   * How the property takes part in the difference: `managed` is compared and enforced (the default), `control` only steers
   * (verify, guards, watch …) and is never compared.
   */
  readonly role?: "managed" | "control";
  /** For `path`s that name a file of the recipe's own folder: its bytes are read at compile time and the value is a `Blob`. */
  readonly reads?: "source";
  /** The text is turned into a `Blob` (the content of a file). */
  readonly blob?: boolean;
  /** Names that are in scope only in this property's value, such as `candidate` in `verify`. */
  readonly scope?: Readonly<Record<string, Type>>;
}

/** The wanted state of one resource: what the declarations and the defaults say, already conforming to the properties' types. */
export interface Want {
  readonly title: string;
  /** Only properties that are stated or have a default. */
  readonly properties: Readonly<Record<string, Value>>;
  /** Names of the properties that a declaration gave (not by default). */
  readonly stated: ReadonlySet<string>;
}

/** The state of one resource as read: the same property names, only those the probe tells. `state` is always there. */
export type Have = Readonly<Record<string, Value>> & { readonly state: string };

/** One property that is not as it is wanted. */
export interface Change {
  readonly property: string;
  /** Absent when the thing does not exist or the property was not read. */
  readonly from?: Value;
  readonly to: Value;
  /** Why it makes a step, as a clause that follows "because"; when left out the property's name says it. */
  readonly because?: string;
}

/** What a step does, as the plan prints it. */
export type Action = "create" | "update" | "remove" | "run" | "start" | "stop" | "reload" | "restart";

/** What reading a kind needs to know besides its own resources. */
export interface ReadContext {
  readonly facts: Facts;
  /** The login's primary group by user name, from the host's own account files. */
  readonly primaryGroup: (user: string) => string | undefined;
  /** The number of a user or of a group by its name, from the host's own account files; undefined where they lack the name. */
  readonly userId?: (name: string) => number | undefined;
  readonly groupId?: (name: string) => number | undefined;
  /** Whether the recipe declares a resource for this host. */
  readonly isDeclared?: (kind: string, title: string) => boolean;
}

/** A cross-property rule that was broken; becomes a diagnostic at the property (or at the declaration). */
export interface Problem {
  readonly code: string;
  readonly property?: string;
  readonly message: string;
  readonly hints?: readonly string[];
}

/** Why a state cannot be brought about on a host as it is, and what to do about it. */
export interface Refusal {
  /** A clause: "its unit is masked". */
  readonly problem: string;
  readonly cure: string;
}

/** What the host's own tool says that a step of one resource would do. */
export interface Forecast {
  /** What the recipe leaves open and the step will set, by property: the version of a package. Shown in the plan. */
  readonly settles?: Readonly<Record<string, Value>>;
  /** Why the step is sure to fail. */
  readonly refusal?: Refusal;
  /** Why it may fail, as a clause; the plan warns of it. */
  readonly doubt?: string;
}

/** A second question about resources that have a step, for kinds whose tool can say beforehand what it would do. */
export interface Forecaster {
  /** Folders whose content the answer depends on: nothing is asked behind a step that changes something in them. */
  readonly dependsOn: readonly string[];
  /** Undefined when there is nothing to ask. */
  readonly probe: (wants: readonly Want[], haves: ReadonlyMap<string, Have>) => Probe | undefined;
  /** Understands the answer, by title; nothing is known of a title that is left out. */
  readonly read: (
    output: Uint8Array,
    wants: readonly Want[],
    haves: ReadonlyMap<string, Have>,
    context: ReadContext,
  ) => ReadonlyMap<string, Forecast>;
}

/** The contract of a resource kind: everything the checker, the planner, the runtime, the editor and the reference know of it. */
export interface Kind {
  readonly name: string;
  /** What the title is: its type, a word for it ("path", "name") and a sentence. */
  readonly title: { readonly type: Type; readonly name: string; readonly doc: string };
  readonly doc: string;
  /** A complete declaration that compiles on its own. */
  readonly example: string;
  readonly properties: Readonly<Record<string, Property>>;
  /** Events from the weakest to the strongest; a resource takes at most one a run. */
  readonly events: readonly string[];
  /** Rules between properties. */
  readonly validate?: (want: Want) => readonly Problem[];
  readonly footprint: (want: Want, facts: Facts) => readonly Footprint[];
  /** One call that reads all resources of this kind on a host; undefined when there is nothing to read. */
  readonly probe: (wants: readonly Want[], context: ReadContext) => Probe | undefined;
  /** Turns the probe's output into the state of each resource, by title. A title left out is reported as unreadable. */
  readonly read: (output: Uint8Array, wants: readonly Want[], context: ReadContext) => ReadonlyMap<string, Have>;
  /**
   * Why resources that `read` left out could not be read, by title: a sentence for people. Asked with the same output;
   * a title in neither answer is reported without a reason.
   */
  readonly unreadable?: (
    output: Uint8Array,
    wants: readonly Want[],
    context: ReadContext,
  ) => ReadonlyMap<string, string>;
  /** Properties that differ; when left out, every managed property is compared by value. */
  readonly difference?: (want: Want, have: Have, context: ReadContext) => readonly Change[];
  /**
   * Why the thing that is there can never be made as wanted, as a clause: "a directory stands there". Planning then ends with an
   * error instead of a step that is sure to fail. With a cure of its own it holds only for the state as it was read, and not
   * where an earlier step works on it.
   */
  readonly refuses?: (want: Want, have: Have, context: ReadContext) => string | Refusal | undefined;
  /** Asked in a read of its own, and only when the plan has steps of this kind. */
  readonly forecast?: Forecaster;
  /**
   * Whether what it holds is hidden from ordinary accounts of the host, or was declared `sensitive`: its content is then shown in
   * no plan, report or document.
   */
  readonly isPrivate?: (want: Want, have: Have | undefined) => boolean;
  /**
   * The names by which the host itself knows what the title names, the proper one first, and the title's own among them: two
   * titles with one proper name mean one thing. Empty where it knows none.
   */
  readonly names?: (want: Want, have: Have) => readonly string[];
  /** When left out: absent to present is `create`, the reverse `remove`, else `update`. */
  readonly action?: (want: Want, have: Have, changes: readonly Change[]) => Action;
  /**
   * The state as one line of printable ASCII, equal to what the verb `KIND_state` prints on the target for the arguments
   * of `identity`: compared just before a step acts, so that a change since the plan is noticed.
   */
  readonly fingerprint: (have: Have) => string;
  /** Arguments of `KIND_state`; the title when left out. */
  readonly identity?: (want: Want) => readonly string[];
  /**
   * Verbs that bring the wanted state about. Each is idempotent: it looks for itself, calls `changed` when it changed something,
   * and leaves a thing alone that is already as wanted.
   */
  readonly apply: (want: Want, have: Have | undefined, context: ReadContext) => readonly Call[];
  /** For kinds whose steps may share one run (packages): calls that do it all at once; afterwards each step's own `apply` confirms it. */
  readonly transaction?: (wants: readonly Want[], context: ReadContext) => readonly Call[];
  /** Commands of the person's own that are read in frame 1 and again before and after the step (the guards of `execute`). */
  readonly guard?: (want: Want) => Guard | undefined;
  /** How this kind reacts to events; data for the runner. */
  readonly react?: (want: Want, event: string) => readonly Call[];
}

/** A condition on the target that decides whether a step has anything to do. */
export interface Guard {
  /** Property that holds the guard: `creates`, `unless`, `only_if`, `watch`, `always`. */
  readonly property: string;
  /** Exits 0 when the step should run, 1 when not; 127 means its program is not there. */
  readonly call: Call;
  /** The step must leave the guard satisfied; else it "did not converge". */
  readonly confirms: boolean;
}

/** Declares a kind; exists so that a folder's one declaration is checked where it is written. */
export function kind(declaration: Omit<Kind, "events"> & { readonly events?: readonly string[] }): Kind {
  return { events: [], ...declaration };
}

/** The kind for a resource of which not all is known: a footprint that is only half right would mislead. */
export function withoutFootprint(of: Kind): Kind {
  return { ...of, footprint: () => [] };
}
