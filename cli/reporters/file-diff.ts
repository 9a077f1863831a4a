import { structuredPatch } from "diff";
import type { TextDiff } from "../../compiler/plan.ts";
import { printable, type Terminal } from "../terminal.ts";
import { count } from "./pretty-diagnostics.ts";
import { bar } from "./symbols.ts";
import { wrap } from "./wrap.ts";

/** Longer differences are folded unless `--full`. */
const foldAfter = 40;

/** How much is shown of a file that is new or goes as a whole. */
const foldWholeAfter = 3;

/** The lines of a file's difference with three lines of context, each with its number, ready to print below a step. */
export function fileDiffLines(diff: TextDiff, terminal: Terminal, full: boolean): readonly string[] {
  const { color } = terminal;
  const patch = structuredPatch("", "", diff.before ?? "", diff.after ?? "", undefined, undefined, { context: 3 });
  const numberWidth = String(
    Math.max(1, ...patch.hunks.map((hunk) => Math.max(hunk.oldStart + hunk.oldLines, hunk.newStart + hunk.newLines))),
  ).length;
  const margin = `      ${bar(terminal)} `;
  const room = terminal.columns - margin.length - numberWidth - 2;
  const limit = diff.before === null || diff.after === null ? foldWholeAfter : foldAfter;
  const lines = patch.hunks.flatMap((hunk, index) => {
    let before = hunk.oldStart;
    let after = hunk.newStart;
    const numbered = hunk.lines.map((line) => {
      const sign = line[0] ?? " ";
      if (sign === "\\") {
        const which = before > after ? "old" : "new";
        return [color.dim(`${" ".repeat(numberWidth)}  no newline at the end of the ${which} text`)];
      }
      const number = String(sign === "-" ? before : after).padStart(numberWidth);
      if (sign !== "+") before += 1;
      if (sign !== "-") after += 1;
      const paint = sign === "+" ? color.green : sign === "-" ? color.red : color.dim;
      return wrap(printable(line.slice(1)), room).map((part, at) =>
        paint(`${at === 0 ? `${number} ${sign}` : " ".repeat(numberWidth + 2)}${part}`),
      );
    });
    return index === 0 ? numbered : [[color.dim(ellipsis(terminal).padStart(numberWidth))], ...numbered];
  });
  const shown = full || lines.length <= limit + 1 ? lines : lines.slice(0, limit);
  const folded = lines.length - shown.length;
  const rest = folded > 0 ? [color.dim(`${ellipsis(terminal)} ${count(folded, "more line")} (--full)`)] : [];
  return [...shown.flat(), ...rest].map((line) => margin + line);
}

function ellipsis(terminal: Terminal): string {
  return terminal.unicode ? "…" : "...";
}
