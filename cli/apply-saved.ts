import { allAtOnce } from "../compiler/rollout.ts";
import type { SavedPlans } from "../compiler/plan-file.ts";
import { type ConnectFailure, ConnectionLost } from "../runtime/session.ts";
import { agree, applyAll, type ApplyReport, conclude } from "./apply-all.ts";
import { heldBack, type HostOutcome, type HostWork, staleness } from "./apply-host.ts";
import { readAgain } from "./closing-read.ts";
import { type CommandContext, UsageProblem } from "./command.ts";
import { type Connection, lostWhileReading, startConnecting } from "./connections.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { type ReadyHost, type ReadyOptions, readyHost } from "./ready-host.ts";
import { ApplyProgress } from "./reporters/apply-progress.ts";
import { printReport } from "./reporters/pretty-report.ts";
import { stopOnInterrupt } from "./stop-on-interrupt.ts";
import { parseTarget } from "./target.ts";

/** Applies exactly the plans of a plan file; refused as a whole when one of its hosts has changed since. */
export async function applySaved(
  { plans: saved, blobs, rollout = allAtOnce(saved.map(({ plan }) => plan.host)) }: SavedPlans,
  report: ApplyReport,
  context: CommandContext,
): Promise<ExitStatus> {
  const plans = saved.map(({ plan }) => plan);
  const targets = plans.map((plan) => {
    const target = parseTarget(plan.target ?? "local");
    if ("problem" in target) throw new UsageProblem(target.problem);
    return target.type === "ssh" ? { ...target, name: plan.host } : target;
  });
  if (!(await agree(plans, report, context))) return exitStatus.error;
  const connecting = startConnecting(targets, context);
  connecting.allowQuestions();
  try {
    const progress = new ApplyProgress(context.progress);
    const ready = await Promise.all(
      (await connecting.connections).map(async (connection) => {
        const reconnect = () => connecting.reconnect(connection.target);
        const { showPrivate, wait } = report;
        return { connection, host: await readyFor(connection, { wait, showPrivate, progress, reconnect, context }) };
      }),
    );
    const stop = stopOnInterrupt(context);
    const works = ready.flatMap(({ connection, host }, index): HostWork[] => {
      const one = saved[index];
      if (!one || "failure" in host) return [];
      const { plan, catalog } = one;
      const { name, target } = connection;
      return [
        {
          name,
          plan,
          blobs,
          session: host.session,
          followed: host.followed,
          stop: stop.host(name),
          showPrivate: report.showPrivate,
          reconnect: () => connecting.reconnect(target),
          remaining: (open) => readAgain({ catalog }, open),
          readBefore: true,
          progress: progress.follow(name, plan.steps.length),
        },
      ];
    });
    const failures = ready.flatMap(({ connection: { name }, host }): HostOutcome[] => {
      if (!("failure" in host)) return [];
      const { failure: status, message, hints } = host;
      return [{ host: { name, status, message, hints, steps: [], unchanged: 0 }, interrupted: false }];
    });
    const checks = await Promise.all(works.map(async (work) => ({ work, host: await staleness(work) })));
    const stopped = checks.some(({ host }) => host)
      ? checks.map(({ work, host }) => ({ host: host ?? heldBack(work), interrupted: false }))
      : [];
    if (!report.json) {
      for (const { host } of [...failures, ...stopped]) printReport(host, 0, context.output);
    }
    // One host that has moved stops the whole plan: it was reviewed as a whole.
    const outcomes =
      stopped.length > 0
        ? stopped
        : await applyAll({ works, rollout, lost: failures.map(({ host }) => host.name) }, report, context);
    stop.end();
    return conclude([...failures, ...outcomes], [], report, context);
  } finally {
    await connecting.close();
  }
}

async function readyFor(connection: Connection, options: ReadyOptions): Promise<ConnectFailure | ReadyHost> {
  if ("failure" in connection) return connection.failure;
  try {
    return await readyHost(connection.name, connection.session, options);
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    return lostWhileReading(error);
  }
}
