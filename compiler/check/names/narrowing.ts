import type { Expression, Pattern } from "../../../grammar/ast.ts";
import type { Type } from "../../kind/type.ts";
import type { Checker } from "../checker.ts";
import { joinAll, withoutNone } from "../types/joined-types.ts";
import { knownType } from "../types/known-values.ts";
import { type Literal, literalOf, narrowedAway, narrowedTo, recordsWhere } from "../types/narrowed-types.ts";
import { lookUp, narrowedScope, type Scope, type ValueBinding } from "./name-scope.ts";
import { noneType } from "../types/types.ts";

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
  const literal = literalOf(value);
  if (path === undefined || literal === undefined) return;
  const type = facts.get(path) ?? checker.quietly(() => checker.infer(subject, scope));
  if (equal) {
    if (literal.type === "none") facts.set(path, noneType);
    else {
      notNone(subject, type, path, scope, checker, facts);
      const narrowed = narrowedTo(type, literal);
      if (narrowed) facts.set(path, narrowed);
    }
  } else if (literal.type === "none") notNone(subject, type, path, scope, checker, facts);
  else {
    const rest = narrowedAway(type, literal);
    if (rest) facts.set(path, rest);
  }
  // What a field is tells which of several records this is.
  learnObject(
    subject,
    scope,
    checker,
    facts,
    (field) => (equal ? narrowedTo : narrowedAway)(field, literal) !== undefined,
  );
}

/** Narrows the object that a field belongs to, if it is one of several records. */
function learnObject(
  subject: Expression,
  scope: Scope,
  checker: Checker,
  facts: Facts,
  passes: (field: Type) => boolean,
): void {
  if (subject.type !== "member") return;
  const path = pathOf(subject.object, scope);
  if (path === undefined) return;
  const type = facts.get(path) ?? checker.quietly(() => checker.infer(subject.object, scope));
  const of = recordsWhere(withoutNone(type), subject.name.text, passes);
  if (of) facts.set(path, type.type === "optional" ? { type: "optional", of } : of);
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

/** The scope of an arm of a match: the subject is one of the pattern's values, or none of the earlier ones. */
export function scopeOfArm(
  subject: Expression,
  type: Type,
  pattern: Pattern,
  earlier: readonly Pattern[],
  scope: Scope,
  checker: Checker,
): Scope {
  const path = pathOf(subject, scope);
  if (path === undefined) return scope;
  const literals = (pattern.else ? earlier : [pattern]).flatMap(({ values }) =>
    values.flatMap((value) => literalOf(value) ?? []),
  );
  const narrow = (of: Type): Type | undefined => (pattern.else ? withoutAll(of, literals) : anyOfThem(of, literals));
  const facts: Facts = new Map();
  const narrowed = narrow(type);
  if (!pattern.else && literals.every((literal) => literal.type !== "none"))
    notNone(subject, type, path, scope, checker, facts);
  if (narrowed) facts.set(path, narrowed);
  learnObject(subject, scope, checker, facts, (field) => narrow(field) !== undefined);
  return narrowedScope(scope, facts);
}

function withoutAll(type: Type, literals: readonly Literal[]): Type | undefined {
  let rest: Type | undefined = type;
  for (const literal of literals) rest = rest && narrowedAway(rest, literal);
  return rest;
}

function anyOfThem(type: Type, literals: readonly Literal[]): Type | undefined {
  const parts = literals.flatMap((literal) => {
    const part = narrowedTo(type, literal);
    return part
      ? [part.type === "string" && literal.type === "string" ? knownType("string", [literal.text]) : part]
      : [];
  });
  return parts.length > 0 ? joinAll(parts) : undefined;
}
