import { flag, listOption, textOption } from "../arguments.ts";
import { applyHost, heldBack, type HostOutcome, type HostWork, staleness } from "../apply-host.ts";
import { readAgain } from "../closing-read.ts";
import { type Command, type CommandContext, UsageProblem } from "../command.ts";
import { startConnecting } from "../connections.ts";
import { exitStatus, gravest, type ExitStatus } from "../exit-status.ts";
import { planOptions } from "../plan-options.ts";
import { planSite, type SiteHost } from "../plan-site.ts";
import { confirm } from "../prompt.ts";
import { ApplyProgress } from "../reporters/apply-progress.ts";
import { type AppliedHost, applyDocument } from "../reporters/json.ts";
import { planSummary } from "../reporters/plan-summary.ts";
import { count } from "../reporters/pretty-diagnostics.ts";
import { printReport } from "../reporters/pretty-report.ts";
import { printSite } from "../reporters/site.ts";
import { readSavedPlan } from "../saved-plan.ts";
import { stopOnInterrupt } from "../stop-on-interrupt.ts";
import { nameOfTarget, parseTarget } from "../target.ts";
import type { Plan } from "../../compiler/plan.ts";
import type { SavedPlans } from "../../compiler/plan-file.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";

/** `galley apply`: plan, ask, make it so, read again. */
export const apply: Command = {
  name: "apply",
  takes: "[PATH or PLANFILE]",
  summary: "Show what would change, ask, make it so, and read everything again",
  details: [
    "With a plan file that `galley plan -o` wrote, exactly that plan is applied, or refused when the host has changed since.",
    "The work runs on the host itself: a broken connection does not stop it. Ctrl-C ends it after the step under way.",
    "Exit status: 0 converged, 1 the recipe or the call is wrong, 3 a resource failed, 4 a host cannot be reached, 5 the plan is stale, 6 refused, 130 interrupted.",
  ],
  options: [...planOptions, { name: "yes", short: "y", doc: "do not ask" }],
  async run(invocation, context) {
    const [path] = invocation.positionals;
    const report = {
      json: flag(invocation, "json"),
      full: flag(invocation, "full"),
      yes: flag(invocation, "yes"),
      showPrivate: flag(invocation, "show-private"),
    };
    const saved = readSavedPlan(path, context.workingDirectory);
    if (!saved) return applyRecipe(path, listOption(invocation, "on"), report, context);
    if (textOption(invocation, "on") !== undefined || listOption(invocation, "on").length > 0) {
      throw new UsageProblem("a saved plan names its hosts itself; leave out --on");
    }
    return applySaved(saved, report, context);
  },
};

interface Report {
  readonly json: boolean;
  readonly full: boolean;
  readonly yes: boolean;
  readonly showPrivate: boolean;
}

async function applyRecipe(
  path: string | undefined,
  on: readonly string[],
  report: Report,
  context: CommandContext,
): Promise<ExitStatus> {
  const site = await planSite(path, on, context, { toApply: true, showPrivate: report.showPrivate });
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
      stop: stop.signal,
      showPrivate: report.showPrivate,
      reconnect: () => site.reconnect(host.target),
      progress: progress.follow(host.name, host.plan.steps.length),
      remaining: (session) => readAgain(host.work, session),
    }));
    const outcomes = await applyAll(works, report, context);
    stop.end();
    return conclude([...failures, ...outcomes], site.diagnostics, report, context);
  } finally {
    await site.close();
  }
}

async function applySaved(
  { plans: saved, blobs }: SavedPlans,
  report: Report,
  context: CommandContext,
): Promise<ExitStatus> {
  const plans = saved.map(({ plan }) => plan);
  const targets = plans.map((plan) => {
    const target = parseTarget(plan.target ?? "local");
    if ("problem" in target) throw new UsageProblem(target.problem);
    return target;
  });
  if (!(await agree(plans, report, context))) return exitStatus.error;
  const connecting = startConnecting(targets, context);
  connecting.allowQuestions();
  try {
    const connections = await connecting.connections;
    const stop = stopOnInterrupt(context);
    const progress = new ApplyProgress(context.progress);
    const works = connections.flatMap((connection, index): HostWork[] => {
      const one = saved[index];
      if (!one || "failure" in connection) return [];
      const { plan, catalog } = one;
      const { name, session, target } = connection;
      return [
        {
          name,
          plan,
          blobs,
          session,
          stop: stop.signal,
          showPrivate: report.showPrivate,
          reconnect: () => connecting.reconnect(target),
          remaining: (open) => readAgain({ catalog }, open),
          readBefore: true,
          progress: progress.follow(name, plan.steps.length),
        },
      ];
    });
    const failures = connections.flatMap((connection): HostOutcome[] => {
      if (!("failure" in connection)) return [];
      const { failure, message, hints } = connection.failure;
      const host = { name: nameOfTarget(connection.target), status: failure, message, hints, steps: [], unchanged: 0 };
      return [{ host, interrupted: false }];
    });
    const checks = await Promise.all(works.map(async (work) => ({ work, host: await staleness(work) })));
    const stopped = checks.some(({ host }) => host)
      ? checks.map(({ work, host }) => ({ host: host ?? heldBack(work), interrupted: false }))
      : [];
    if (!report.json) {
      for (const { host } of [...failures, ...stopped]) printReport(host, 0, context.output);
    }
    // One host that has moved stops the whole plan: it was reviewed as a whole.
    const outcomes = stopped.length > 0 ? stopped : await applyAll(works, report, context);
    stop.end();
    return conclude([...failures, ...outcomes], [], report, context);
  } finally {
    await connecting.close();
  }
}

/** Asks once, with the numbers; without a terminal only `--yes` is an answer. */
async function agree(plans: readonly Plan[], report: Report, context: CommandContext): Promise<boolean> {
  const changes = plans.reduce((sum, plan) => sum + plan.steps.length, 0);
  if (changes === 0 || report.yes) return true;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UsageProblem("there is no terminal to ask on; look at the plan and give --yes");
  }
  const hosts = plans.length === 1 ? (plans[0]?.host ?? "") : count(plans.length, "host");
  const agreed = await confirm(`Apply ${count(changes, "step")} to ${hosts} (${planSummary(plans)})?`);
  if (!agreed) context.progress.write("Nothing was changed.\n");
  return agreed;
}

async function applyAll(
  works: readonly HostWork[],
  report: Report,
  context: CommandContext,
): Promise<readonly HostOutcome[]> {
  return Promise.all(
    works.map(async (work) => {
      const begin = performance.now();
      const outcome = await applyHost(work);
      work.progress.end();
      if (!report.json) printReport(outcome.host, performance.now() - begin, context.output, report.full);
      return outcome;
    }),
  );
}

function conclude(
  outcomes: readonly HostOutcome[],
  diagnostics: readonly Diagnostic[],
  report: Report,
  context: CommandContext,
): ExitStatus {
  const hosts = outcomes.map(({ host }) => host);
  if (report.json) context.output.write(applyDocument(hosts, diagnostics));
  return gravest(outcomes.map(({ host, interrupted }) => (interrupted ? exitStatus.interrupted : statusOf(host))));
}

function statusOf(host: AppliedHost): ExitStatus {
  return host.status === "converged" ? exitStatus.ok : exitStatus[host.status];
}

function failureOf(host: SiteHost): readonly HostOutcome[] {
  if (host.status === "read") return [];
  const { name, status, message, hints } = host;
  return [{ host: { name, status, message, hints, steps: [], unchanged: 0 }, interrupted: false }];
}
