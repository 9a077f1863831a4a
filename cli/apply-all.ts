import type { Plan } from "../compiler/plan.ts";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import { applyHost, type HostOutcome, type HostWork } from "./apply-host.ts";
import { type CommandContext, UsageProblem } from "./command.ts";
import { exitStatus, gravest, type ExitStatus } from "./exit-status.ts";
import { confirm } from "./prompt.ts";
import { type AppliedHost, applyDocument } from "./reporters/json.ts";
import { planSummary } from "./reporters/plan-summary.ts";
import { count } from "./reporters/pretty-diagnostics.ts";
import { printReport } from "./reporters/pretty-report.ts";

/** How an apply asks and reports. */
export interface ApplyReport {
  readonly json: boolean;
  readonly full: boolean;
  readonly yes: boolean;
  readonly showPrivate: boolean;
  /** Follow a run that is at work on a host to its end first. */
  readonly wait: boolean;
}

/** Asks once, with the numbers; without a terminal only `--yes` is an answer. */
export async function agree(plans: readonly Plan[], report: ApplyReport, context: CommandContext): Promise<boolean> {
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

/** Applies to all hosts at once; each is reported when it has ended. */
export async function applyAll(
  works: readonly HostWork[],
  report: ApplyReport,
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

/** Prints the document of `--json`, and gives the gravest exit status. */
export function conclude(
  outcomes: readonly HostOutcome[],
  diagnostics: readonly Diagnostic[],
  report: ApplyReport,
  context: CommandContext,
): ExitStatus {
  const hosts = outcomes.map(({ host }) => host);
  if (report.json) context.output.write(applyDocument(hosts, diagnostics));
  return gravest(outcomes.map(({ host, interrupted }) => (interrupted ? exitStatus.interrupted : statusOf(host))));
}

function statusOf(host: AppliedHost): ExitStatus {
  return host.status === "converged" ? exitStatus.ok : exitStatus[host.status];
}
