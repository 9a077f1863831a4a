import type { CallExpression, FunctionDeclaration } from "../../../grammar/ast.ts";
import { textOf } from "../../../grammar/source.ts";
import { type BuiltinFunction, FunctionProblem } from "../../builtin-function.ts";
import type { Type } from "../../kind/type.ts";
import type { Value } from "../../kind/value.ts";
import { builtinFunctions } from "../../functions/table.ts";
import { suggest } from "../../suggest.ts";
import type { Module } from "../../program.ts";
import { knownThunk } from "../state/thunk.ts";
import { type Failure, failed, type Result } from "../state/failure.ts";
import { fit } from "../values/fit.ts";
import { lookupPath } from "../state/lookup.ts";
import { evaluateTemplate } from "./template-call.ts";
import type { Run } from "../state/run.ts";
import { Scope } from "../state/scope.ts";
import { resourceId } from "../state/resource-id.ts";
import { describe, isRecord, isTagged } from "../values/values.ts";

/** `f(a, b)`: a function of the language, of the file, or of a used one. */
export function evaluateCall(run: Run, expression: CallExpression, scope: Scope): Result {
  const { callee } = expression;
  const named = lookupPath(callee, scope, run.registry);
  const name = textOf(callee.span);
  switch (named?.type) {
    case "builtin":
      return callBuiltin(run, named.builtin, expression, scope);
    case "function":
      return callFunction(run, named.declaration, named.module, expression, scope);
    case "template":
      return evaluateTemplate(run, expression, scope);
    case "ordered":
      return evaluateOrdered(run, expression, scope);
    case "later":
      return run.report("N001", expression.span, { what: `${name}(…)` });
    case undefined:
      break;
    default:
      return run.report("T138", callee.span, { has: `\`${name}\`` });
  }
  if (callee.type === "name") {
    const suggestion = suggest(name, [...scope.module.functions.keys(), ...builtinFunctions.keys()]);
    return run.report("T120", callee.span, { name, suggestion });
  }
  if (callee.type === "member")
    return run.report("T137", callee.name.span, {
      member: callee.name.text,
      of: `\`${textOf(callee.object.span)}\``,
      known: [],
    });
  return run.report("T138", callee.span, { has: "this" });
}

/** `ordered(a, b, c)`: whether the order of steps puts each of the resources behind the one before it, whatever else changes. */
function evaluateOrdered(run: Run, expression: CallExpression, scope: Scope): Result {
  const values = evaluateArguments(run, expression, scope);
  if (failed(values)) return values;
  const ids: string[] = [];
  for (const [index, value] of values.entries()) {
    if (value !== null && isTagged(value) && value.type === "reference") ids.push(resourceId(value.kind, value.title));
    else {
      const span = expression.arguments[index]?.span ?? expression.span;
      return run.report("R111", span, { clause: "ordered", has: describe(value), hint: undefined });
    }
  }
  const { precedes } = run;
  if (!precedes) return run.report("R117", expression.span, { word: "ordered", where: "in `expect`" });
  return ids.slice(1).every((id, index) => precedes(ids[index] ?? id, id));
}

function evaluateArguments(run: Run, expression: CallExpression, scope: Scope): readonly Value[] | Failure {
  const values: Value[] = [];
  for (const argument of expression.arguments) {
    const value = run.evaluate(argument, scope);
    if (failed(value)) return value;
    values.push(value);
  }
  return values;
}

function callBuiltin(run: Run, builtin: BuiltinFunction, expression: CallExpression, scope: Scope): Result {
  const { name, parameters } = builtin;
  const last = parameters.at(-1);
  const min = parameters.filter((parameter) => !parameter.optional).length;
  const max = last?.variadic ? Infinity : parameters.length;
  const wrong = wrongCount(run, expression, name, min, max, `${name}(${parameters.map((one) => one.name).join(", ")})`);
  if (wrong) return wrong;
  const values = evaluateArguments(run, expression, scope);
  if (failed(values)) return values;
  const args: Value[] = [];
  for (const [index, value] of values.entries()) {
    const parameter = parameters[index] ?? last;
    const fits = fitArgument(
      run,
      value,
      parameter?.type ?? { type: "unknown" },
      parameter?.name ?? "",
      expression,
      index,
      scope,
    );
    if (failed(fits)) return fits;
    args.push(inWrittenOrder(value, fits));
  }
  const result = builtin.call(args, { sha256: run.host.sha256 });
  return result instanceof FunctionProblem
    ? run.report("E103", expression.span, { name, problem: result.message })
    : result;
}

/** What a function of the language is given stays in the order in which it was written, also where a map is wanted. */
function inWrittenOrder(written: Value, fits: Value): Value {
  if (written === null || fits === null || !isRecord(written) || !isRecord(fits)) return fits;
  return new Map([...written.keys()].map((key) => [key, fits.get(key) ?? null]));
}

function fitArgument(
  run: Run,
  value: Value,
  type: Type,
  name: string,
  call: CallExpression,
  index: number,
  scope: Scope,
): Result {
  const expression = call.arguments[index];
  const span = expression?.span ?? call.span;
  return fit(run, value, type, { subject: name, span, expression, scope });
}

function wrongCount(
  run: Run,
  expression: CallExpression,
  name: string,
  min: number,
  max: number,
  signature: string,
): Failure | undefined {
  const has = expression.arguments.length;
  if (has >= min && has <= max) return undefined;
  return run.report("T139", expression.span, { name, min, max, has, signature });
}

function callFunction(
  run: Run,
  declaration: FunctionDeclaration,
  module: Module,
  expression: CallExpression,
  scope: Scope,
): Result {
  const { parameters } = declaration;
  const name = declaration.name.text;
  const min = parameters.filter((parameter) => !parameter.default).length;
  const signature = `${name}(${parameters.map((one) => one.name.text).join(", ")})`;
  const wrong = wrongCount(run, expression, name, min, parameters.length, signature);
  if (wrong) return wrong;
  const values = evaluateArguments(run, expression, scope);
  if (failed(values)) return values;
  const outer = run.registry.letScope(module);
  const inner = new Scope(outer, module, name);
  for (const [index, parameter] of parameters.entries()) {
    const given = values[index];
    const value = given === undefined && parameter.default ? run.evaluate(parameter.default, outer) : (given ?? null);
    if (failed(value)) return value;
    const type = run.typeOf(parameter.valueType, module);
    const fits = fitArgument(run, value, type, parameter.name.text, expression, index, scope);
    if (failed(fits)) return fits;
    inner.define(parameter.name.text, knownThunk(parameter.name.text, parameter.name.span, fits));
  }
  const { body } = declaration;
  return run.call(declaration, expression.span, () => {
    const result = run.evaluate(body, inner);
    if (failed(result)) return result;
    const type = run.typeOf(declaration.result, module);
    return fit(run, result, type, { subject: name, span: body.span, expression: body, scope: inner });
  });
}
