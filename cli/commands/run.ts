import { isLifeCycleEvent, type LifeCycleEvent, lifeCycleEvents } from "../../compiler/life-cycle.ts";
import { suggest } from "../../compiler/suggest.ts";
import { applyOptions, applyRecipe } from "../apply-recipe.ts";
import { type Command, UsageProblem } from "../command.ts";

const statuses =
  "Exit status: 0 converged, 1 the recipe or the call is wrong, 3 a resource failed, 4 a host cannot be reached, 6 refused, 130 interrupted.";

/** `galley run EVENT`: one event of the hosts' life, with a plan of its own. */
export const run: Command = {
  name: "run",
  takes: "EVENT [PATH]",
  positionals: 2,
  summary: "Bring about one event of the hosts' life: setup, configure, deploy, undeploy or shutdown",
  details: [
    "What `on EVENT` says, and what that needs, is planned, shown and applied as with `galley apply`. undeploy and shutdown are planned by themselves: what the other events say does not count then.",
    "galley deploy, galley undeploy and galley shutdown are short for galley run deploy, and so on.",
    statuses,
  ],
  options: applyOptions,
  async run(invocation, context) {
    const [event, path] = invocation.positionals;
    return applyRecipe(path, invocation, context, eventNamed(event));
  },
};

/** The event that a word of the command line names. */
export function eventNamed(word: string | undefined): LifeCycleEvent {
  if (word !== undefined && isLifeCycleEvent(word)) return word;
  const known = `the events are ${lifeCycleEvents.join(", ")}`;
  if (word === undefined) throw new UsageProblem(`an event is missing; ${known}`);
  const suggestion = suggest(word, lifeCycleEvents);
  throw new UsageProblem(
    `there is no event ${word}; ${suggestion === undefined ? known : `did you mean ${suggestion}?`}`,
  );
}

function short(event: LifeCycleEvent, summary: string): Command {
  return {
    name: event,
    takes: "[PATH]",
    summary,
    details: [`Short for galley run ${event}.`, statuses],
    options: applyOptions,
    run: (invocation, context) => applyRecipe(invocation.positionals[0], invocation, context, event),
  };
}

/** `galley deploy`. */
export const deploy: Command = short("deploy", "Bring about what `on deploy` says, and what it needs");

/** `galley shutdown`. */
export const shutdown: Command = short("shutdown", "Bring about what `on shutdown` says");

/** `galley undeploy`. */
export const undeploy: Command = short("undeploy", "Bring about what `on undeploy` says");
