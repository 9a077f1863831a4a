import type { BinaryExpression, UnaryExpression } from "../../../grammar/ast.ts";
import { compilePattern } from "../../evaluate/values/pattern.ts";
import type { Type } from "../../kind/type.ts";
import { diagnostic } from "../../messages.ts";
import type { Checker } from "../checker.ts";
import { badValueDiagnostic, whyNotAssignable, unfitDiagnostic } from "../types/assignability.ts";
import { joinTypes, valuesOf, withoutNone, withoutSecret } from "../types/joined-types.ts";
import { anyOf, knownType, knownValues } from "../types/known-values.ts";
import { literalText } from "../types/narrowed-types.ts";
import { scopeWhere } from "../names/narrowing.ts";
import type { Scope } from "../names/name-scope.ts";
import { quotedType } from "../types/quoted-type.ts";
import { boolType, intType, stringType, unknownType } from "../types/types.ts";

/** The type of `-x` and `not x`. */
export function inferUnary(expression: UnaryExpression, scope: Scope, checker: Checker): Type {
  if (expression.operator === "not") {
    checker.expect(expression.operand, boolType, scope, "`not`");
    return boolType;
  }
  const type = checker.infer(expression.operand, scope);
  if (type.type === "unknown") return unknownType;
  if (type.type === "int") {
    const known = knownValues(type)?.map((value) => -Number(value));
    return known ? knownType("int", known) : intType;
  }
  const unfit = whyNotAssignable(type, intType);
  if (unfit) checker.report(unfitDiagnostic(expression.operand.span, type, intType, unfit, "`-`"));
  return unknownType;
}

/** The type of `a + b` and its like. */
export function inferBinary(expression: BinaryExpression, scope: Scope, checker: Checker): Type {
  const { operator, left, right } = expression;
  switch (operator) {
    case "and":
    case "or":
      checker.expect(left, boolType, scope, `\`${operator}\``);
      checker.expect(right, boolType, scopeWhere(left, operator === "and", scope, checker), `\`${operator}\``);
      return boolType;
    case "??":
      return inferCoalesce(expression, scope, checker);
    case "==":
    case "!=":
      checkEquality(expression, scope, checker);
      return boolType;
    case "<":
    case "<=":
    case ">":
    case ">=":
      checkOrder(expression, scope, checker);
      return boolType;
    case "in":
      checkIn(expression, scope, checker);
      return boolType;
    case "matches":
      checkMatches(expression, scope, checker);
      return boolType;
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return inferArithmetic(expression, scope, checker);
  }
}

function inferCoalesce(expression: BinaryExpression, scope: Scope, checker: Checker): Type {
  const left = checker.infer(expression.left, scope);
  const right = checker.infer(expression.right, scope);
  if (left.type === "none") return right;
  return joinTypes(withoutNone(left), right);
}

function checkEquality(expression: BinaryExpression, scope: Scope, checker: Checker): void {
  const left = checker.infer(expression.left, scope);
  const right = checker.infer(expression.right, scope);
  if (mayEqual(left, right)) return;
  const enumeration = [left, right].map(withoutNone).find((type) => type.type === "literals");
  const text = literalText(expression.right) ?? literalText(expression.left);
  if (enumeration?.type === "literals" && text !== undefined) {
    const span = literalText(expression.right) === undefined ? expression.left.span : expression.right.span;
    checker.report(badValueDiagnostic(span, text, enumeration, "what it is compared with"));
    return;
  }
  const words = { left: quotedType(anyOf(left)), right: quotedType(anyOf(right)) };
  checker.report(diagnostic("T146", expression.span, words));
}

/** Whether some value is of both types. */
function mayEqual(one: Type, other: Type): boolean {
  if (one.type === "unknown" || other.type === "unknown") return true;
  if (one.type === "secret" || other.type === "secret") return mayEqual(withoutSecret(one), withoutSecret(other));
  if (one.type === "optional") return other.type === "none" || other.type === "optional" || mayEqual(one.of, other);
  if (other.type === "optional") return one.type === "none" || mayEqual(one, other.of);
  // Whether something is none may be asked of everything; that it never is, is no mistake.
  if (one.type === "none" || other.type === "none") return true;
  if (one.type === "union") return one.members.length === 0 || one.members.some((member) => mayEqual(member, other));
  if (other.type === "union") return mayEqual(other, one);
  if (one.type === "literals" && other.type === "string") return textsMayEqual(one.values, other);
  if (other.type === "literals" && one.type === "string") return textsMayEqual(other.values, one);
  if (one.type === "literals" && other.type === "literals") {
    return one.values.some((value) => other.values.includes(value));
  }
  if (isList(one) && isList(other)) return mayEqual(one.of, other.of);
  if (isKeyed(one) && isKeyed(other)) return true;
  return one.type === other.type;
}

function textsMayEqual(values: readonly string[], text: Type): boolean {
  const known = knownValues(text);
  return known === undefined || known.some((value) => values.includes(String(value)));
}

function isList(type: Type): type is Extract<Type, { readonly type: "list" | "set" }> {
  return type.type === "list" || type.type === "set";
}

function isKeyed(type: Type): type is Extract<Type, { readonly type: "map" | "record" }> {
  return type.type === "map" || type.type === "record";
}

const ordered: readonly Type["type"][] = ["duration", "int", "size"];

function checkOrder(expression: BinaryExpression, scope: Scope, checker: Checker): void {
  const left = checker.infer(expression.left, scope);
  const right = checker.infer(expression.right, scope);
  if (left.type === "unknown" || right.type === "unknown") return;
  if (left.type === right.type && ordered.includes(left.type)) return;
  const texts = isText(left) && isText(right);
  reportOperator(expression, left, right, checker, texts ? 'text has no order: "9" would come after "12"' : undefined);
}

function isText(type: Type): boolean {
  return type.type === "string" || type.type === "literals";
}

function reportOperator(expression: BinaryExpression, left: Type, right: Type, checker: Checker, hint?: string): void {
  for (const [operand, type] of [
    [expression.left, left],
    [expression.right, right],
  ] as const) {
    if (type.type === "optional") {
      const { operator } = expression;
      checker.report(unfitDiagnostic(operand.span, type, type.of, { why: "none" }, `\`${operator}\``));
      return;
    }
  }
  const words = { left: quotedType(anyOf(left)), right: quotedType(anyOf(right)) };
  checker.report(diagnostic("T135", expression.operatorSpan, { operator: expression.operator, ...words, hint }));
}

function checkIn(expression: BinaryExpression, scope: Scope, checker: Checker): void {
  const left = checker.infer(expression.left, scope);
  const right = withoutSecret(checker.infer(expression.right, scope));
  if (left.type === "unknown" || right.type === "unknown") return;
  if (isList(right)) {
    if (mayEqual(left, right.of)) return;
    const text = literalText(expression.left);
    const of = withoutNone(right.of);
    if (text !== undefined && of.type === "literals") {
      checker.report(badValueDiagnostic(expression.left.span, text, of, "an element of this"));
    } else {
      const words = { left: quotedType(anyOf(left)), right: quotedType(anyOf(right.of)) };
      checker.report(diagnostic("T146", expression.span, words));
    }
    return;
  }
  if ((isKeyed(right) || isText(right)) && !whyNotAssignable(left, stringType)) return;
  reportOperator(expression, left, right, checker, "`in` asks a list, a set, the keys of a map, or for a part of text");
}

function checkMatches(expression: BinaryExpression, scope: Scope, checker: Checker): void {
  checker.expect(expression.left, stringType, scope, "`matches`");
  const pattern = literalText(expression.right);
  if (pattern === undefined) {
    checker.report(diagnostic("T151", expression.right.span, {}));
    return;
  }
  const result = compilePattern(pattern);
  if ("problem" in result) {
    checker.report(diagnostic("T105", expression.right.span, { pattern, problem: result.problem }));
  }
}

function inferArithmetic(expression: BinaryExpression, scope: Scope, checker: Checker): Type {
  const left = checker.infer(expression.left, scope);
  const right = checker.infer(expression.right, scope);
  if (left.type === "unknown" || right.type === "unknown") return unknownType;
  const result = arithmetic(expression.operator, left, right);
  if (result) return result;
  reportOperator(expression, left, right, checker, arithmeticHint(expression.operator, left, right));
  return unknownType;
}

function arithmeticHint(operator: BinaryExpression["operator"], left: Type, right: Type): string | undefined {
  const either = (is: (type: Type) => boolean): boolean => is(left) || is(right);
  if (operator === "+" && either(isText)) return 'put values into text with "${…}"';
  if (operator === "+" && either(isList)) return "one more element is added as [...list, element]";
  if (!either((type) => type.type === "int")) return undefined;
  if (either((type) => type.type === "size")) return "a size has a unit: 512MiB, 2GiB, 10MB";
  if (either((type) => type.type === "duration")) return "a duration has a unit: 500ms, 30s, 5m, 1h30m";
  return undefined;
}

function arithmetic(operator: BinaryExpression["operator"], left: Type, right: Type): Type | undefined {
  if (left.type === "secret" || right.type === "secret") {
    const of = arithmetic(operator, withoutSecret(left), withoutSecret(right));
    return of && { type: "secret", of };
  }
  const quantity = left.type === "size" || left.type === "duration";
  if (left.type === "int" && right.type === "int") return intType;
  if (quantity && right.type === left.type) {
    if (operator === "+" || operator === "-" || operator === "%") return { type: left.type };
    return operator === "/" ? intType : undefined;
  }
  if (quantity && right.type === "int" && (operator === "*" || operator === "/")) return { type: left.type };
  if (operator === "*" && left.type === "int" && (right.type === "size" || right.type === "duration")) {
    return { type: right.type };
  }
  if (operator !== "+") return undefined;
  if (isText(left) && isText(right)) return stringType;
  if (isList(left) && isList(right)) {
    return { type: left.type === right.type ? left.type : "list", of: joinTypes(left.of, right.of) };
  }
  return undefined;
}

/** The type of what a loop over this goes through: one element, or a key and its value. */
export function elementTypes(
  type: Type,
): { readonly first: Type; readonly second: Type; readonly keyed: boolean } | undefined {
  const source = withoutSecret(type);
  if (source.type === "unknown") return { first: unknownType, second: unknownType, keyed: false };
  if (isList(source)) return { first: intType, second: anyOf(source.of), keyed: false };
  if (isKeyed(source)) return { first: stringType, second: anyOf(valuesOf(source)), keyed: true };
  return undefined;
}
