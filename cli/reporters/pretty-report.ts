import type { ReportedStep } from "../../runtime/run-report.ts";
import type { Step } from "../../compiler/plan.ts";
import type { FollowedRun } from "../follow-host.ts";
import type { AppliedHost } from "./json.ts";
import { printable, type Terminal } from "../terminal.ts";
import { count } from "./pretty-diagnostics.ts";
import { failureOf } from "./failure-cause.ts";
import { label, namesAtMost } from "./step-label.ts";
import { bar } from "./symbols.ts";

/** What a line of progress shows of a step. */
export type ShownStep = Pick<Step, "action" | "kind" | "title">;

/** The line that a step leaves on the progress side when it has ended; the counter says how far the host is. */
export function progressLine(
  host: string,
  step: ShownStep,
  result: ReportedStep,
  terminal: Terminal,
  counter?: string,
): string {
  const { color } = terminal;
  const signs = terminal.unicode
    ? { changed: "✓", ok: "=", failed: "✗", skipped: "-" }
    : { changed: "ok", ok: "=", failed: "FAIL", skipped: "-" };
  const paint = { changed: color.green, ok: color.dim, failed: color.red, skipped: color.yellow }[result.result];
  const time = `${(result.milliseconds / 1000).toFixed(2)} s`;
  const message = result.message === undefined ? "" : `: ${failureOf(step.kind, result.message).cause}`;
  const word = result.result === "changed" ? step.action : result.result === "ok" ? "nothing to do" : result.result;
  const place = `${printable(host)}  ${counter === undefined ? "" : `${counter} `}`;
  return `${place}${paint(signs[result.result])} ${label(step)}  ${word}${message}  ${color.dim(time)}\n`;
}

/** More lines of a failed step's output than this are folded unless `--full`; the last ones are shown. */
const outputAtMost = 12;

/** Of steps that were skipped for one reason more than this are counted unless `--full`. */
const namesShown = 3;

type Report = Pick<AppliedHost, "hints" | "message" | "unchanged"> & {
  readonly steps: readonly Pick<
    AppliedHost["steps"][number],
    "aliases" | "message" | "putBack" | "resource" | "result" | "source"
  >[];
};

/** Prints how an apply ended on one host: failures with their cause first, what was skipped, a verdict last. */
export function printReport(host: AppliedHost, milliseconds: number, terminal: Terminal, full = false): void {
  const { color } = terminal;
  printEnds(host, terminal, full);
  const verdict = host.status === "converged" ? color.green("converged") : color.red(`not converged (${host.status})`);
  terminal.write(
    `${color.bold(printable(host.name))}  ${verdict}: ${numbers(host)} in ${(milliseconds / 1000).toFixed(1)} s\n`,
  );
}

/** Prints how a followed run ended that another user had started. The host was not read after it, so it is not called converged. */
export function printFollowed(followed: FollowedRun, terminal: Terminal, full = false): void {
  const { color } = terminal;
  printEnds(followed, terminal, full);
  const { name, run, status, who } = followed;
  const verdict = status === "succeeded" ? color.green("succeeded") : color.red(`did not succeed (${status})`);
  terminal.write(
    `${color.bold(printable(name))}  run ${printable(`${run} of ${who}`)} ${verdict}: ${numbers(followed)}\n`,
  );
}

function printEnds(host: Report, terminal: Terminal, full: boolean): void {
  const { color } = terminal;
  for (const step of host.steps.filter((one) => one.result === "failed")) {
    const declared = [step, ...(step.aliases ?? [])];
    const names = declared.map(({ resource }) => printable(resource)).join(", ");
    const places = declared.map(({ source }) => printable(`${source.file}:${source.line}`)).join(", ");
    terminal.write(`${color.red("failed")}  ${names}  ${color.dim(places)}\n`);
    for (const line of failureLines(step, terminal, full)) terminal.write(`        ${line}\n`);
  }
  for (const [reason, names] of skippedSteps(host)) {
    const named = printable(namesAtMost(names, full ? names.length : namesShown));
    terminal.write(`${color.yellow("skipped")} ${named}  ${indented(reason)}\n`);
  }
  for (const step of host.steps.filter((one) => one.putBack)) {
    terminal.write(`${color.yellow("put back")} ${printable(step.resource)}  its change was refused\n`);
  }
  for (const step of host.steps.filter(({ result, message }) => /^(?:changed|ok)$/.test(result) && message !== "")) {
    terminal.write(`${color.yellow("note")}    ${printable(step.resource)}  ${indented(step.message)}\n`);
  }
  if (host.message !== undefined) terminal.write(`${indented(host.message)}\n`);
  for (const hint of host.hints ?? []) terminal.write(`  = ${indented(hint)}\n`);
}

/** The resources that were skipped, by the reason. */
function skippedSteps(host: Report): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { message, resource, result } of host.steps) {
    if (result !== "skipped") continue;
    const same = names.get(message);
    if (same) same.push(resource);
    else names.set(message, [resource]);
  }
  return names;
}

function numbers(host: Report): string {
  const number = (result: string) => host.steps.filter((step) => step.result === result).length;
  const putBack = host.steps.filter((step) => step.putBack).length;
  const parts = [
    `${count(number("changed"), "change")}${putBack > 0 ? ` (${putBack} put back)` : ""}`,
    ...(number("failed") > 0 ? [`${number("failed")} failed`] : []),
    ...(number("skipped") > 0 ? [`${number("skipped")} skipped`] : []),
    `${number("ok") + host.unchanged} as they should be`,
  ];
  return parts.join(", ");
}

/** Lines after the first stand to the right: words of others must not look like lines of the report. */
function indented(text: string): string {
  return printable(text.trimEnd()).replaceAll("\n", `\n${" ".repeat(8)}`);
}

function failureLines(
  { resource, message }: Report["steps"][number],
  terminal: Terminal,
  full: boolean,
): readonly string[] {
  const { cause, output } = failureOf(resource.slice(0, resource.indexOf("[")), message);
  const shown = full || output.length <= outputAtMost + 1 ? output : output.slice(-outputAtMost);
  const before = output.length - shown.length;
  const lines = [...(before > 0 ? [`${count(before, "line")} before this (--full)`] : []), ...shown];
  return [cause, ...lines.map((line) => terminal.color.dim(`${bar(terminal)} ${line}`))];
}
