import type { ReportedStep } from "../../runtime/run-report.ts";
import type { Step } from "../../compiler/plan.ts";
import type { AppliedHost } from "./json.ts";
import { printable, type Terminal } from "../terminal.ts";
import { count } from "./pretty-diagnostics.ts";
import { label } from "./step-label.ts";

/** The line that a step leaves on the progress side when it has ended. */
export function progressLine(host: string, step: Step, result: ReportedStep, terminal: Terminal): string {
  const { color } = terminal;
  const signs = terminal.unicode
    ? { changed: "✓", ok: "=", failed: "✗", skipped: "-" }
    : { changed: "ok", ok: "=", failed: "FAIL", skipped: "-" };
  const paint = { changed: color.green, ok: color.dim, failed: color.red, skipped: color.yellow }[result.result];
  const time = `${(result.milliseconds / 1000).toFixed(2)} s`;
  const message = result.message === undefined ? "" : `: ${headline(step.kind, result.message)}`;
  const word = result.result === "changed" ? step.action : result.result === "ok" ? "nothing to do" : result.result;
  return `${printable(host)}  ${paint(signs[result.result])} ${label(step)}  ${word}${message}  ${color.dim(time)}\n`;
}

/** Prints how an apply ended on one host: failures with all their words, what was skipped, a verdict last. */
export function printReport(host: AppliedHost, milliseconds: number, terminal: Terminal): void {
  const { color } = terminal;
  for (const step of host.steps.filter((one) => one.result === "failed")) {
    terminal.write(
      `${color.red("failed")}  ${printable(step.resource)}  ${color.dim(`${step.source.file}:${step.source.line}`)}\n`,
    );
    for (const line of ownWords(step.message)) terminal.write(`        ${printable(line)}\n`);
  }
  for (const step of host.steps.filter((one) => one.result === "skipped")) {
    terminal.write(`${color.yellow("skipped")} ${printable(step.resource)}  ${printable(step.message)}\n`);
  }
  if (host.message !== undefined) terminal.write(`${printable(host.message)}\n`);
  for (const hint of host.hints ?? []) terminal.write(`  = ${printable(hint)}\n`);
  const number = (result: string) => host.steps.filter((step) => step.result === result).length;
  const parts = [
    count(number("changed"), "change"),
    ...(number("failed") > 0 ? [`${number("failed")} failed`] : []),
    ...(number("skipped") > 0 ? [`${number("skipped")} skipped`] : []),
    `${number("ok") + host.unchanged} as they should be`,
  ];
  const verdict = host.status === "converged" ? color.green("converged") : color.red(`not converged (${host.status})`);
  terminal.write(
    `${color.bold(printable(host.name))}  ${verdict}: ${parts.join(", ")} in ${(milliseconds / 1000).toFixed(1)} s\n`,
  );
}

/** The one line that says most: of a command its own end, which stands below its output; of all else the first. */
function headline(kind: string, message: string): string {
  const lines = ownWords(message);
  return printable((kind === "execute" ? lines.at(-1) : lines[0]) ?? "");
}

/** What a failed step said. That a verb ended with 1 says nothing beside its own words. */
function ownWords(message: string): readonly string[] {
  const [first = "", ...rest] = message.trim().split("\n");
  return first === "ended with status 1" && rest.length > 0 ? rest : [first, ...rest];
}
