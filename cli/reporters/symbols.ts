import type { Action } from "../../compiler/kind/kind.ts";
import type { Step } from "../../compiler/plan.ts";
import type { Terminal } from "../terminal.ts";

const symbols: Readonly<Record<Action, string>> = {
  create: "+",
  reload: "!",
  remove: "-",
  restart: "!",
  run: "!",
  start: "!",
  stop: "!",
  update: "~",
};

/** The sign before a step: what it does, or `?` when only the target can tell. */
export function symbolOf(step: Step): string {
  return step.certain ? symbols[step.action] : "?";
}

/** The sign in its colour. */
export function coloredSymbol(step: Step, terminal: Terminal): string {
  const symbol = symbolOf(step);
  const { color } = terminal;
  const paint = { "+": color.green, "~": color.yellow, "-": color.red, "!": color.magenta, "?": color.cyan }[symbol];
  return paint ? paint(symbol) : symbol;
}

/** The line before quoted text, drawn as the terminal can. */
export function bar(terminal: Terminal): string {
  return terminal.unicode ? "│" : "|";
}

/** The dot between parts of a heading. */
export function dot(terminal: Terminal): string {
  return terminal.unicode ? "·" : "-";
}

/** The arrow between an old value and a new one. */
export function arrow(terminal: Terminal): string {
  return terminal.unicode ? "→" : "->";
}
