import type {
  Expression,
  IfExpression,
  ListExpression,
  NameExpression,
  Pattern,
  StringLiteral,
} from "../../../grammar/ast.ts";
import { FunctionProblem } from "../../builtin-function.ts";
import { longestList } from "../../functions/lists.ts";
import { longestText } from "../../functions/texts.ts";
import type { Value } from "../../kind/value.ts";
import { suggest } from "../../suggest.ts";
import { evaluateCall } from "./evaluate-call.ts";
import { evaluateCommand } from "./evaluate-command.ts";
import { failed, type Result } from "../state/failure.ts";
import { lookup } from "../state/lookup.ts";
import { evaluateListLoop, evaluateRecordLoop } from "./loop-turns.ts";
import { evaluateIndex, evaluateMember, namedValue } from "./evaluate-member.ts";
import { evaluateBinary, evaluateUnary } from "./evaluate-operator.ts";
import { reportNoCase } from "./no-case.ts";
import { evaluateRecord } from "./evaluate-record.ts";
import { render } from "../values/render.ts";
import type { Run } from "../state/run.ts";
import type { Scope } from "../state/scope.ts";
import { isTooLarge, mostParts } from "../values/value-size.ts";
import { describe, equal, isList } from "../values/values.ts";

/** The value of an expression: what every name in it means is looked up in the scope when it is needed. */
export function evaluateExpression(run: Run, expression: Expression, scope: Scope): Result {
  switch (expression.type) {
    case "int":
    case "bool":
      return expression.value;
    case "none":
      return null;
    case "mode":
      return { type: "mode", bits: expression.bits };
    case "duration":
      return { type: "duration", milliseconds: expression.milliseconds };
    case "size":
      return { type: "size", bytes: expression.bytes };
    case "string":
      return evaluateString(run, expression, scope);
    case "command":
      return evaluateCommand(run, expression, scope);
    case "name":
      return evaluateName(run, expression, scope);
    case "list":
      return measured(run, expression, evaluateList(run, expression, scope));
    case "list-for":
      return measured(run, expression, evaluateListLoop(run, expression, scope));
    case "record":
      return measured(run, expression, evaluateRecord(run, expression, scope));
    case "record-for":
      return measured(run, expression, evaluateRecordLoop(run, expression, scope));
    case "unary":
      return evaluateUnary(run, expression, scope);
    case "binary":
      return evaluateBinary(run, expression, scope);
    case "member":
      return evaluateMember(run, expression, scope);
    case "index":
      return evaluateIndex(run, expression, scope);
    case "call":
      return measured(run, expression, evaluateCall(run, expression, scope));
    case "if":
      return evaluateIf(run, expression, scope);
    case "match": {
      const subject = run.evaluate(expression.subject, scope);
      if (failed(subject)) return subject;
      const arm = expression.arms.find(({ pattern }) => matches(pattern, subject));
      if (arm) return run.evaluate(arm.value, scope);
      return reportNoCase(run, expression.subject, scope, subject);
    }
  }
}

/** A value that was built here, unless it is too large when everything that it shares is written out. */
function measured(run: Run, expression: Expression, result: Result): Result {
  return !failed(result) && isTooLarge(result) ? run.report("E403", expression.span, { limit: mostParts }) : result;
}

/** Whether one of a pattern's literals is the value. */
export function matches(pattern: Pattern, subject: Value): boolean {
  return pattern.else || pattern.values.some((literal) => equal(literalValue(literal), subject));
}

function literalValue(literal: Pattern["values"][number]): Value {
  if (literal.type === "none") return null;
  if (literal.type !== "string") return literal.value;
  return literal.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** Chains of `else if` are evaluated in a loop: a long one is no deeper than a short one. */
function evaluateIf(run: Run, expression: IfExpression, scope: Scope): Result {
  let current: IfExpression = expression;
  for (;;) {
    const condition = run.evaluate(current.condition, scope);
    if (failed(condition)) return condition;
    if (typeof condition !== "boolean")
      return run.report("E108", current.condition.span, {
        subject: "the condition of `if`",
        wants: "true or false",
        has: describe(condition),
      });
    if (condition) return run.evaluate(current.then, scope);
    if (current.else.type !== "if") return run.evaluate(current.else, scope);
    current = current.else;
  }
}

function evaluateString(run: Run, literal: StringLiteral, scope: Scope): Result {
  const [only] = literal.parts;
  if (literal.parts.length === 0) return "";
  if (literal.parts.length === 1 && only?.type === "text") return only.text;
  let text = "";
  for (const part of literal.parts) {
    if (part.type === "text") {
      text += part.text;
      continue;
    }
    const value = run.evaluate(part.expression, scope);
    if (failed(value)) return value;
    const rendered = render(value);
    if (rendered instanceof FunctionProblem) return run.report("E106", part.span, { problem: rendered.message });
    text += rendered;
    if (text.length > longestText)
      return run.report("E102", literal.span, { problem: "the text would be longer than 64 MiB" });
  }
  return text;
}

function evaluateName(run: Run, expression: NameExpression, scope: Scope): Result {
  const named = lookup(expression.name, scope, run.registry);
  if (named) return namedValue(run, named, expression.name, expression.span);
  const suggestion = suggest(expression.name, [...scope.names(), ...scope.module.uses.keys()]);
  return run.report("T120", expression.span, { name: expression.name, suggestion });
}

function evaluateList(run: Run, expression: ListExpression, scope: Scope): Result {
  const elements: Value[] = [];
  for (const { spread, value: node } of expression.elements) {
    const value = run.evaluate(node, scope);
    if (failed(value)) return value;
    if (!spread) elements.push(value);
    else if (!isList(value)) return run.report("T149", node.span, { has: describe(value), into: "list" });
    else if (elements.length + value.length > longestList)
      return run.report("E102", expression.span, { problem: `the list would have more than ${longestList} elements` });
    else for (const element of value) elements.push(element);
  }
  return elements;
}
