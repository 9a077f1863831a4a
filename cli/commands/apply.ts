import { flag, type Invocation, listOption, textOption } from "../arguments.ts";
import { agree, applyAll, type ApplyReport, conclude } from "../apply-all.ts";
import type { HostOutcome, HostWork } from "../apply-host.ts";
import { applySaved } from "../apply-saved.ts";
import { readAgain } from "../closing-read.ts";
import { type Command, type CommandContext, UsageProblem } from "../command.ts";
import { exitStatus, type ExitStatus } from "../exit-status.ts";
import { settingsOf } from "../settings.ts";
import { planOptions } from "../plan-options.ts";
import { planSite } from "../plan-site.ts";
import type { SiteHost } from "../plan-connected.ts";
import { ApplyProgress } from "../reporters/apply-progress.ts";
import { applyDocument } from "../reporters/json.ts";
import { printSite } from "../reporters/site.ts";
import { readSavedPlan } from "../saved-plan.ts";
import { stopOnInterrupt } from "../stop-on-interrupt.ts";

/** `galley apply`: plan, ask, make it so, read again. */
export const apply: Command = {
  name: "apply",
  takes: "[PATH or PLANFILE]",
  summary: "Show what would change, ask, make it so, and read everything again",
  details: [
    "With a plan file that `galley plan -o` wrote, exactly that plan is applied, or refused when the host has changed since.",
    "The work runs on the host itself: a broken connection does not stop it. Ctrl-C ends it after the step under way.",
    "Where a run is at work already, it is followed to its end first; then the host is read and planned.",
    "Exit status: 0 converged, 1 the recipe or the call is wrong, 3 a resource failed, 4 a host cannot be reached, 5 the plan is stale, 6 refused, 130 interrupted.",
  ],
  options: [
    ...planOptions,
    { name: "no-wait", doc: "refuse a host where a run is at work, instead of following it to its end first" },
    { name: "yes", short: "y", doc: "do not ask" },
  ],
  async run(invocation, context) {
    const [path] = invocation.positionals;
    const report = {
      json: flag(invocation, "json"),
      full: flag(invocation, "full"),
      yes: flag(invocation, "yes"),
      showPrivate: flag(invocation, "show-private"),
      wait: !flag(invocation, "no-wait"),
    };
    const saved = readSavedPlan(path, context.workingDirectory);
    if (!saved) return applyRecipe(path, invocation, report, context);
    if (textOption(invocation, "on") !== undefined || listOption(invocation, "on").length > 0) {
      throw new UsageProblem("a saved plan names its hosts itself; leave out --on");
    }
    if (listOption(invocation, "set").length > 0) {
      throw new UsageProblem("a saved plan holds what was set when it was made; leave out --set");
    }
    return applySaved(saved, report, context);
  },
};

async function applyRecipe(
  path: string | undefined,
  invocation: Invocation,
  report: ApplyReport,
  context: CommandContext,
): Promise<ExitStatus> {
  const site = await planSite(path, listOption(invocation, "on"), context, {
    settings: settingsOf(invocation),
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
