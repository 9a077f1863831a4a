import type { CommandLiteral, Hole } from "../../grammar/ast.ts";
import { textOf } from "../../grammar/source.ts";
import { FunctionProblem } from "../builtin-function.ts";
import type { Value } from "../kind/value.ts";
import { type Failure, failed, type Result } from "./failure.ts";
import { render } from "./render.ts";
import type { Run } from "./run.ts";
import type { Scope } from "./scope.ts";
import { isList, isTagged } from "./values.ts";

/** `sh"…"`: holes become `"$1" "$2" …` and their values arguments, so that no value is ever part of shell text. */
export function evaluateCommand(run: Run, literal: CommandLiteral, scope: Scope): Result {
  const words: string[] = [];
  let script = "";
  for (const part of literal.parts) {
    if (part.type === "text") {
      script += part.text;
      continue;
    }
    const inserted = evaluateHole(run, part, scope, words);
    if (typeof inserted !== "string") return inserted;
    script += inserted;
  }
  if (script.includes("\0"))
    return run.report("E107", literal.span, { where: "here", problem: "a command cannot hold a NUL" });
  return { type: "command", script, arguments: words, shown: textOf(literal.span) };
}

function evaluateHole(run: Run, hole: Hole, scope: Scope, words: string[]): string | Failure {
  if (hole.quoted) {
    const cure = "each hole is already one safe word";
    return run.report("S104", hole.span, { where: hole.quoted, cure });
  }
  const value = run.evaluate(hole.expression, scope);
  if (failed(value)) return value;
  const parameters: string[] = [];
  for (const element of isList(value) ? value : [value]) {
    const parameter = addWord(element, words);
    if (parameter instanceof FunctionProblem)
      return run.report("E107", hole.span, { where: "in this hole", problem: parameter.message });
    parameters.push(parameter);
  }
  return parameters.join(" ");
}

/** Adds a word to the arguments and gives the shell's name for it. */
function addWord(value: Value, words: string[]): string | FunctionProblem {
  if (value !== null && isTagged(value) && value.type === "candidate") return '"$GALLEY_CANDIDATE"';
  const word = render(value);
  if (word instanceof FunctionProblem) return word;
  if (word.includes("\0")) return new FunctionProblem("it holds a NUL, which no argument can");
  words.push(word);
  return words.length < 10 ? `"$${words.length}"` : `"\${${words.length}}"`;
}
