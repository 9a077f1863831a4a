import { createHash, randomBytes } from "node:crypto";
import type { Plan } from "../compiler/plan.ts";
import { callFrame, followRun, type FollowOptions, withdrawRun } from "./follow.ts";
import { Line } from "./line.ts";
import { printable } from "./printable.ts";
import { writeProgram } from "./program.ts";
import type { RunReport } from "./run-report.ts";
import { ConnectionLost, type Session } from "./session.ts";
import { writeTar } from "./tar.ts";

export type { JournalEvent } from "./journal.ts";
export type { ReportedStep, RunReport, StepResult } from "./run-report.ts";

/** What applying a plan needs besides the plan, its bytes and a session. */
export interface ApplyOptions extends FollowOptions {
  /** Letters, digits and dashes; made from the time and a random part when left out. */
  readonly runId?: string;
  /** Who starts the run, as `user@machine`; shown to those that are refused because of it. */
  readonly who?: string;
}

/**
 * Sends a plan to its host, has it run there on its own, and follows it to its end. A cut connection does not stop the run;
 * it is followed again from where it was. Never throws `ConnectionLost`: the report says what is not known.
 */
export async function applyPlan(
  plan: Plan,
  blobs: ReadonlyMap<string, Uint8Array | { readonly bytes: Uint8Array }>,
  session: Session,
  options: ApplyOptions = {},
): Promise<RunReport> {
  const runId = options.runId ?? newRunId();
  if (!/^[A-Za-z0-9-]{1,64}$/.test(runId)) throw new Error(`\`${runId}\` is no id for a run`);
  const nothing: RunReport = { runId, steps: [], interrupted: false, session };
  if (plan.steps.length === 0) return nothing;
  const archive = writeTar(
    writeProgram(plan, {
      runId,
      who: (options.who ?? "somebody").replace(/[^\x20-\x7e]/g, "?"),
      token: randomBytes(8).toString("hex"),
      library: session.library,
      blobs: new Map([...blobs].map(([digest, blob]) => [digest, blob instanceof Uint8Array ? blob : blob.bytes])),
    }),
  );
  const { script, input } = callFrame("galley_receive", runId, createHash("sha256").update(archive).digest("hex"));
  const line = new Line(session, options.reconnect);
  let attempt = 0;
  try {
    const refused = await line.try(async (open) => {
      attempt += 1;
      if (attempt > 1 && (await hasRun(open, runId))) return undefined;
      const { status, output } = await open.run({ script, input: [input, archive] });
      if (status === 0) return undefined;
      // It may have been stored and begun all the same.
      if (attempt === 1 ? !(await withdrawRun(open, runId)) : await hasRun(open, runId)) return undefined;
      return lastWords(output, status);
    });
    const { session: open } = line;
    if (refused !== undefined && attempt === 1) return { ...nothing, session: open, refused };
    // What an earlier connection had sent may still be under way there.
    if (refused !== undefined) return { ...nothing, session: open, lost: `${refused}; ${whetherBegun(session.name)}` };
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    const lost = `the connection to ${session.name} is gone (${error.message}); ${whetherBegun(session.name)}`;
    return { ...nothing, session: line.session, lost };
  }
  return followRun(plan.steps, runId, line, options);
}

function whetherBegun(host: string): string {
  return `it broke while the run was sent, and whether ${host} has begun it is not known`;
}

/**
 * Cleans up behind a run that was killed on the host: its temporary files go, its lock is freed, what it owes stays. Gives
 * the id of that run, undefined when there is none; `alive` when a run holds the lock and lives.
 */
export async function resumeOrRecover(
  session: Session,
): Promise<{ readonly recovered?: string; readonly alive: boolean }> {
  const { status, output } = await session.run({ script: "galley_recover_dead" });
  const recovered = Buffer.from(output).toString("utf8").trim();
  return status === 2 ? { alive: true } : { alive: false, ...(recovered === "" ? {} : { recovered }) };
}

/** An id that sorts by time: `20260131-120000-3f2a9c`. */
export function newRunId(): string {
  const digits = new Date().toISOString().replace(/[-:]/g, "").replace("T", "-").slice(0, 15);
  return `${digits}-${randomBytes(3).toString("hex")}`;
}

async function hasRun(session: Session, runId: string): Promise<boolean> {
  const { output } = await session.run(callFrame("galley_check", runId, "1"));
  return !Buffer.from(output).toString("latin1").startsWith("absent");
}

function lastWords(output: Uint8Array, status: number): string {
  const lines = printable(Buffer.from(output).toString("utf8")).trim().split("\n").slice(-3);
  return lines.join("; ") || `the host did not take the run (status ${status})`;
}
