import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { Prepared } from "../compiler/evaluate/state/prepare.ts";
import type { Plan } from "../compiler/plan.ts";
import { type ConnectFailure, ConnectionLost, type Session, type Target } from "../runtime/session.ts";
import { type Connection, lostWhileReading } from "./connections.ts";
import type { FollowedRun } from "./follow-host.ts";
import { type HostPlan, planHost, type PlanHostOptions } from "./host-plan.ts";
import { type ReadyOptions, readyHost } from "./ready-host.ts";
import { showTarget } from "./target.ts";

/** A host as planning found it. */
export type SiteHost =
  | {
      readonly name: string;
      readonly target: Target;
      readonly status: "read";
      readonly plan: Plan;
      readonly work: HostPlan;
      readonly session: Session;
      /** Runs of others that were waited for. */
      readonly followed: readonly FollowedRun[];
    }
  | {
      readonly name: string;
      readonly target: Target;
      readonly status: ConnectFailure["failure"];
      readonly message: string;
      readonly hints: readonly string[];
    };

/** What planning a host came to: a plan, what is wrong with the recipe there, or why the host was not read. */
export type Planned =
  | { readonly name: string; readonly target: Target; readonly failure: ConnectFailure }
  | {
      readonly name: string;
      readonly target: Target;
      readonly session: Session;
      readonly work: HostPlan | { readonly diagnostics: readonly Diagnostic[] };
      readonly followed: readonly FollowedRun[];
    };

/**
 * Plans a host that was reached; one whose connection breaks meanwhile counts as unreachable. With `ready` no run is at work on
 * the host when it is read.
 */
export async function planConnected(
  prepared: Prepared,
  connection: Connection,
  { ready, ...options }: Omit<PlanHostOptions, "ready"> & { readonly ready?: ReadyOptions | undefined },
): Promise<Planned> {
  if ("failure" in connection) return connection;
  const { name, target } = connection;
  try {
    const free = ready && (await readyHost(name, connection.session, ready));
    if (free && "failure" in free) return { name, target, failure: free };
    const session = free?.session ?? connection.session;
    const work = await planHost(prepared, session, { ...options, ready: free });
    if ("failure" in work) return { name, target, failure: work };
    return { name, target, session, work, followed: free?.followed ?? [] };
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    return { name, target, failure: lostWhileReading(error) };
  }
}

/** The host of a site that planning came to; none where the recipe has mistakes. */
export function siteHost(planned: Planned): readonly SiteHost[] {
  const { name, target } = planned;
  if ("failure" in planned) {
    const { failure: status, message, hints } = planned.failure;
    return [{ name, target, status, message, hints }];
  }
  const { followed, session, work } = planned;
  if (!("plan" in work)) return [];
  const plan = { ...work.plan, host: name, target: showTarget(target) };
  return [{ name, target, status: "read", plan, work, session, followed }];
}
