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

/** The last line of a plan: "2 to add, 1 reload, 3 undecided; 42 as they should be". */
export function planSummary(plans: readonly Plan[]): string {
  const steps = plans.flatMap((plan) => plan.steps);
  const unchanged = plans.reduce((sum, plan) => sum + plan.unchanged, 0);
  const asTheyShould = unchanged === 1 ? "1 as it should be" : `${unchanged} as they should be`;
  if (steps.length === 0) return `Nothing to change; ${asTheyShould}.`;
  const certain = steps.filter((step) => step.certain);
  const parts = words.flatMap(([action, say]) => {
    const number = certain.filter((step) => step.action === action).length;
    return number > 0 ? [say(number)] : [];
  });
  const undecided = steps.length - certain.length;
  if (undecided > 0) parts.push(`${undecided} decided on the host (?)`);
  return `${parts.join(", ")}; ${asTheyShould}.`;
}
