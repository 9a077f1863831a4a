import type { Action, Change } from "./kind/kind.ts";
import type { Call } from "./kind/call.ts";
import type { Condition, ResourceId } from "./catalog.ts";

/** Why a step is there, in the words of the plan. */
export interface Because {
  /** A sentence without its full stop: "content differs", "file[\"/etc/motd\"] changes", "owed since run 3f2a". */
  readonly text: string;
  /** Present when another resource is the reason. */
  readonly resource?: ResourceId;
}

/** A text file before and after, for the diff; `null` is a file that is not there. */
export interface TextDiff {
  readonly before: string | null;
  readonly after: string | null;
}

/** How much of a content that is not to be shown changes: in lines; `null` where it is no text or was not read. */
export interface HiddenDiff {
  readonly lines: number | null;
}

/** A place of the recipe. */
export interface Source {
  readonly file: string;
  readonly line: number;
}

/** One step of a plan: a resource that will change, or may. All of it is data; it survives a round trip through JSON. */
export interface Step {
  readonly id: number;
  readonly resource: ResourceId;
  readonly kind: string;
  readonly title: string;
  readonly action: Action;
  readonly because: readonly Because[];
  readonly source: Source;
  /** Declarations of the same thing by other names, where the host knows several. */
  readonly aliases?: readonly { readonly resource: ResourceId; readonly source: Source }[];
  /** False when an earlier step may change what this one finds: it looks again on the target and may have nothing to do. */
  readonly certain: boolean;
  readonly changes: readonly ShownChange[];
  readonly diff?: TextDiff;
  /** Stands in the place of `diff` where the content is not to be shown. */
  readonly hidden?: HiddenDiff;
  /** Declared `sensitive`, or its content is not to be shown: what its commands print is not either. */
  readonly sensitive?: boolean;
  /** Steps that must not have failed or been skipped. */
  readonly requires: readonly number[];
  /** The state the plan saw; the step fails when it is another. Null for uncertain steps. */
  readonly fingerprint: string | null;
  readonly identity: readonly string[];
  readonly calls: readonly Call[];
  /** Shares one run with the other steps of the same number. */
  readonly transaction?: number;
  /** Run before the step, which is `ok` when it exits 1; and after it, when it must then exit 1. */
  readonly guard?: { readonly call: Call; readonly confirms: boolean };
  readonly when?: Condition;
  readonly retry?: { readonly count: number; readonly everyMilliseconds: number };
  readonly timeoutMilliseconds?: number;
  /** Events this step causes when it really changes something. */
  readonly notifies: readonly Notice[];
  /** Events this step takes, weakest first, each with its calls; owed marks of its resource choose the strongest. */
  readonly reactions: readonly { readonly event: string; readonly calls: readonly Call[] }[];
}

/** An event that a step causes. */
export interface Notice {
  readonly resource: ResourceId;
  readonly event: string;
  /** The taker has a verifier: what the step changes is kept as it was until the verifier is content, and put back when it is not. */
  readonly keeps?: true;
}

/** A change as text for people and JSON; `secret` values never get here. */
export interface ShownChange {
  readonly property: string;
  readonly from?: string;
  readonly to: string;
}

/** The exact work for one host. */
export interface Plan {
  readonly version: 1;
  readonly host: string;
  /** Where the host is, as `--on` takes it; the command line adds it, so that a saved plan knows where to go. */
  readonly target?: string;
  readonly steps: readonly Step[];
  /** Calls of each transaction, by its number. */
  readonly transactions: readonly (readonly Call[])[];
  /** Commands of observes that conditions of steps use, by index. */
  readonly observes: readonly {
    readonly call: Call;
    readonly seen: { readonly status: number; readonly output: string };
  }[];
  /** How many resources are as they should be. */
  readonly unchanged: number;
  /**
   * The state of every resource of the catalog as the plan saw it, also of unchanged ones: a saved plan is refused as stale
   * when `KIND_state` on the target says anything else for one of them.
   */
  readonly seen: readonly Seen[];
  /** Digests of the blobs that calls use. */
  readonly blobs: readonly string[];
}

/** What the plan saw of one resource. */
export interface Seen {
  readonly resource: ResourceId;
  readonly kind: string;
  readonly identity: readonly string[];
  readonly fingerprint: string;
}

/** Turns found values into the text of `ShownChange`. */
export type ShowChange = (change: Change) => ShownChange;
