import type { Plan } from "../../compiler/plan.ts";
import { printable, type Terminal } from "../terminal.ts";
import { outlineLines } from "./plan-outline.ts";
import { count } from "./pretty-diagnostics.ts";
import { groupAlike } from "./step-groups.ts";
import { groupLabel } from "./step-label.ts";
import { stepLines } from "./step-lines.ts";
import { dot } from "./symbols.ts";
import { wrap } from "./wrap.ts";

/** What a plan's heading says of the read it was made from. */
export interface PlanHeading {
  readonly host: string;
  readonly system: string;
  readonly resources: number;
  readonly milliseconds: number;
  readonly frames: number;
}

/** Labels are padded up to this, so that what follows them stands in a column. */
const widestLabel = 36;

/** Prints one host's plan: a heading, its steps, and by name what it removes, restarts and runs. */
export function printPlan(plan: Plan, heading: PlanHeading, terminal: Terminal, full: boolean): void {
  for (const line of [...headingLines(heading, terminal), ...planLines(plan, terminal, full)])
    terminal.write(`${line}\n`);
}

/** What stands below the heading of a plan, with an empty line at the end. */
export function planLines(plan: Plan, terminal: Terminal, full: boolean): readonly string[] {
  const { color } = terminal;
  const lines: string[] = plan.steps.length > 0 ? [""] : [];
  const groups = groupAlike(plan.steps, full);
  const widths = groups.map((group) => groupLabel(group).length).filter((width) => width <= widestLabel);
  const labelWidth = Math.max(0, ...widths);
  for (const group of groups) lines.push(...stepLines(group, terminal, { full, labelWidth }));
  const outline = outlineLines(plan, terminal, full);
  if (outline.length > 0) lines.push("", ...outline.map((line) => color.bold(line)));
  return [...lines, ""];
}

function headingLines(heading: PlanHeading, terminal: Terminal): readonly string[] {
  const name = printable(heading.host);
  const seconds = (heading.milliseconds / 1000).toFixed(2);
  const parts = [
    heading.system,
    count(heading.resources, "resource"),
    `read in ${seconds} s (${count(heading.frames, "round trip")})`,
  ];
  const [first = "", ...rest] = wrap(`${name}  ${parts.join(` ${dot(terminal)} `)}`, terminal.columns);
  return [terminal.color.bold(name) + first.slice(name.length), ...rest.map((line) => `  ${line}`)];
}
