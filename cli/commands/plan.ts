import { writeFile } from "node:fs/promises";
import { flag, listOption, textOption } from "../arguments.ts";
import { type Command, type CommandContext, UsageProblem } from "../command.ts";
import { exitStatus, gravest, type ExitStatus } from "../exit-status.ts";
import { type PlannedSite, planSite } from "../plan-site.ts";
import { planDocument } from "../reporters/json.ts";
import { savedPlan } from "../saved-plan.ts";
import { printSite } from "../reporters/site.ts";
import { settingsOf } from "../settings.ts";
import { planOptions } from "../plan-options.ts";
import { eventNamed } from "./run.ts";

/** `galley plan`: read the hosts and print what would change. */
export const plan: Command = {
  name: "plan",
  takes: "[PATH]",
  summary: "Read the hosts and show exactly what would change; changes nothing",
  details: [
    "Every step says why it is there. `?` marks what only the host can decide once earlier steps have run.",
    "Exit status: 0 planned (with --detailed-exitcode 0 nothing to change, 2 changes), 1 the recipe has mistakes, 4 a host cannot be reached, 6 a host or its key was refused.",
  ],
  options: [
    ...planOptions,
    { name: "detailed-exitcode", doc: "end with 2 when something would change" },
    {
      name: "event",
      value: "EVENT",
      doc: "plan only what one event of the hosts' life needs: setup, configure, deploy, undeploy or shutdown",
    },
    { name: "output", short: "o", value: "FILE", doc: "save the plan, for `galley apply FILE`" },
  ],
  async run(invocation, context) {
    const event = textOption(invocation, "event");
    const site = await planSite(invocation.positionals[0], listOption(invocation, "on"), context, {
      showPrivate: flag(invocation, "show-private"),
      settings: settingsOf(invocation),
      event: event === undefined ? undefined : eventNamed(event),
    });
    await site.close();
    const file = textOption(invocation, "output");
    if (file !== undefined && site.status === "planned") await save(file, site, context);
    if (flag(invocation, "json")) context.output.write(planDocument(site.hosts, site.diagnostics));
    else printSite(site, context, { full: flag(invocation, "full"), savedAs: file });
    return statusOf(site, flag(invocation, "detailed-exitcode"));
  },
};

async function save(file: string, site: PlannedSite, context: CommandContext): Promise<void> {
  try {
    await writeFile(file, savedPlan(site), { mode: 0o600 });
  } catch (error) {
    throw new UsageProblem(
      `cannot write the plan to ${file}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  context.progress.write(`saved the plan as ${file}\n`);
}

function statusOf(site: PlannedSite, detailed: boolean): ExitStatus {
  if (site.status === "mistakes") return exitStatus.error;
  const changes = site.hosts.some((host) => host.status === "read" && host.plan.steps.length > 0);
  return gravest([
    ...site.hosts.map((host) => (host.status === "read" ? exitStatus.ok : exitStatus[host.status])),
    detailed && changes ? exitStatus.changes : exitStatus.ok,
  ]);
}
