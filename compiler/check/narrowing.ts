import type { Expression, Pattern } from "../../grammar/ast.ts";
import type { Type } from "../kind/type.ts";
import type { Checker } from "./checker.ts";
import { joinTypes, withoutNone } from "./join.ts";
import { knownType } from "./known.ts";
import { lookUp, narrowedScope, type Scope, type ValueBinding } from "./scope.ts";
import { noneType } from "./types.ts";

const numbers = new WeakMap<ValueBinding, number>();
let count = 0;

/** A text for a name or a chain of members of it, equal for equal chains; undefined for anything else. */
export function pathOf(expression: Expression, scope: Scope): string | undefined {
  if (expression.type === "name") {
    const binding = lookUp(expression.name, scope);
    if (!binding) return expression.name === "host" ? "host" : undefined;
    if (binding.type !== "value") return undefined;
    const number = numbers.get(binding) ?? ++count;
    numbers.set(binding, number);
    return String(number);
  }
  if (expression.type !== "member") return undefined;
  const object = pathOf(expression.object, scope);
  return object === undefined ? undefined : `${object}.${expression.name.text}`;
}

type Facts = Map<string, Type>;

/** The scope in which a condition is known to hold, or not to. */
export function scopeWhere(condition: Expression, holds: boolean, scope: Scope, checker: Checker): Scope {
  const facts: Facts = new Map();
  learn(condition, holds, scope, checker, facts);
  return narrowedScope(scope, facts);
}

function learn(condition: Expression, holds: boolean, scope: Scope, checker: Checker, facts: Facts): void {
  if (condition.type === "unary" && condition.operator === "not") {
    learn(condition.operand, !holds, scope, checker, facts);
    return;
  }
  if (condition.type !== "binary") return;
  switch (condition.operator) {
    case "and":
    case "or":
      // `a and b` holds: both do. `a or b` fails: both do. Otherwise nothing is certain.
      if ((condition.operator === "and") !== holds) return;
      learn(condition.left, holds, scope, checker, facts);
      learn(condition.right, holds, narrowedScope(scope, facts), checker, facts);
      return;
    case "==":
    case "!=": {
      const equal = (condition.operator === "==") === holds;
      learnEqual(condition.left, condition.right, equal, scope, checker, facts);
      learnEqual(condition.right, condition.left, equal, scope, checker, facts);
      return;
    }
    default:
      return;
  }
}

function learnEqual(
  subject: Expression,
  value: Expression,
  equal: boolean,
  scope: Scope,
  checker: Checker,
  facts: Facts,
): void {
  const path = pathOf(subject, scope);
  if (path === undefined) return;
  const type = facts.get(path) ?? checker.quietly(() => checker.infer(subject, scope));
  if (value.type === "none") {
    if (equal) facts.set(path, noneType);
    else notNone(subject, type, path, scope, checker, facts);
    return;
  }
  const text = literalText(value);
  if (text === undefined) return;
  const inner = withoutNone(type);
  if (equal) {
    if (inner.type === "literals" && inner.values.includes(text)) facts.set(path, { type: "literals", values: [text] });
    else notNone(subject, type, path, scope, checker, facts);
  } else if (inner.type === "literals") {
    const values = inner.values.filter((one) => one !== text);
    const rest: Type = { type: "literals", values };
    facts.set(path, type.type === "optional" ? { type: "optional", of: rest } : rest);
  }
}

/** Not none: nor are the objects that `?.` led through. */
function notNone(subject: Expression, type: Type, path: string, scope: Scope, checker: Checker, facts: Facts): void {
  if (type.type === "optional") facts.set(path, type.of);
  if (subject.type !== "member" || !subject.optional) return;
  const object = pathOf(subject.object, scope);
  if (object === undefined) return;
  const objectType = checker.quietly(() => checker.infer(subject.object, scope));
  notNone(subject.object, objectType, object, scope, checker, facts);
}

/** The value of a text without holes. */
export function literalText(expression: Expression): string | undefined {
  if (expression.type !== "string") return undefined;
  let text = "";
  for (const part of expression.parts) {
    if (part.type === "hole") return undefined;
    text += part.text;
  }
  return text;
}

/** The scope of an arm of a match: the subject is one of the pattern's values, or none of the earlier ones. */
export function scopeOfArm(
  subject: Expression,
  type: Type,
  pattern: Pattern,
  earlier: readonly Pattern[],
  scope: Scope,
): Scope {
  const path = pathOf(subject, scope);
  if (path === undefined) return scope;
  const narrowed = pattern.else ? withoutPatterns(type, earlier) : patternType(pattern, type);
  return narrowed ? narrowedScope(scope, new Map([[path, narrowed]])) : scope;
}

function withoutPatterns(type: Type, patterns: readonly Pattern[]): Type {
  const values = patterns.flatMap((pattern) => pattern.values);
  const none = values.some((value) => value.type === "none");
  const texts = new Set(values.map((value) => (value.type === "string" ? literalText(value) : undefined)));
  const inner = withoutNone(type);
  const rest: Type =
    inner.type === "literals" ? { ...inner, values: inner.values.filter((value) => !texts.has(value)) } : inner;
  return type.type === "optional" && !none ? { type: "optional", of: rest } : rest;
}

function patternType(pattern: Pattern, type: Type): Type | undefined {
  const inner = withoutNone(type);
  let result: Type | undefined;
  for (const value of pattern.values) {
    const text = value.type === "string" ? literalText(value) : undefined;
    const one: Type =
      value.type === "none"
        ? noneType
        : text === undefined
          ? inner
          : inner.type === "literals"
            ? { type: "literals", values: [text] }
            : knownType("string", [text]);
    result = result ? joinTypes(result, one) : one;
  }
  return result;
}
