import type { Step } from "../../compiler/plan.ts";

/** Reasons that the sign and the values of a line already tell. */
const plain = /^(?:it is there|it is not there|\S+ differs)$/;

/** More reasons than this are folded unless `--full`. */
const shownAtMost = 5;

/** The reasons that say more than the line of the step itself, each once; with `full` all of them. */
export function shownReasons(step: Step, full: boolean): readonly string[] {
  const reasons = [...new Set(step.because.map((because) => because.text))];
  if (full) return reasons;
  const telling = reasons.filter((reason) => !plain.test(reason));
  if (telling.length <= shownAtMost + 1) return telling;
  return [...telling.slice(0, shownAtMost), `${telling.length - shownAtMost} more reasons (--full)`];
}
