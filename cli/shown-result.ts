import type { Step } from "../compiler/plan.ts";
import type { ReportedStep } from "../runtime/run-report.ts";

/** What the verb of `execute` itself says last; all before it is what the command printed. */
const ownSentence =
  /^the command (ended with status \d+(: its program is not there)?|was ended with status 124: it took longer than (\d+|its own limit of) seconds)$/;

/** The result of a step as it may be shown: without what a step that was declared `sensitive` printed, unless asked for. */
export function shownResult(
  step: Pick<Step, "kind" | "sensitive">,
  result: ReportedStep,
  showPrivate: boolean,
): ReportedStep {
  if (showPrivate || step.sensitive !== true || result.message === undefined) return result;
  const [first = "", ...rest] = result.message.split("\n");
  if (rest.length === 0) return result;
  const last = rest.at(-1) ?? "";
  // The verbs of other kinds say last why they failed; what came before was printed by the person's own `verify`.
  const ends = step.kind === "execute" ? ownSentence.test(last) : first.startsWith("ended with status ");
  const own = ends ? [last] : [];
  const hidden = rest.length - own.length;
  const note = `what it printed is private (${hidden} ${hidden === 1 ? "line" : "lines"}); --show-private shows it`;
  return { ...result, message: [first, ...(hidden > 0 ? [note] : []), ...own].join("\n") };
}
