import { hostname, userInfo } from "node:os";
import type { Plan } from "../compiler/plan.ts";
import { applyPlan, type RunReport } from "../runtime/apply.ts";
import { readChanged } from "../runtime/read.ts";
import { type ConnectFailure, ConnectionLost, type Session } from "../runtime/session.ts";
import type { Remaining } from "./closing-read.ts";
import { lostWhileReading } from "./connections.ts";
import type { FollowedRun } from "./follow-host.ts";
import { endOfStep, judgeRun } from "./judge-run.ts";
import type { HostProgress } from "./reporters/apply-progress.ts";
import { type AppliedHost, stepRow } from "./reporters/json.ts";
import { shownResult } from "./shown-result.ts";
import type { HostStop } from "./stop-on-interrupt.ts";

/** What applying to one host needs. */
export interface HostWork {
  readonly name: string;
  readonly plan: Plan;
  readonly blobs: ReadonlyMap<string, Uint8Array | { readonly bytes: Uint8Array }>;
  readonly session: Session;
  readonly reconnect: () => Promise<Session | ConnectFailure>;
  readonly stop: HostStop;
  /** Show what sensitive commands print. */
  readonly showPrivate: boolean;
  readonly progress: HostProgress;
  /** What still differs after the run, from a fresh read. */
  readonly remaining: (session: Session) => Promise<Remaining>;
  /** The host was read by another command, some time ago: a plan without steps is no proof that nothing differs. */
  readonly readBefore?: boolean;
  /** Runs of others that were waited for first. */
  readonly followed: readonly FollowedRun[];
}

/** How it ended on one host, with whether the user stopped it. */
export interface HostOutcome {
  readonly host: AppliedHost;
  readonly interrupted: boolean;
}

/** Applies one plan, reads everything again, and judges. */
export async function applyHost(work: HostWork): Promise<HostOutcome> {
  const { plan, session } = work;
  work.stop.begun();
  if (plan.steps.length === 0) {
    work.stop.ended();
    const host = work.readBefore ? await judgeRead(work, nothing, session) : outcome(work, nothing, "converged");
    return { host, interrupted: false };
  }
  const steps = new Map(plan.steps.map((step) => [step.id, step]));
  const report = await applyPlan(plan, work.blobs, session, {
    who: `${userInfo().username}@${hostname()}`,
    reconnect: work.reconnect,
    stop: work.stop.signal,
    onStopTaken: work.stop.taken,
    onEvent(event) {
      if (event.type === "transaction" && event.status === undefined) {
        work.progress.underWay(plan.steps.filter((step) => step.transaction === event.transaction));
      }
      if (event.type !== "start" && event.type !== "retry" && event.type !== "done") return;
      const step = steps.get(event.step);
      if (!step) return;
      if (event.type !== "done") return work.progress.underWay([step]);
      const result = shownResult(step, { ...event, id: step.id, resource: step.resource }, work.showPrivate);
      work.progress.ended(step, result);
    },
  });
  work.stop.ended();
  const judged = await judge(work, report);
  if (report.session !== session) await report.session.close();
  return { host: judged, interrupted: report.interrupted };
}

/** No step has been begun. */
const nothing: Pick<RunReport, "steps"> = { steps: [] };

async function judge(work: HostWork, report: RunReport): Promise<AppliedHost> {
  const verdict = judgeRun(work.name, work.plan.steps, report);
  return verdict
    ? outcome(work, report, verdict.status, verdict.message, verdict.hints)
    : judgeRead(work, report, report.session);
}

/** Judges a run without failures by what the host then is. */
async function judgeRead(work: HostWork, report: Pick<RunReport, "steps">, session: Session): Promise<AppliedHost> {
  const { steps } = report;
  const after = steps.length > 0 ? "after the run" : "now";
  const remaining = await readRemaining(work, session);
  if ("lost" in remaining) {
    const hint = "`galley plan` tells whether anything still differs";
    const begin = steps.length > 0 ? "every step has succeeded, but then " : "";
    return outcome(work, report, "unreachable", `${begin}${remaining.lost}`, [hint]);
  }
  const { differing, problems } = remaining;
  if (differing.length + problems.length === 0) return outcome(work, report, "converged");
  const differ = differing.length > 0 ? [`read again ${after}, these still differ: ${differing.join("; ")}`] : [];
  const unread = problems.length > 0 ? [`read again ${after}, these cannot be compared: ${problems.join("; ")}`] : [];
  const hint = "either something else on the host changes it back, or a command does not do what its guard asks for";
  return outcome(work, report, "failed", [...differ, ...unread].join("\n"), differing.length > 0 ? [hint] : []);
}

/** Reads again what differs, over a new connection when the one that stood has broken. */
async function readRemaining(work: HostWork, session: Session): Promise<Remaining | { readonly lost: string }> {
  try {
    return await work.remaining(session);
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
  }
  const opened = await work.reconnect();
  if ("failure" in opened) return { lost: `the host could not be read again: ${opened.message}` };
  try {
    return await work.remaining(opened);
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    return { lost: `the connection broke twice while it was read again (${error.message})` };
  } finally {
    await opened.close();
  }
}

function outcome(
  work: HostWork,
  { steps: reported, unended = [] }: Pick<RunReport, "steps" | "unended">,
  status: AppliedHost["status"],
  message?: string,
  hints?: readonly string[],
): AppliedHost {
  const results = new Map(reported.map((step) => [step.id, step]));
  return {
    name: work.name,
    status,
    ...(message === undefined ? {} : { message }),
    ...(hints === undefined ? {} : { hints }),
    steps: work.plan.steps.map((step) => ({
      ...stepRow(step),
      ...endOfStep(step, results.get(step.id), unended.includes(step.id), work.showPrivate),
    })),
    unchanged: work.plan.unchanged,
    ...(work.followed.length > 0 ? { followed: work.followed } : {}),
  };
}

async function readMoved(work: HostWork) {
  try {
    return await readChanged(work.plan.seen, work.session);
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    return lostWhileReading(error);
  }
}

/** A host that has moved since its plan was saved: refused before anything is done, with what is not as it was. */
export async function staleness(work: HostWork): Promise<AppliedHost | undefined> {
  const moved = await readMoved(work);
  if ("failure" in moved) return outcome(work, nothing, moved.failure, moved.message, moved.hints);
  if (moved.length === 0) return undefined;
  const named = moved.slice(0, 5).map(({ seen, now }) => `${seen.resource} ${movedWords(seen.fingerprint, now)}`);
  const more = moved.length > named.length ? [`and ${moved.length - named.length} more`] : [];
  const message = `${work.name} has changed since the plan was made: ${[...named, ...more].join("; ")}`;
  return outcome(work, nothing, "stale", message, ["nothing was changed; make a new plan and look at it: galley plan"]);
}

/** A host on which nothing was begun, because another of the same plan was refused. */
export function heldBack(work: HostWork): AppliedHost {
  return outcome(work, nothing, "stale", `nothing was begun on ${work.name}: the plan was refused as a whole`, [
    "make a new plan and look at it: galley plan",
  ]);
}

/** A host that was not begun, as one that comes before it failed. */
export function leftUntouched(work: HostWork, message: string): AppliedHost {
  return outcome(work, nothing, "untouched", message);
}

/** How a resource has moved; fingerprints themselves hold digests, which of a short secret tell too much. */
function movedWords(was: string, is: string): string {
  if (was === "absent") return "was not there and is now";
  return is === "absent" ? "was there and is gone" : "is not as it was";
}
