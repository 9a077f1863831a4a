import type { CommandLiteral, Hole } from "../../../grammar/ast.ts";
import { textOf } from "../../../grammar/source.ts";
import { FunctionProblem } from "../../builtin-function.ts";
import { cureForPart } from "../../check/expressions/infer-text.ts";
import type { Value } from "../../kind/value.ts";
import { type Failure, failed, type Result } from "../state/failure.ts";
import { render } from "../values/render.ts";
import type { Run } from "../state/run.ts";
import type { Scope } from "../state/scope.ts";
import { isList, isTagged } from "../values/values.ts";

/** What Linux takes as one argument of a program, in bytes; a script is one, too. */
const longestArgument = 128 * 1024 - 1;

/**
 * `sh"…"`: holes become variables of the shell and their values arguments, so that no value is ever part of shell text. The
 * script takes the values off its arguments first: `$1`, `$@` and `set` are then the author's own. Nothing is exported.
 */
export function evaluateCommand(run: Run, literal: CommandLiteral, scope: Scope): Result {
  const holes = new Holes(unusedPrefix(literal));
  let script = "";
  for (const part of literal.parts) {
    if (part.type === "text") {
      script += part.text;
      continue;
    }
    const inserted = evaluateHole(run, part, scope, holes);
    if (typeof inserted !== "string") return inserted;
    script += inserted;
  }
  script = holes.prelude(earlyShifts(script)) + script;
  const problem = script.includes("\0")
    ? "a command cannot hold a NUL"
    : byteLength(script) > longestArgument
      ? "a command is at most 128 KB long; put what is longer into a file"
      : undefined;
  if (problem !== undefined) return run.report("E107", literal.span, { where: "here", problem });
  return { type: "command", script, arguments: holes.words, shown: textOf(literal.span) };
}

function evaluateHole(run: Run, hole: Hole, scope: Scope, holes: Holes): string | Failure {
  if (hole.misplaced) {
    const cure = "each hole is already one safe word";
    return run.report("S104", hole.span, { where: hole.misplaced, cure });
  }
  const value = run.evaluate(hole.expression, scope);
  if (failed(value)) return value;
  if (isList(value) && hole.partOf) {
    return run.report("S110", hole.span, { partOf: hole.partOf, cure: cureForPart(hole.partOf, hole) });
  }
  const inserted = isList(value) ? holes.addList(value) : holes.add(value);
  return inserted instanceof FunctionProblem
    ? run.report("E107", hole.span, { where: "in this hole", problem: inserted.message })
    : inserted;
}

/** The variables that holes become. */
class Holes {
  readonly words: string[] = [];
  readonly #prefix: string;
  readonly #assignments: string[] = [];
  #count = 0;
  #hasCandidate = false;

  constructor(prefix: string) {
    this.#prefix = prefix;
  }

  /** The shell text for a hole with one value. */
  add(value: Value): string | FunctionProblem {
    this.#count += 1;
    return this.#bind(`${this.#prefix}${this.#count}`, value);
  }

  /** The shell text for a list: exactly its words. For none it is what expands to no word at all, also behind `in` or `if`. */
  addList(values: readonly Value[]): string | FunctionProblem {
    this.#count += 1;
    const inserted: string[] = [];
    for (const [at, value] of values.entries()) {
      const variable = this.#bind(`${this.#prefix}${this.#count}_${at + 1}`, value);
      if (variable instanceof FunctionProblem) return variable;
      inserted.push(variable);
    }
    return inserted.length > 0 ? inserted.join(" ") : `\${${this.#prefix}none+x}`;
  }

  /** Takes the values into their variables; on the first line of the script, so that the shell counts its lines as the author does. */
  prelude(shifts: number): string {
    const statements = [
      ...(this.#assignments.length > 0 ? [this.#assignments.join(" ")] : []),
      ...(shifts > 0 ? [`set --${" ''".repeat(shifts)}`] : this.words.length > 0 ? [`shift ${this.words.length}`] : []),
      ...(this.#hasCandidate ? ["unset GALLEY_CANDIDATE"] : []),
    ];
    return statements.map((statement) => `${statement}; `).join("");
  }

  #bind(variable: string, value: Value): string | FunctionProblem {
    if (value !== null && isTagged(value) && value.type === "candidate") {
      this.#hasCandidate = true;
      this.#assignments.push(`${variable}=$GALLEY_CANDIDATE`);
      return `"$${variable}"`;
    }
    const word = render(value);
    if (word instanceof FunctionProblem) return word;
    if (word.includes("\0")) return new FunctionProblem("it holds a NUL, which no argument can");
    if (byteLength(word) > longestArgument)
      return new FunctionProblem("it is longer than the 128 KB that a word may have");
    this.words.push(word);
    const at = this.words.length;
    this.#assignments.push(`${variable}=${at < 10 ? `$${at}` : `\${${at}}`}`);
    return `"$${variable}"`;
  }
}

/** How the names of the variables begin: as nothing in the author's own text does. */
function unusedPrefix(literal: CommandLiteral): string {
  let prefix = "galley_";
  while (literal.parts.some((part) => part.type === "text" && part.text.includes(prefix))) prefix += "x_";
  return prefix;
}

/**
 * How many arguments a script shifts away before it has set any. It has none: dash and mksh would end there, other shells go on.
 * With that many empty ones all of them go on.
 */
function earlyShifts(script: string): number {
  const bare = script.replaceAll(/'[^']*'|"(?:\\.|[^"\\])*"/g, '""').replaceAll(/(^|\s)#.*/g, "");
  const [before = ""] = bare.split(/(?:^|[\s;&|({])set\s/, 1);
  const shifts = before.matchAll(/(?:^|[\n;&|({]|\b(?:do|else|then)\s)[ \t]*shift\b(?:[ \t]+([0-9]{1,3}))?/g);
  return [...shifts].reduce((sum, [, count = "1"]) => sum + Number(count), 0);
}

function byteLength(text: string): number {
  return text.length > longestArgument / 3 ? new TextEncoder().encode(text).length : text.length;
}
