import type { HiddenDiff, ShownChange, Step } from "../../compiler/plan.ts";
import { printable, type Terminal } from "../terminal.ts";
import { count } from "./pretty-diagnostics.ts";
import { newVersion } from "./step-label.ts";
import { arrow } from "./symbols.ts";

/** What a step does, behind its label: `restart`, `0644 root:root`, `mode 0600 → 0644`, `private, 3 lines change`. */
export function detail(step: Step, terminal: Terminal): string {
  const verb = step.action === "create" || step.action === "update" ? "" : step.action;
  // What the difference below shows need not be said twice.
  const hidden = [
    "state",
    ...(step.diff || step.hidden ? ["content", "source"] : []),
    ...(newVersion(step) === undefined ? [] : ["version"]),
  ];
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
