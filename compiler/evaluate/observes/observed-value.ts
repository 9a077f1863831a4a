import type { Observe as ObserveNode } from "../../../grammar/ast.ts";
import { textOf } from "../../../grammar/source.ts";
import type { Observe } from "../../catalog.ts";
import { bareType } from "../../kind/bare-type.ts";
import type { Type } from "../../kind/type.ts";
import type { Command, Value } from "../../kind/value.ts";
import type { ObserveReading } from "../../state.ts";
import { conform, Misfit, partOf } from "../values/conform.ts";
import { type Failure, failed, type Result, Unanswered, unread } from "../state/failure.ts";
import { defaultOf, fit } from "../values/fit.ts";
import { parseJson } from "../values/parse-json.ts";
import type { MetObserve } from "../state/observes.ts";
import type { Run } from "../state/run.ts";
import type { Scope } from "../state/scope.ts";
import { isList, isTagged } from "../values/values.ts";

/** A text by which an observe is known again in the next evaluation of the same recipe. */
export function observeKey(node: ObserveNode, scope: Scope): string {
  return `${scope.path()}/${node.span.start}`;
}

/** The declared type of what an observe answers. */
export function observeType(run: Run, key: string): Type | undefined {
  const met = run.observes.get(key);
  return met && declaredType(run, met);
}

/** The value of an observe. */
export function observedValue(run: Run, key: string, node: ObserveNode, scope: Scope): Result {
  const type = declaredType(run, run.observes.meet(key, node, scope));
  const reading = run.observes.readingOf(key);
  if (!reading) return unread;
  if (whyUnanswered(reading, type) !== undefined) return new Unanswered(key);
  const value = understand(reading, type);
  const fits = value instanceof Misfit ? value : conform(value, type, (field) => defaultOf(run, field));
  if (!(fits instanceof Misfit)) return fits;
  return run.report("E205", node.field.name.span, {
    name: partOf(node.field.name.text, fits.path),
    command: node.field.default ? textOf(node.field.default.span) : "",
    problem: fits.problem,
  });
}

/** Reports the observes without an answer, but for those that only conditions of steps look at. */
export function reportUnanswered(run: Run): void {
  for (const met of run.observes.all) {
    const reading = run.observes.readingOf(met.key);
    const type = declaredType(run, met);
    const problem = reading && whyUnanswered(reading, type);
    if (problem === undefined || run.observes.isOnlyJudged(met.key)) continue;
    const { name } = met.node.field;
    run.report("E181", name.span, { name: name.text, host: run.hostName, problem, cure: cureOf(met.node, type) });
  }
}

/** All observes with their commands; what is wrong with one is reported and leaves it out. */
export function observeCommands(run: Run): readonly Observe[] {
  const made: Observe[] = [];
  for (const met of run.observes.all) {
    const { name } = met.node.field;
    const command = commandOf(run, met.node, met.scope);
    if (failed(command)) continue;
    const type = declaredType(run, met);
    const reading = run.observes.readingOf(met.key);
    const unreadable = reading && whyUnreadable(reading, type);
    made.push({
      index: met.index,
      name: name.text,
      span: name.span,
      command,
      result: resultOf(type),
      optional: type.type === "optional",
      ...(unreadable === undefined ? {} : { unreadable }),
    });
  }
  return made;
}

function declaredType(run: Run, { node, scope }: MetObserve): Type {
  return run.typeOf(node.field.valueType, scope.module);
}

const commandOrWords: Type = {
  type: "union",
  members: [{ type: "command" }, { type: "list", of: { type: "string" }, length: { min: 1 } }],
};

function commandOf(run: Run, node: ObserveNode, scope: Scope): Command | Failure {
  const { name, default: expression } = node.field;
  if (!expression) return run.report("R120", name.span, { word: "observe", name: name.text });
  const { result, touches } = run.settle(() => {
    const value = run.evaluate(expression, scope);
    return failed(value)
      ? value
      : fit(run, value, commandOrWords, { subject: name.text, span: expression.span, expression, scope });
  });
  if (result === unread || touches.observes.size > 0)
    return run.report("R112", expression.span, { name: name.text, how: "depends" });
  if (failed(result)) return result;
  if (isList(result)) {
    const words = result.map(String);
    return { type: "command", script: '"$@"', arguments: words, shown: words.join(" ") };
  }
  if (result !== null && isTagged(result) && result.type === "command") return result;
  throw new Error("an observe's command is a command or a list of words");
}

function resultOf(type: Type): Observe["result"] {
  const { type: name } = bareType(type);
  if (name === "bool") return "bool";
  if (name === "list" || name === "set") return "lines";
  return name === "record" || name === "map" ? "json" : "string";
}

/** Why an answer says nothing about what was asked: the command could not be run, or failed where that has no meaning. */
function whyUnreadable({ status, output, problem }: ObserveReading, type: Type): string | undefined {
  if (problem !== undefined) return problem;
  const mayFail = type.type === "optional";
  const isAnswer = bareType(type).type === "bool" && !mayFail ? status <= 1 : status === 0 || (mayFail && status < 126);
  if (isAnswer) return undefined;
  const last = output.trimEnd().split("\n").at(-1)?.trim();
  return `its command ended with status ${status}${last ? `: ${last}` : ""}`;
}

/** Why there is no value to compute with: a failure counts as none, but not one of the machine. */
function whyUnanswered(reading: ObserveReading, type: Type): string | undefined {
  const isNone = type.type === "optional" && reading.status <= 127;
  return isNone ? undefined : whyUnreadable(reading, type);
}

/** How the recipe can take a failure for an answer. */
function cureOf({ field: { name, valueType } }: ObserveNode, type: Type): string | undefined {
  if (type.type === "optional") return undefined;
  if (type.type === "bool") return "a bool is answered by the statuses 0 for true and 1 for false";
  const written = textOf(valueType.span);
  // A `?` behind a union belongs to its last member.
  const optional = valueType.type === "union-type" ? `Answer?, with type Answer = ${written}` : `${written}?`;
  return `where failing is an answer too, write observe ${name.text}: ${optional}; it is none then`;
}

/** The answer in the form its type calls for. */
function understand(reading: ObserveReading, type: Type): Value | Misfit {
  const mayFail = type.type === "optional";
  const inner = bareType(type);
  if (inner.type === "bool" && !mayFail) return reading.status === 0;
  if (reading.status !== 0) return null;
  const text = reading.output.replace(/\n$/, "");
  switch (inner.type) {
    case "bool":
      return text === "true"
        ? true
        : text === "false"
          ? false
          : new Misfit(`is ${JSON.stringify(text)}, not true or false`);
    case "list":
    case "set":
      return text === "" ? [] : text.split("\n");
    case "record":
    case "map":
      return parseJson(text);
    default:
      return text;
  }
}
