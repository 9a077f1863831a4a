import type { LifeCycleEvent } from "../compiler/life-cycle.ts";
import { flag, type Invocation, listOption, type Option } from "./arguments.ts";
import { agree, applyAll, type ApplyReport, conclude } from "./apply-all.ts";
import type { HostOutcome, HostWork } from "./apply-host.ts";
import { readAgain } from "./closing-read.ts";
import type { CommandContext } from "./command.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import type { SiteHost } from "./plan-connected.ts";
import { planOptions } from "./plan-options.ts";
import { planSite } from "./plan-site.ts";
import { ApplyProgress } from "./reporters/apply-progress.ts";
import { applyDocument } from "./reporters/json.ts";
import { printSite } from "./reporters/site.ts";
import { settingsOf } from "./settings.ts";
import { stopOnInterrupt } from "./stop-on-interrupt.ts";

/** Options of every command that changes hosts. */
export const applyOptions: readonly Option[] = [
  ...planOptions,
  { name: "no-wait", doc: "refuse a host where a run is at work, instead of following it to its end first" },
  { name: "yes", short: "y", doc: "do not ask" },
];

/** How a command that changes hosts asks and reports. */
export function reportOf(invocation: Invocation): ApplyReport {
  return {
    json: flag(invocation, "json"),
    full: flag(invocation, "full"),
    yes: flag(invocation, "yes"),
    showPrivate: flag(invocation, "show-private"),
    wait: !flag(invocation, "no-wait"),
  };
}

/** Plans a recipe, or one event of it, asks, and makes it so. */
export async function applyRecipe(
  path: string | undefined,
  invocation: Invocation,
  context: CommandContext,
  event?: LifeCycleEvent,
): Promise<ExitStatus> {
  const report = reportOf(invocation);
  const site = await planSite(path, listOption(invocation, "on"), context, {
    settings: settingsOf(invocation),
    event,
    toApply: { wait: report.wait },
    showPrivate: report.showPrivate,
  });
  try {
    if (!report.json) printSite(site, context, { full: report.full });
    const failures = site.hosts.flatMap(failureOf);
    if (site.status === "mistakes") {
      if (report.json) context.output.write(applyDocument([], site.diagnostics));
      return exitStatus.error;
    }
    const read = site.hosts.flatMap((host) => (host.status === "read" ? [host] : []));
    const agreed = await agree(
      read.map((host) => host.plan),
      report,
      context,
    );
    if (!agreed) return exitStatus.error;
    const stop = stopOnInterrupt(context);
    const progress = new ApplyProgress(context.progress);
    const works = read.map((host): HostWork => ({
      name: host.name,
      plan: host.plan,
      blobs: site.blobs,
      session: host.session,
      stop: stop.host(host.name),
      showPrivate: report.showPrivate,
      followed: host.followed,
      reconnect: () => site.reconnect(host.target),
      progress: progress.follow(host.name, host.plan.steps.length),
      remaining: (session) => readAgain(host.work, session),
    }));
    const lost = failures.map(({ host }) => host.name);
    const outcomes = await applyAll({ works, rollout: site.rollout, lost }, report, context);
    stop.end();
    return conclude([...failures, ...outcomes], site.diagnostics, report, context);
  } finally {
    await site.close();
  }
}

function failureOf(host: SiteHost): readonly HostOutcome[] {
  if (host.status === "read") return [];
  const { name, status, message, hints } = host;
  return [{ host: { name, status, message, hints, steps: [], unchanged: 0 }, interrupted: false }];
}
