import type { Command } from "../../compiler/kind/value.ts";

/** The line that takes the values of holes into their variables, as the evaluator writes it. */
const prelude = /^((?:\w+=\$(?:\d|\{\d+\}|GALLEY_CANDIDATE) ?)+); (?:shift \d+; )?/;

/** A value that stays one word wherever it stands in shell text. */
const plainWord = /^[\w./@+%:=,-]+$/;

/** The text of a command with the values of its holes in their places; for looking at it, never for running it. */
export function holesFilled({ script, arguments: words }: Command): string {
  const [whole, assignments] = prelude.exec(script) ?? [];
  if (whole === undefined || assignments === undefined) return script;
  let text = script.slice(whole.length);
  for (const assignment of assignments.split(" ")) {
    const [name = "", place = ""] = assignment.split("=");
    const value = words[Number(place.replaceAll(/[${}]/g, "")) - 1];
    if (value !== undefined && plainWord.test(value)) text = text.replaceAll(`"$${name}"`, () => value);
  }
  return text;
}
