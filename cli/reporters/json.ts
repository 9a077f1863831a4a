import { positionAt } from "../../grammar/source.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Plan, Step } from "../../compiler/plan.ts";
import type { Frame0 } from "../../runtime/facts.ts";
import type { FollowedRun } from "../follow-host.ts";
import { countSteps } from "./plan-summary.ts";

/** The version of every document; fields are added, never removed. */
const version = 1;

/** A document as ASCII where it could steer a terminal: JSON itself escapes only the controls below 0x20. */
export const jsonText = (document: unknown): string =>
  `${JSON.stringify(document, null, 2)}\n`.replace(
    /[\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

/** The document of `check --json`. */
export function diagnosticsDocument(diagnostics: readonly Diagnostic[]): string {
  return jsonText({ version, diagnostics: diagnostics.map(diagnosticRow) });
}

/** One diagnostic with its place as people count it. */
export function diagnosticRow(diagnostic: Diagnostic) {
  const { file, start, end } = diagnostic.span;
  const from = positionAt(file, start);
  const to = positionAt(file, end);
  return {
    code: diagnostic.code,
    severity: diagnostic.severity,
    message: diagnostic.message,
    file: file.path,
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
    hint: [diagnostic.label, ...(diagnostic.hints ?? [])].filter((hint) => hint !== undefined).join("\n"),
  };
}

/** One host of `plan --json`: read and planned, or why not. */
export type PlannedHost =
  | {
      readonly name: string;
      readonly status: "read";
      readonly plan: Plan;
      /** With the run that was at work there when the host was read. */
      readonly work: { readonly frame0: Pick<Frame0, "lock"> };
    }
  | {
      readonly name: string;
      readonly status: "refused" | "unreachable";
      readonly message: string;
      readonly hints: readonly string[];
    };

/** The document of `plan --json`. */
export function planDocument(hosts: readonly PlannedHost[], diagnostics: readonly Diagnostic[]): string {
  const plans = hosts.flatMap((host) => (host.status === "read" ? [host.plan] : []));
  return jsonText({
    version,
    hosts: hosts.map((host) =>
      host.status === "read"
        ? {
            name: host.name,
            status: host.status,
            ...(host.work.frame0.lock ? { run: host.work.frame0.lock } : {}),
            steps: host.plan.steps.map(stepRow),
            unchanged: host.plan.unchanged,
          }
        : {
            name: host.name,
            status: host.status,
            message: host.message,
            hints: host.hints,
            steps: [],
            unchanged: 0,
          },
    ),
    summary: {
      hosts: hosts.length,
      changes: plans.reduce((sum, plan) => sum + plan.steps.length, 0),
      unchanged: plans.reduce((sum, plan) => sum + plan.unchanged, 0),
      unreachable: hosts.filter((host) => host.status === "unreachable").length,
      ...countSteps(plans),
    },
    diagnostics: diagnostics.map(diagnosticRow),
  });
}

/** A step of a plan as the documents show it. */
export function stepRow(step: Step) {
  return {
    resource: step.resource,
    action: step.action,
    because: step.because.map((because) => because.text),
    source: step.source,
    ...(step.aliases ? { aliases: step.aliases } : {}),
    certain: step.certain,
    changes: step.changes,
    ...(step.hidden ? { private: step.hidden } : {}),
  };
}

/** One host of `apply --json`. */
export interface AppliedHost {
  readonly name: string;
  readonly status: "converged" | "failed" | "refused" | "stale" | "unreachable" | "untouched";
  readonly message?: string;
  readonly hints?: readonly string[];
  readonly steps: readonly (ReturnType<typeof stepRow> & {
    readonly result: "changed" | "failed" | "ok" | "skipped";
    readonly milliseconds: number;
    readonly message: string;
    /** What it changed was put back later in the run, as a verifier refused it. */
    readonly putBack?: true;
    /** Of a failed step: the one sentence of its message that says why. */
    readonly cause?: string;
  })[];
  readonly unchanged: number;
  /** Runs of others that were at work there and were waited for first. */
  readonly followed?: readonly FollowedRun[];
}

/** One host of `attach --json`: the run that was followed there, or that there was none. */
export type AttachedHost =
  | FollowedRun
  | {
      readonly name: string;
      readonly status: "idle" | "refused" | "unreachable";
      readonly run?: undefined;
      readonly message?: string;
      readonly hints?: readonly string[];
      readonly steps: readonly never[];
      readonly unchanged: number;
    };

/** The document of `attach --json`. */
export function attachDocument(hosts: readonly AttachedHost[]): string {
  return jsonText({ version, hosts, summary: resultCounts(hosts) });
}

/** The document of `apply --json`. */
export function applyDocument(hosts: readonly AppliedHost[], diagnostics: readonly Diagnostic[]): string {
  return jsonText({ version, hosts, summary: resultCounts(hosts), diagnostics: diagnostics.map(diagnosticRow) });
}

function resultCounts(hosts: readonly Pick<AppliedHost | FollowedRun, "steps" | "unchanged">[]) {
  const steps = hosts.flatMap((host) => host.steps.map(({ result }) => result));
  const number = (result: string) => steps.filter((each) => each === result).length;
  return {
    changed: number("changed"),
    ok: number("ok") + hosts.reduce((sum, host) => sum + host.unchanged, 0),
    failed: number("failed"),
    skipped: number("skipped"),
  };
}
