import { listOption, textOption } from "../arguments.ts";
import { applyOptions, applyRecipe, reportOf } from "../apply-recipe.ts";
import { applySaved } from "../apply-saved.ts";
import { type Command, UsageProblem } from "../command.ts";
import { readSavedPlan } from "../saved-plan.ts";

/** `galley apply`: plan, ask, make it so, read again. */
export const apply: Command = {
  name: "apply",
  takes: "[PATH or PLANFILE]",
  summary: "Show what would change, ask, make it so, and read everything again",
  details: [
    "With a plan file that `galley plan -o` wrote, exactly that plan is applied, or refused when the host has changed since.",
    "The work runs on the host itself: a broken connection does not stop it. Ctrl-C ends it after the step under way.",
    "Where a run is at work already, it is followed to its end first; then the host is read and planned.",
    "Exit status: 0 converged, 1 the recipe or the call is wrong, 3 a resource failed, 4 a host cannot be reached, 5 the plan is stale, 6 refused, 130 interrupted.",
  ],
  options: applyOptions,
  async run(invocation, context) {
    const [path] = invocation.positionals;
    const saved = readSavedPlan(path, context.workingDirectory);
    if (!saved) return applyRecipe(path, invocation, context);
    if (textOption(invocation, "on") !== undefined || listOption(invocation, "on").length > 0) {
      throw new UsageProblem("a saved plan names its hosts itself; leave out --on");
    }
    if (listOption(invocation, "set").length > 0) {
      throw new UsageProblem("a saved plan holds what was set when it was made; leave out --set");
    }
    return applySaved(saved, reportOf(invocation), context);
  },
};
