import type { LockOwner } from "../../runtime/facts.ts";
import type { CommandContext } from "../command.ts";
import { describeFailure } from "../connections.ts";
import type { PlannedSite } from "../plan-site.ts";
import { planSummary } from "./plan-summary.ts";
import { count, printDiagnostics } from "./pretty-diagnostics.ts";
import { groupHosts, type PlannedHost, printGroups } from "./host-groups.ts";
import { printPlan } from "./pretty-plan.ts";
import { printable } from "../terminal.ts";
import { hanging } from "./wrap.ts";

/** Prints what planning came to: mistakes and failures on the progress side, plans as the answer, the summary last. */
export function printSite(
  site: PlannedSite,
  context: CommandContext,
  options: { readonly full: boolean; readonly savedAs?: string | undefined },
): void {
  if (site.diagnostics.length > 0) printDiagnostics(site.diagnostics, context.progress);
  const planned: PlannedHost[] = [];
  for (const host of site.hosts) {
    if (host.status === "read") {
      const { facts, lock } = host.work.frame0;
      const { os } = facts;
      const heading = {
        host: host.name,
        system: `${os.id} ${os.version}`.trim(),
        resources: host.work.catalog.resources.length,
        milliseconds: host.work.milliseconds,
        frames: host.work.frames,
      };
      if (lock) context.progress.write(`${printable(`${host.name}  ${describeLock(lock)}`)}\n`);
      planned.push({ plan: host.plan, heading });
    } else {
      context.progress.write(
        describeFailure(host.target, { failure: host.status, message: host.message, hints: host.hints }),
      );
    }
  }
  const [only, ...more] = planned;
  if (only && more.length === 0) printPlan(only.plan, only.heading, context.output, options.full);
  else printGroups(groupHosts(planned, context.output, options.full), context.output, options.full);
  const plans = site.hosts.flatMap((host) => (host.status === "read" ? [host.plan] : []));
  if (plans.length === 0) return;
  const number = (status: string) => site.hosts.filter((host) => host.status === status).length;
  const unread = (["refused", "unreachable"] as const).flatMap((status) =>
    number(status) > 0 ? [`${count(number(status), "host")} ${status}`] : [],
  );
  const changing = plans.filter(({ steps }) => steps.length > 0).length;
  const share = plans.length > 1 ? `${changing} of ${count(plans.length, "host")} to change: ` : "";
  const summary = `${[`${share}${planSummary(plans).slice(0, -1)}`, ...unread].join("; ")}.`;
  context.output.write(`${hanging("Plan: ", summary, context.output.columns).join("\n")}\n`);
  if (options.savedAs !== undefined && plans.some((plan) => plan.steps.length > 0)) {
    context.output.write(`Apply exactly this:  galley apply ${options.savedAs}\n`);
  }
}

/** What a run that began before this read means for the plan. */
function describeLock({ alive, run, since, who }: LockOwner): string {
  return alive
    ? `run ${run} of ${who} is at work there since ${since}: what it has yet to do may still show as a change; \`galley attach\` follows it`
    : `run ${run} of ${who} was killed there; the next apply cleans up behind it`;
}
