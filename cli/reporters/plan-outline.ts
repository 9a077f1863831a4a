import type { Action } from "../../compiler/kind/kind.ts";
import type { Plan } from "../../compiler/plan.ts";
import type { Terminal } from "../terminal.ts";
import { label, namesAtMost } from "./step-label.ts";
import { hanging } from "./wrap.ts";

/** What must not be overlooked in a plan, and its heading. */
const rows: readonly (readonly [Action, string])[] = [
  ["remove", "removes"],
  ["stop", "stops"],
  ["restart", "restarts"],
  ["reload", "reloads"],
  ["run", "runs"],
];

/** More names than this are counted unless `--full`. */
const shownAtMost = 12;

/** Lines that name what a plan removes, stops, restarts, reloads and runs, apart from what it only adds or changes. */
export function outlineLines(plan: Plan, terminal: Terminal, full: boolean): readonly string[] {
  const found = rows.flatMap(([action, word]) =>
    [true, false].flatMap((certain) => {
      const steps = plan.steps.filter((step) => step.action === action && step.certain === certain);
      const words = certain ? word : `may ${action}`;
      return steps.length > 0
        ? [{ words, names: namesAtMost(steps.map(label), full ? steps.length : shownAtMost) }]
        : [];
    }),
  );
  const width = Math.max(0, ...found.map(({ words }) => words.length));
  return found.flatMap(({ words, names }) => hanging(`  ${words.padEnd(width)}  `, names, terminal.columns));
}
