import type { Forecast, Have } from "./kind/kind.ts";
import type { ResourceId } from "./catalog.ts";
import type { Mount } from "./mounts.ts";

/** What the read phase found out about one host. */
export interface State {
  /** The state of each resource, or why it could not be read. */
  readonly resources: ReadonlyMap<ResourceId, Reading>;
  /** Whether a needed thing is there: by footprint key, only those that were asked for. */
  readonly keys: ReadonlyMap<string, boolean>;
  /** Where folders that managed paths lie in really are, with all links on the way followed. */
  readonly realFolders?: ReadonlyMap<string, string>;
  /** What is mounted on the host; not asked for where it is missing. */
  readonly mounts?: readonly Mount[];
  /** How each guard ended. */
  readonly guards: ReadonlyMap<ResourceId, GuardReading>;
  /** Events that an earlier run owes. */
  readonly owed: readonly Owed[];
  /** The bytes of files that the plan will change, for its diffs: by path; missing when binary, too large or absent. */
  readonly contents: ReadonlyMap<string, Uint8Array>;
  /** Folders above such files that ordinary accounts cannot enter, so that what is in them is private. */
  readonly closedFolders?: ReadonlySet<string>;
  /** What steps would do, as the host's tools say; only of resources that were asked about. */
  readonly forecasts?: ReadonlyMap<ResourceId, Forecast>;
  /** The login group of each account of the host. */
  readonly primaryGroups: ReadonlyMap<string, string>;
  /** How each observe of the catalog ended, by its index; conditions over an observe that is missing count as unreadable. */
  readonly observes?: ReadonlyMap<number, ObserveReading>;
}

export type Reading = { readonly have: Have } | { readonly unreadable: string };

/** Exit status of a guard: 0 run, 1 nothing to do, 127 its program is missing; `output` helps when it is none of these. */
export interface GuardReading {
  readonly status: number;
  readonly output: string;
}

/** An event that a service has not yet taken. */
export interface Owed {
  /** The resource that should take it: `service["apache2"]`. */
  readonly resource: ResourceId;
  readonly event: string;
  /** The resource whose change caused it. */
  readonly cause: ResourceId;
  /** The run that owes it. */
  readonly run: string;
}

/** How an observe ended: raw, to be understood by its declared type. */
export interface ObserveReading {
  readonly status: number;
  readonly output: string;
  /** Why there is no answer, whatever the status: a clause about "its command". */
  readonly problem?: string;
}
