import type { Step } from "../compiler/plan.ts";
import type { ReportedStep, RunReport } from "../runtime/run-report.ts";
import { failureOf } from "./reporters/failure-cause.ts";
import type { AppliedHost } from "./reporters/json.ts";
import { shownResult } from "./shown-result.ts";

/** What a run came to, with what to do about it. */
export interface RunVerdict {
  readonly status: Exclude<AppliedHost["status"], "converged" | "stale" | "untouched">;
  readonly message?: string;
  readonly hints?: readonly string[];
}

type NamedStep = Pick<Step, "id" | "kind" | "resource" | "sensitive">;

/** Judges a run by its journal alone; undefined when every step of its plan has ended without failure. */
export function judgeRun(host: string, planned: readonly NamedStep[], report: RunReport): RunVerdict | undefined {
  const { steps } = report;
  if (report.refused !== undefined) {
    const hints = report.owner ? ["wait until that run has ended, then apply again"] : ["nothing was changed"];
    return { status: "refused", message: `${host} did not take the run: ${report.refused}`, hints };
  }
  if (report.lost !== undefined) {
    const hints = [
      ...(report.killed ? [] : ["`galley attach` follows the run if it is still at work there"]),
      "what was begun is safe to repeat: apply again, it starts from what the host then is",
    ];
    return { status: "unreachable", message: report.lost, hints };
  }
  if (report.broken !== undefined) {
    const message = `the host's journal does not follow the plan: ${report.broken}. What the run did there is not known`;
    return {
      status: "failed",
      message,
      hints: [`the connection was closed; look at ${host} before anything else`],
    };
  }
  const begun = begunWithoutEnd(planned, report);
  if (report.unwritten) {
    const message = `the journal of the run could not be written on ${host}, so nothing more was begun there${begun}`;
    return { status: "failed", message, hints: ["make room for /var/lib/galley there, then apply again"] };
  }
  if (report.interrupted) {
    return { status: "failed", message: "stopped as asked after the step under way; apply again to finish" };
  }
  if (steps.some((step) => step.result === "failed" || step.result === "skipped")) return { status: "failed" };
  if (steps.length < planned.length) {
    const message = `the run on ${host} ended without an end of every step${begun}`;
    return { status: "failed", message, hints: ["apply again: it starts from what the host then is"] };
  }
  return undefined;
}

/** `; the end of file["/x"] is not known`, for the steps that were begun; nothing when there is none. */
function begunWithoutEnd(planned: readonly NamedStep[], { unended = [] }: RunReport): string {
  const names = planned.filter(({ id }) => unended.includes(id)).map(({ resource }) => resource);
  return names.length === 0 ? "" : `; the end of ${names.join(", ")} is not known`;
}

const endUnknown = "it was begun, and its end is not known";

/** How a step ended, as a report shows it; one that was not reached counts as skipped. */
export function endOfStep(step: NamedStep, ended: ReportedStep | undefined, begun: boolean, showPrivate: boolean) {
  const result = ended && shownResult(step, ended, showPrivate);
  return {
    result: result?.result ?? (begun ? ("failed" as const) : ("skipped" as const)),
    milliseconds: result?.milliseconds ?? 0,
    message: result ? (result.message ?? "") : begun ? endUnknown : "not reached",
    ...(result?.putBack ? { putBack: true as const } : {}),
    ...(result?.result === "failed" ? { cause: failureOf(step.kind, result.message ?? "").cause } : {}),
  };
}
