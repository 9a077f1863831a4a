import type { BinaryExpression, Expression } from "../../../grammar/ast.ts";
import type { Condition } from "../../catalog.ts";
import type { Type } from "../../kind/type.ts";
import type { Value } from "../../kind/value.ts";
import { observeType } from "./observed-value.ts";
import { type Failure, failed, isUnknown, Unanswered } from "../state/failure.ts";
import type { Run } from "../state/run.ts";
import type { Scope } from "../state/scope.ts";
import { type Thunk, Touches } from "../state/thunk.ts";
import { describe } from "../values/values.ts";

/** A `when` as a condition that the target can decide again, with what it was made from. */
export interface MadeCondition {
  readonly condition: Condition;
  readonly touches: Touches;
  /** It depends on an answer that is not known; what stands in its place means nothing. */
  readonly unknown?: boolean;
}

/** Turns a `when` into a condition over observes; one that observes nothing is a mistake, `if` says the same. */
export function conditionOf(run: Run, expression: Expression, scope: Scope): MadeCondition | Failure {
  const touches = new Touches();
  const condition = make(run, expression, scope, touches);
  run.observes.judge(touches.observes);
  if (isUnknown(condition)) return { condition: { type: "constant", value: true }, touches, unknown: true };
  if (failed(condition)) return condition;
  if (touches.observes.size === 0) return run.report("R113", expression.span, {});
  return { condition, touches };
}

function make(run: Run, expression: Expression, scope: Scope, touches: Touches): Condition | Failure {
  if (expression.type === "unary" && expression.operator === "not") {
    const of = make(run, expression.operand, scope, touches);
    return failed(of) ? of : negate(of);
  }
  if (expression.type === "binary" && (expression.operator === "and" || expression.operator === "or"))
    return makeChain(run, expression, scope, touches);
  if (expression.type === "binary" && (expression.operator === "==" || expression.operator === "!=")) {
    const compared = makeComparison(run, expression, scope, touches);
    if (compared) return failed(compared) || expression.operator === "==" ? compared : negate(compared);
  }
  if (expression.type === "name") {
    const thunk = scope.lookup(expression.name);
    // Forced first: only then is it known what an input was given, and that the value is sound.
    const value = thunk && settled(run, () => run.force(thunk), touches);
    if (failed(value) && !(value instanceof Unanswered)) return value;
    if (thunk && value !== undefined) {
      const isBool = typeof value === "boolean" || value instanceof Unanswered;
      if (thunk.observe !== undefined && isBool)
        return { type: "succeeds", observe: run.observes.indexOf(thunk.observe) };
      if (thunk.source && isBool) return make(run, thunk.source.expression, thunk.source.scope, touches);
    }
  }
  return makeSeen(run, expression, scope, touches);
}

/** Both sides count, also the one that the value does not hang on today: the target may decide otherwise. */
function makeChain(run: Run, expression: BinaryExpression, scope: Scope, touches: Touches): Condition | Failure {
  const type = expression.operator === "and" ? "and" : "or";
  const sides: Expression[] = [];
  let left: Expression = expression;
  while (left.type === "binary" && left.operator === type) {
    sides.unshift(left.right);
    left = left.left;
  }
  const of: Condition[] = [];
  for (const side of [left, ...sides]) {
    const made = make(run, side, scope, touches);
    if (failed(made)) return made;
    of.push(made);
  }
  return { type, of };
}

/** `observed == "text"`, or `observed == none`; undefined when neither side is just an observe. */
function makeComparison(
  run: Run,
  { left, right }: BinaryExpression,
  scope: Scope,
  touches: Touches,
): Condition | Failure | undefined {
  for (const [side, other] of [
    [left, right],
    [right, left],
  ] as const) {
    const found = observeBehind(run, side, scope);
    if (!found?.observe) continue;
    const compared = run.settle(() => run.evaluate(other, scope));
    if (failed(compared.result)) return compared.result;
    if (compared.touches.observes.size > 0) continue;
    const type = observeType(run, found.observe);
    const value = settled(run, () => run.force(found), touches);
    if (failed(value) && !(value instanceof Unanswered)) return value;
    const condition = type && comparison(run.observes.indexOf(found.observe), type, compared.result);
    if (!condition) continue;
    touches.add(compared.touches);
    return condition;
  }
  return undefined;
}

function comparison(observe: number, type: Type, value: Value): Condition | undefined {
  if (value === null) return type.type === "optional" ? { type: "fails", observe } : undefined;
  const inner = type.type === "optional" ? type.of : type;
  if (inner.type === "bool" && type.type !== "optional" && typeof value === "boolean")
    return value ? { type: "succeeds", observe } : negate({ type: "succeeds", observe });
  // A path is normalised when it is read, so its text as answered may be another one.
  const isText = inner.type === "literals" || (inner.type === "string" && inner.refinement !== "path");
  return isText && typeof value === "string" ? { type: "equals", observe, text: value } : undefined;
}

/** The observe that an expression is just another name of. */
function observeBehind(run: Run, expression: Expression, scope: Scope): Thunk | undefined {
  let at = expression;
  let within = scope;
  while (at.type === "name") {
    const thunk = within.lookup(at.name);
    if (!thunk || thunk.observe !== undefined) return thunk;
    if (thunk.state === "idle") run.settle(() => run.force(thunk));
    if (!thunk.source) return undefined;
    at = thunk.source.expression;
    within = thunk.source.scope;
  }
  return undefined;
}

function makeSeen(run: Run, expression: Expression, scope: Scope, touches: Touches): Condition | Failure {
  const { result, touches: own } = run.settle(() => run.evaluate(expression, scope));
  // Without an answer it does not hold; whether that may change, and so is no error, depends on the steps before it.
  const value = result instanceof Unanswered ? false : result;
  if (failed(value)) return value;
  if (typeof value !== "boolean")
    return run.report("E108", expression.span, { subject: "`when`", wants: "true or false", has: describe(value) });
  touches.add(own);
  const seen = [...own.observes].map((key): Condition => ({
    type: "seen",
    observe: run.observes.indexOf(key),
    value,
  }));
  const [first, ...others] = seen;
  if (!first) return { type: "constant", value };
  return others.length === 0 ? first : { type: "and", of: seen };
}

function settled(run: Run, compute: Parameters<Run["settle"]>[0], touches: Touches): Value | Failure {
  const { result, touches: own } = run.settle(compute);
  touches.add(own);
  return result;
}

function negate(condition: Condition): Condition {
  if (condition.type === "not") return condition.of;
  return condition.type === "constant" ? { type: "constant", value: !condition.value } : { type: "not", of: condition };
}
