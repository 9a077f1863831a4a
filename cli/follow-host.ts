import { attachRun } from "../runtime/attach.ts";
import type { LockOwner } from "../runtime/facts.ts";
import type { Reconnect } from "../runtime/line.ts";
import type { ManifestStep } from "../runtime/manifest.ts";
import type { ReportedStep, RunReport } from "../runtime/run-report.ts";
import type { Session } from "../runtime/session.ts";
import type { CommandContext } from "./command.ts";
import { exitStatus } from "./exit-status.ts";
import { endOfStep, judgeRun, type RunVerdict } from "./judge-run.ts";
import type { ApplyProgress } from "./reporters/apply-progress.ts";
import { count } from "./reporters/pretty-diagnostics.ts";
import { shownResult } from "./shown-result.ts";
import { printable } from "./terminal.ts";

/** What following a run on a host needs. */
export interface Following {
  readonly name: string;
  readonly session: Session;
  readonly reconnect: Reconnect;
  readonly progress: ApplyProgress;
  /** Show what sensitive commands print. */
  readonly showPrivate: boolean;
}

/** How a run went that another call of Galley had started. */
export interface FollowedRun {
  /** The host. */
  readonly name: string;
  readonly run: string;
  /** Who started it, as `user@machine`. */
  readonly who: string;
  readonly since: string;
  /** `succeeded` says that every step did; whether the host is then as its recipe says was not read. */
  readonly status: RunVerdict["status"] | "succeeded";
  readonly message?: string;
  readonly hints?: readonly string[];
  readonly steps: readonly (Pick<ManifestStep, "action" | "resource" | "source"> & ReturnType<typeof endOfStep>)[];
  readonly unchanged: number;
}

/** A run that was followed, and the session that stood at its end; `report` is missing when it could not be followed. */
export interface Followed {
  readonly followed: FollowedRun;
  readonly report?: RunReport;
  readonly session: Session;
}

/** Follows the run that holds the lock of a host to its end. Ctrl-C leaves; the run goes on. */
export async function followHost(owner: LockOwner, following: Following, context: CommandContext): Promise<Followed> {
  const { name, session, reconnect, progress, showPrivate } = following;
  const base = { name, run: owner.run, who: owner.who, since: owner.since };
  const named = `run ${owner.run} of ${owner.who}`;
  const interrupts = leaveOnInterrupt(`${named} goes on on ${name}; \`galley attach\` follows it again.`, context);
  try {
    const attached = await attachRun(owner, session, {
      reconnect,
      onFound: (manifest, soFar) => {
        const steps = new Map(manifest.steps.map((step) => [step.id, step]));
        const total = count(manifest.steps.length, "step");
        context.progress.write(
          `${printable(`${name}  ${named} is at work since ${owner.since}: ${soFar.steps.length} of ${total} done; following it to its end`)}\n`,
        );
        const shown = progress.follow(name, manifest.steps.length, soFar.steps.length);
        const underWay = (ids: readonly number[]) => {
          const found = ids.flatMap((id) => steps.get(id) ?? []);
          if (found.length > 0) shown.underWay(found);
        };
        underWay(soFar.unended ?? []);
        return (event) => {
          if (event.type === "start" || event.type === "retry") return underWay([event.step]);
          if (event.type === "end") return shown.end();
          if (event.type === "transaction" && event.status === undefined) {
            const members = manifest.steps.filter((step) => step.transaction === event.transaction);
            return underWay(members.map(({ id }) => id));
          }
          const step = event.type === "done" ? steps.get(event.step) : undefined;
          if (event.type !== "done" || !step) return;
          shown.ended(step, shownResult(step, { ...event, id: step.id, resource: step.resource }, showPrivate));
        };
      },
    });
    if ("failure" in attached) {
      const message = `${named} is at work there since ${owner.since} and cannot be followed: ${attached.message}`;
      const hints = ["wait until it has ended, then apply again"];
      const followed = { ...base, status: attached.failure, message, hints, steps: [], unchanged: 0 };
      return { followed, session: attached.session };
    }
    const { manifest, report } = attached;
    const ends = new Map(report.steps.map((step): [number, ReportedStep] => [step.id, step]));
    const verdict = judgeRun(name, manifest.steps, report) ?? { status: "succeeded" as const };
    const steps = manifest.steps.map((step) => ({
      resource: step.resource,
      action: step.action,
      source: step.source,
      ...endOfStep(step, ends.get(step.id), report.unended?.includes(step.id) === true, showPrivate),
    }));
    return { followed: { ...base, ...verdict, steps, unchanged: manifest.unchanged }, report, session: report.session };
  } finally {
    interrupts.end();
  }
}

/** What goes on without us, a sentence for each run that is followed now. */
const goingOn = new Set<string>();

/** Ctrl-C leaves at once, with a sentence on every run that goes on without us. */
function leaveOnInterrupt(words: string, { progress }: CommandContext): { readonly end: () => void } {
  const leave = () => {
    progress.write(`\nLeft; ${printable([...goingOn].join("\n"))}\n`);
    process.exit(exitStatus.interrupted);
  };
  goingOn.add(words);
  process.on("SIGINT", leave);
  process.on("SIGTERM", leave);
  return {
    end: () => {
      goingOn.delete(words);
      process.off("SIGINT", leave);
      process.off("SIGTERM", leave);
    },
  };
}
