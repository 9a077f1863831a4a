import type { BinaryExpression, BinaryOperator, Expression, UnaryExpression } from "../../../grammar/ast.ts";
import { longestList } from "../../functions/lists.ts";
import { longestText } from "../../functions/texts.ts";
import type { Value } from "../../kind/value.ts";
import { type Failure, failed, type Result } from "../state/failure.ts";
import { evaluateIndex, evaluateMember } from "./evaluate-member.ts";
import { warnOfHostNames } from "./host-names.ts";
import { compilePattern } from "../values/pattern.ts";
import type { Run } from "../state/run.ts";
import type { Scope } from "../state/scope.ts";
import { compare, describe, equal, isList, isRecord, isTagged } from "../values/values.ts";

/** `-x` and `not x`. */
export function evaluateUnary(run: Run, expression: UnaryExpression, scope: Scope): Result {
  const value = run.evaluate(expression.operand, scope);
  if (failed(value)) return value;
  if (expression.operator === "not") {
    return typeof value === "boolean" ? !value : wrongOperand(run, expression.operand, "not", "true or false", value);
  }
  // Minus zero is no number of the language.
  if (typeof value === "number") return value === 0 ? 0 : -value;
  return wrongOperand(run, expression.operand, "-", "a number", value);
}

function wrongOperand(run: Run, operand: Expression, operator: string, wants: string, has: Value): Failure {
  return run.report("E108", operand.span, { subject: `what \`${operator}\` is given`, wants, has: describe(has) });
}

/** Two operands. The left sides of a chain are evaluated in a loop, so a chain of thousands is no deeper than one. */
export function evaluateBinary(run: Run, expression: BinaryExpression, scope: Scope): Result {
  const chain: BinaryExpression[] = [];
  let leftmost: Expression = expression;
  while (leftmost.type === "binary") {
    chain.push(leftmost);
    leftmost = leftmost.left;
  }
  let value = evaluateBefore(run, leftmost, scope, chain.at(-1));
  for (let node = chain.pop(); node; node = chain.pop()) {
    if (failed(value)) return value;
    value = applyRight(run, node, value, scope, chain.at(-1));
  }
  return value;
}

/** An operand with the operator behind it: in front of `??` an element or a key that is not there is none. */
function evaluateBefore(run: Run, operand: Expression, scope: Scope, behind: BinaryExpression | undefined): Result {
  if (behind?.operator === "??") {
    if (operand.type === "index") return evaluateIndex(run, operand, scope, true);
    if (operand.type === "member") return evaluateMember(run, operand, scope, true);
  }
  return run.evaluate(operand, scope);
}

function applyRight(
  run: Run,
  node: BinaryExpression,
  left: Value,
  scope: Scope,
  behind: BinaryExpression | undefined,
): Result {
  if (node.operator === "??") return left === null ? evaluateBefore(run, node.right, scope, behind) : left;
  if (node.operator === "and" || node.operator === "or") {
    if (typeof left !== "boolean") return wrongOperand(run, node.left, node.operator, "true or false", left);
    if (left === (node.operator === "or")) return left;
    const right = run.evaluate(node.right, scope);
    if (failed(right) || typeof right === "boolean") return right;
    return wrongOperand(run, node.right, node.operator, "true or false", right);
  }
  const right = run.evaluate(node.right, scope);
  if (failed(right)) return right;
  const result = applyOperator(run, node, left, right);
  if (typeof result === "boolean" && (node.left.type === "member" || node.right.type === "member")) {
    warnOfHostNames(run, node, scope, result, (side, operand) =>
      side === "left" ? applyOperator(run, node, operand, right) : applyOperator(run, node, left, operand),
    );
  }
  return result;
}

function applyOperator(run: Run, node: BinaryExpression, left: Value, right: Value): Result {
  const { operator } = node;
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
      return !equal(left, right);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return ordered(left, right) ? holds(operator, compare(left, right)) : mismatch(run, node, left, right);
    case "in":
      if (isList(right)) return right.some((element) => equal(element, left));
      if (typeof left === "string" && typeof right === "string") return right.includes(left);
      if (typeof left === "string" && right !== null && isRecord(right)) return right.has(left);
      return mismatch(run, node, left, right);
    case "matches":
      return evaluateMatches(run, node, left, right);
    default:
      return arithmetic(run, node, operator, left, right);
  }
}

function mismatch(run: Run, node: BinaryExpression, left: Value, right: Value): Failure {
  return run.report("T135", node.operatorSpan, {
    operator: node.operator,
    left: describe(left),
    right: describe(right),
  });
}

function holds(operator: "<" | "<=" | ">" | ">=", order: number): boolean {
  switch (operator) {
    case "<":
      return order < 0;
    case "<=":
      return order <= 0;
    case ">":
      return order > 0;
    case ">=":
      return order >= 0;
  }
}

/** Whether two values have an order between them: only numbers of one sort do ("9" would come after "12"). */
function ordered(left: Value, right: Value): boolean {
  const sort = sortOf(left);
  return sort !== undefined && sort === sortOf(right);
}

function evaluateMatches(run: Run, node: BinaryExpression, left: Value, right: Value): Result {
  if (typeof left !== "string" || typeof right !== "string") return mismatch(run, node, left, right);
  const pattern = compilePattern(right);
  if ("test" in pattern) return pattern.test(left);
  return run.report("T105", node.right.span, { pattern: right, problem: pattern.problem });
}

type Sort = "duration" | "int" | "size";

function sortOf(value: Value): Sort | undefined {
  if (typeof value === "number") return "int";
  return isTagged(value) && (value.type === "size" || value.type === "duration") ? value.type : undefined;
}

function amount(value: Value): number {
  if (typeof value === "number") return value;
  if (!isTagged(value)) return 0;
  return value.type === "size" ? value.bytes : value.type === "duration" ? value.milliseconds : 0;
}

type Arithmetic = Extract<BinaryOperator, "%" | "*" | "+" | "-" | "/">;

function arithmetic(run: Run, node: BinaryExpression, operator: BinaryOperator, left: Value, right: Value): Result {
  if (operator === "+" && typeof left === "string" && typeof right === "string") {
    if (left.length + right.length <= longestText) return left + right;
    return run.report("E102", node.span, { problem: "the text would be longer than 64 MiB" });
  }
  if (operator === "+" && isList(left) && isList(right)) {
    if (left.length + right.length <= longestList) return [...left, ...right];
    return run.report("E102", node.span, { problem: `the list would have more than ${longestList} elements` });
  }
  const [leftSort, rightSort] = [sortOf(left), sortOf(right)];
  if (leftSort === undefined || rightSort === undefined || !isArithmetic(operator))
    return mismatch(run, node, left, right);
  const sort = resultOf(operator, leftSort, rightSort);
  if (!sort) return mismatch(run, node, left, right);
  const number = calculate(operator, amount(left), amount(right));
  if (typeof number === "string") return run.report("E102", node.span, { problem: number });
  if (number < 0 && sort !== "int")
    return run.report("E102", node.span, { problem: `a ${sort} cannot be less than nothing` });
  if (sort === "size") return { type: "size", bytes: number };
  return sort === "duration" ? { type: "duration", milliseconds: number } : number;
}

function isArithmetic(operator: BinaryOperator): operator is Arithmetic {
  return operator === "+" || operator === "-" || operator === "*" || operator === "/" || operator === "%";
}

/** The sort of a result: amounts are added to amounts, multiplied and divided by numbers, and divided by amounts into numbers. */
function resultOf(operator: Arithmetic, left: Sort, right: Sort): Sort | undefined {
  if (left === "int" && right === "int") return "int";
  if (operator === "+" || operator === "-" || operator === "%") return left === right ? left : undefined;
  if (operator === "*") return left === "int" ? right : right === "int" ? left : undefined;
  if (right === "int") return left;
  return left === right ? "int" : undefined;
}

function calculate(operator: Arithmetic, left: number, right: number): number | string {
  if (right === 0 && (operator === "/" || operator === "%")) return "nothing can be divided by 0";
  const result = {
    "+": () => left + right,
    "-": () => left - right,
    "*": () => left * right,
    "/": () => Math.trunc(left / right),
    "%": () => left % right,
  }[operator]();
  if (!Number.isSafeInteger(result)) return "the result is beyond 2^53 - 1, where whole numbers are no longer exact";
  return result === 0 ? 0 : result;
}
