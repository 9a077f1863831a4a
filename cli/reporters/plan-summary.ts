import type { Action } from "../../compiler/kind/kind.ts";
import type { Plan } from "../../compiler/plan.ts";
import { count } from "./pretty-diagnostics.ts";

const words: readonly (readonly [Action, (number: number) => string])[] = [
  ["create", (number) => `${number} to add`],
  ["update", (number) => `${number} to change`],
  ["remove", (number) => `${number} to remove`],
  ["run", (number) => `${number} to run`],
  ["start", (number) => count(number, "start")],
  ["stop", (number) => count(number, "stop")],
  ["reload", (number) => count(number, "reload")],
  ["restart", (number) => count(number, "restart")],
];

/** How many steps there are of each action, and how many are decided on the host; together they are all steps. */
export interface StepCounts {
  readonly actions: Readonly<Partial<Record<Action, number>>>;
  readonly undecided: number;
}

/** Counts the steps of plans: each step once, under its action or as undecided. */
export function countSteps(plans: readonly Plan[]): StepCounts {
  const actions: Partial<Record<Action, number>> = {};
  let undecided = 0;
  for (const { action, certain } of plans.flatMap((plan) => plan.steps)) {
    if (certain) actions[action] = (actions[action] ?? 0) + 1;
    else undecided += 1;
  }
  return { actions, undecided };
}

/** The last line of a plan: "2 to add, 1 reload, 3 undecided; 42 as they should be". */
export function planSummary(plans: readonly Plan[]): string {
  const steps = plans.flatMap((plan) => plan.steps);
  const unchanged = plans.reduce((sum, plan) => sum + plan.unchanged, 0);
  const asTheyShould = unchanged === 1 ? "1 as it should be" : `${unchanged} as they should be`;
  if (steps.length === 0) return `Nothing to change; ${asTheyShould}.`;
  const { actions, undecided } = countSteps(plans);
  const parts = words.flatMap(([action, say]) => (actions[action] === undefined ? [] : [say(actions[action])]));
  if (undecided > 0) parts.push(`${undecided} decided on the host (?)`);
  return `${parts.join(", ")}; ${asTheyShould}.`;
}
