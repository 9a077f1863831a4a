import type { ForHead, ListComprehension, RecordComprehension } from "../../../grammar/ast.ts";
import { longestList } from "../../functions/lists.ts";
import type { Value } from "../../kind/value.ts";
import { type Failure, failed, type Result } from "../state/failure.ts";
import type { Run } from "../state/run.ts";
import { Scope } from "../state/scope.ts";
import { knownThunk } from "../state/thunk.ts";
import { describe, entriesByKey, isList, isRecord } from "../values/values.ts";

/** What the names of a loop are in each of its turns, before its condition: an index or key comes first when there are two. */
export function turnsOf(run: Run, head: ForHead, scope: Scope): readonly (readonly Value[])[] | Failure {
  const source = run.evaluate(head.source, scope);
  if (failed(source)) return source;
  const two = head.names.length > 1;
  let turns: readonly (readonly Value[])[];
  if (isList(source)) turns = source.map((value, index) => (two ? [index, value] : [value]));
  else if (source !== null && isRecord(source)) {
    turns = entriesByKey(source).map(([key, value]) => (two ? [key, value] : [key]));
  } else return run.report("T145", head.source.span, { type: describe(source) });
  return run.count(turns.length, head.source.span) ?? turns;
}

/** A scope in which the names of a loop have the values of one turn. */
export function turnScope(head: ForHead, values: readonly Value[], inner: Scope): Scope {
  for (const [index, name] of head.names.entries()) {
    const value = values[index] ?? null;
    inner.define(name.text, knownThunk(name.text, name.span, value));
  }
  return inner;
}

/** Whether a turn takes place; loops without a condition take all. */
export function takesTurn(run: Run, head: ForHead, scope: Scope): boolean | Failure {
  if (!head.condition) return true;
  const condition = run.evaluate(head.condition, scope);
  if (failed(condition) || typeof condition === "boolean") return condition;
  return run.report("E108", head.condition.span, {
    subject: "the condition of `for`",
    wants: "true or false",
    has: describe(condition),
  });
}

/** Calls `body` for each turn that takes place; the first failure ends the loop. */
function eachTurn(
  run: Run,
  head: ForHead,
  scope: Scope,
  body: (inner: Scope) => Failure | undefined,
): Failure | undefined {
  const turns = turnsOf(run, head, scope);
  if (failed(turns)) return turns;
  for (const [index, values] of turns.entries()) {
    const inner = turnScope(head, values, new Scope(scope, scope.module, `${head.span.start}:${index}`));
    const takes = takesTurn(run, head, inner);
    const failure = failed(takes) ? takes : takes ? body(inner) : undefined;
    if (failure) return failure;
  }
  return undefined;
}

/** `[for x in xs => …]`. */
export function evaluateListLoop(run: Run, expression: ListComprehension, scope: Scope): Result {
  const elements: Value[] = [];
  const failure = eachTurn(run, expression.head, scope, (inner) => {
    const value = run.evaluate(expression.value, inner);
    if (failed(value)) return value;
    if (elements.length >= longestList)
      return run.report("E102", expression.span, { problem: `the list would have more than ${longestList} elements` });
    elements.push(value);
    return undefined;
  });
  return failure ?? elements;
}

/** `{ for x in xs => key = … }`; two turns may not give the same key. */
export function evaluateRecordLoop(run: Run, expression: RecordComprehension, scope: Scope): Result {
  const fields = new Map<string, Value>();
  const failure = eachTurn(run, expression.head, scope, (inner) => {
    const key = run.evaluate(expression.key, inner);
    if (failed(key)) return key;
    if (typeof key !== "string")
      return run.report("E108", expression.key.span, { subject: "a key", wants: "text", has: describe(key) });
    if (fields.has(key)) return run.report("T122", expression.key.span, { key, what: "record" });
    const value = run.evaluate(expression.value, inner);
    if (failed(value)) return value;
    fields.set(key, value);
    return undefined;
  });
  return failure ?? fields;
}
