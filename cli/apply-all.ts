import type { Plan } from "../compiler/plan.ts";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import { foldNodeset } from "../compiler/selector/nodeset.ts";
import { rollOut, type Rollout, type Untouched } from "../compiler/rollout.ts";
import { applyHost, type HostOutcome, type HostWork, leftUntouched } from "./apply-host.ts";
import { type CommandContext, UsageProblem } from "./command.ts";
import { exitStatus, gravest, type ExitStatus } from "./exit-status.ts";
import { confirm } from "./prompt.ts";
import { type AppliedHost, applyDocument } from "./reporters/json.ts";
import { planSummary } from "./reporters/plan-summary.ts";
import { count } from "./reporters/pretty-diagnostics.ts";
import { printReport } from "./reporters/pretty-report.ts";
import { printable } from "./terminal.ts";

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

/** The hosts to apply to, in what order, and those that could not be read. */
export interface Rolling {
  readonly works: readonly HostWork[];
  readonly rollout: Rollout;
  readonly lost: readonly string[];
}

/** Applies to the hosts in the order of their layers; each is reported when it has ended. */
export async function applyAll(
  { works, rollout, lost }: Rolling,
  report: ApplyReport,
  context: CommandContext,
): Promise<readonly HostOutcome[]> {
  const byName = new Map(works.map((work) => [work.name, work]));
  const outcomes = new Map<string, HostOutcome>();
  const one = async (name: string): Promise<boolean> => {
    const work = byName.get(name);
    if (!work) throw new Error(`${name} was not read, so nothing is begun there`);
    if (work.stop.signal.aborted) {
      outcomes.set(name, {
        host: leftUntouched(work, "nothing was begun: the run was interrupted"),
        interrupted: true,
      });
      work.progress.end();
      return false;
    }
    const begin = performance.now();
    const outcome = await applyHost(work);
    outcomes.set(name, outcome);
    work.progress.end();
    if (!report.json) printReport(outcome.host, performance.now() - begin, context.output, report.full);
    return outcome.host.status === "converged";
  };
  const unread = rollout.waves.flat().filter((name) => lost.includes(name) || !byName.has(name));
  const untouched = await rollOut(rollout, new Set(unread), one);
  for (const [name, why] of untouched) {
    const work = byName.get(name);
    if (!work) continue;
    work.progress.end();
    outcomes.set(name, { host: leftUntouched(work, whyUntouched(why)), interrupted: false });
  }
  if (untouched.size > 0 && !report.json) tellUntouched(untouched, context);
  return works.flatMap(({ name }) => outcomes.get(name) ?? []);
}

function whyUntouched({ failed, layer }: Untouched): string {
  return `nothing was begun: ${foldNodeset(failed).join(", ")} of ${layer} did not converge`;
}

/** Says once for all hosts of one cause what was not begun. */
function tellUntouched(untouched: ReadonlyMap<string, Untouched>, { output }: CommandContext): void {
  const causes = Map.groupBy(untouched, ([, why]) => whyUntouched(why));
  for (const [why, hosts] of causes) {
    const names = foldNodeset(hosts.map(([name]) => name)).join(", ");
    output.write(`${printable(`${names}  left untouched (${count(hosts.length, "host")}): ${why}`)}\n`);
  }
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
  // What was not begun has its cause in another host, whose status counts.
  return host.status === "converged" || host.status === "untouched" ? exitStatus.ok : exitStatus[host.status];
}
