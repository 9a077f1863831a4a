import { structuredPatch } from "diff";
import type { TextDiff } from "../../compiler/plan.ts";
import { printable, type Terminal } from "../terminal.ts";
import { bar } from "./symbols.ts";

/** Longer differences are folded unless `--full`. */
const foldAfter = 40;

/** The lines of a file's difference with three lines of context, each with its number, ready to print below a step. */
export function fileDiffLines(diff: TextDiff, terminal: Terminal, full: boolean): readonly string[] {
  const { color } = terminal;
  const patch = structuredPatch("", "", diff.before ?? "", diff.after ?? "", undefined, undefined, { context: 3 });
  const numberWidth = String(
    Math.max(1, ...patch.hunks.map((hunk) => Math.max(hunk.oldStart + hunk.oldLines, hunk.newStart + hunk.newLines))),
  ).length;
  const lines = patch.hunks.flatMap((hunk, index) => {
    let before = hunk.oldStart;
    let after = hunk.newStart;
    const numbered = hunk.lines.map((line) => {
      const sign = line[0];
      if (sign === "\\")
        return color.dim(
          `${" ".repeat(numberWidth)}  no newline at the end of the ${before > after ? "old" : "new"} text`,
        );
      const number = String(sign === "-" ? before : after).padStart(numberWidth);
      if (sign !== "+") before += 1;
      if (sign !== "-") after += 1;
      const text = `${number} ${printable(line)}`;
      return sign === "+" ? color.green(text) : sign === "-" ? color.red(text) : color.dim(text);
    });
    return index === 0 ? numbered : [color.dim("…".padStart(numberWidth)), ...numbered];
  });
  const shown = full || lines.length <= foldAfter ? lines : lines.slice(0, foldAfter);
  const folded = lines.length - shown.length;
  const all = folded > 0 ? [...shown, color.dim(`${folded} more lines; --full shows them`)] : shown;
  return all.map((line) => `      ${bar(terminal)} ${line}`);
}
