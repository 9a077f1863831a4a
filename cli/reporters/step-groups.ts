import type { ShownChange, Step } from "../../compiler/plan.ts";
import { shownReasons } from "./shown-reasons.ts";
import { newVersion } from "./step-label.ts";

/** Neighbouring steps of a plan that do the same to several things, or one step alone. */
export type StepGroup = readonly [Step, ...Step[]];

/** Joins neighbours that differ in nothing but their titles, so that they can stand on one line. */
export function groupAlike(steps: readonly Step[], full: boolean): readonly StepGroup[] {
  const groups: [Step, ...Step[]][] = [];
  let last: string | undefined;
  for (const step of steps) {
    const key = likeness(step, full);
    const group = groups.at(-1);
    if (group && key !== undefined && key === last) group.push(step);
    else groups.push([step]);
    last = key;
  }
  return groups;
}

/** What alike steps have in common; undefined for a step that has something of its own to show. */
function likeness(step: Step, full: boolean): string | undefined {
  if (step.hidden || step.aliases || step.kind === "execute") return undefined;
  const { action, certain, diff, kind, source } = step;
  const changes = newVersion(step) === undefined ? step.changes : step.changes.filter(notVersion);
  return JSON.stringify([kind, action, certain, source.file, changes, diff, shownReasons(step, full)]);
}

const notVersion = ({ property }: ShownChange) => property !== "version";

/** Where the steps of a group are declared: `site.recipe:3`, or `site.recipe:3-9` for several lines. */
export function sourceOf(group: StepGroup): string {
  const lines = group.map(({ source }) => source.line);
  const [from, to] = [Math.min(...lines), Math.max(...lines)];
  return `${group[0].source.file}:${from === to ? from : `${from}-${to}`}`;
}
