import type { ResourceId } from "../compiler/catalog.ts";
import type { LockOwner } from "./facts.ts";
import type { Session } from "./session.ts";

/** How one step went. */
export interface StepResult {
  readonly result: "changed" | "failed" | "ok" | "skipped";
  readonly milliseconds: number;
  /** What it said when it failed, or why it was skipped; several lines, as the target printed them. */
  readonly message?: string;
}

/** How one step of the plan went. */
export interface ReportedStep extends StepResult {
  /** What it changed was put back later in the run, as a verifier refused it. */
  readonly putBack?: true;
  readonly id: number;
  readonly resource: ResourceId;
}

/** How a run went. */
export interface RunReport {
  readonly runId: string;
  /** In the order in which they ended; steps that were not reached are missing. */
  readonly steps: readonly ReportedStep[];
  /** It was asked to stop and did, before its last step. */
  readonly interrupted: boolean;
  /** A sentence when the end of the run is not known: the connection is gone for good, or the runner was killed. */
  readonly lost?: string;
  /** That the runner was killed is known; otherwise a lost run may still be at work. */
  readonly killed?: true;
  /** A sentence when what the host says cannot come from a run of this plan; the steps told before that stand in `steps`. */
  readonly broken?: string;
  /** The journal could not be written there, so nothing more was begun. */
  readonly unwritten?: true;
  /** Numbers of the steps that were begun and whose end was not told. */
  readonly unended?: readonly number[];
  /** A sentence when nothing was started at all: the host has no room for it, or another run holds the lock. */
  readonly refused?: string;
  /** Who holds the lock, when that is why. */
  readonly owner?: LockOwner;
  /** The session that stood at the end: another one than at the start when the connection had been cut. */
  readonly session: Session;
}
