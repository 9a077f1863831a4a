import type { HiddenDiff, Plan, ShownChange, Step } from "../../compiler/plan.ts";
import { printable, type Terminal } from "../terminal.ts";
import { fileDiffLines } from "./file-diff.ts";
import { count } from "./pretty-diagnostics.ts";
import { arrow, coloredSymbol, dot } from "./symbols.ts";

/** What a plan's heading says of the read it was made from. */
export interface PlanHeading {
  readonly host: string;
  readonly system: string;
  readonly resources: number;
  readonly milliseconds: number;
  readonly frames: number;
}

/** Prints one host's plan: a heading, a line a step with its reason, differences of files. */
export function printPlan(plan: Plan, heading: PlanHeading, terminal: Terminal, full: boolean): void {
  const { color } = terminal;
  const seconds = (heading.milliseconds / 1000).toFixed(2);
  const parts = [
    heading.system,
    count(heading.resources, "resource"),
    `read in ${seconds} s (${heading.frames} round trips)`,
  ];
  terminal.write(`${color.bold(printable(heading.host))}  ${parts.join(` ${dot(terminal)} `)}\n`);
  if (plan.steps.length > 0) terminal.write("\n");
  const width = Math.min(36, Math.max(0, ...plan.steps.map((step) => label(step).length)));
  for (const step of plan.steps) {
    terminal.write(`${stepLines(step, width, terminal, full).join("\n")}\n`);
  }
  terminal.write("\n");
}

/** `file /etc/motd`: kind and title as a plan names them. */
export function label(step: { readonly kind: string; readonly title: string }): string {
  return printable(`${step.kind} ${step.title}`.replaceAll("\n", "\\n").replaceAll("\t", "\\t"));
}

function stepLines(step: Step, width: number, terminal: Terminal, full: boolean): readonly string[] {
  const { color } = terminal;
  const source = printable(`${step.source.file}:${step.source.line}`);
  const text = detail(step, terminal);
  const symbol = coloredSymbol(step, terminal);
  const room = terminal.columns - "  + ".length - "  ".length - source.length;
  const oneLine = `${label(step).padEnd(width)}  ${text}`.trimEnd();
  const tight = `${label(step)}  ${text}`.trimEnd();
  const fitting = [oneLine, tight].find((line) => line.length <= room);
  const head = `  ${symbol} ${(fitting ?? label(step)).padEnd(room)}  ${color.dim(source)}`;
  const below = fitting === undefined && text !== "" ? [`      ${text}`] : [];
  const reasons = reasonsOf(step, full).map((reason, index) =>
    color.dim(`      ${index === 0 ? "because" : "    and"} ${printable(reason)}`),
  );
  const diff = step.diff ? fileDiffLines(step.diff, terminal, full) : [];
  return [head, ...below, ...reasons, ...diff];
}

/** More reasons than this are folded unless `--full`. */
const reasonsShown = 5;

/** Each reason once: a file that a service watches and that notifies it is one reason for its restart. */
function reasonsOf(step: Step, full: boolean): readonly string[] {
  const reasons = [...new Set(step.because.map((because) => because.text))];
  if (full || reasons.length <= reasonsShown + 1) return reasons;
  return [...reasons.slice(0, reasonsShown), `${reasons.length - reasonsShown} more reasons (--full)`];
}

function detail(step: Step, terminal: Terminal): string {
  const verb = step.action === "create" || step.action === "update" ? "" : step.action;
  // What the difference below shows need not be said twice.
  const hidden = ["state", ...(step.diff || step.hidden ? ["content", "source"] : [])];
  const changes = step.changes.filter(({ property }) => !hidden.includes(property));
  const shown = [...(step.action === "create" ? created(changes) : changes.map((change) => changed(change, terminal)))];
  if (step.hidden) shown.push(privateWords(step.hidden, step.action));
  return printable([verb, shown.join(", ")].filter((part) => part !== "").join("  "));
}

/** `private, 3 lines change`: all that is said of content that is not shown. */
function privateWords({ lines }: HiddenDiff, action: Step["action"]): string {
  if (lines === null) return "private content";
  return `private, ${count(lines, "line")}${action === "update" ? (lines === 1 ? " changes" : " change") : ""}`;
}

const access = ["group", "mode", "owner"];

/** What a new thing will be, with mode and owner as `ls` shows them: `0644 root:root`. */
function created(changes: readonly ShownChange[]): readonly string[] {
  const value = (name: string) => changes.find((change) => change.property === name)?.to;
  const ownership = [value("owner"), value("group")].filter((name) => name !== undefined).join(":");
  const first = [value("mode"), ownership].filter((part) => part !== undefined && part !== "").join(" ");
  const others = changes.filter(({ property }) => !access.includes(property));
  return [...(first === "" ? [] : [first]), ...others.map(({ property, to }) => `${property} ${to}`)];
}

function changed({ property, from, to }: ShownChange, terminal: Terminal): string {
  return from === undefined ? `${property} ${to}` : `${property} ${from} ${arrow(terminal)} ${to}`;
}
