import type { CallExpression, FunctionDeclaration } from "../../../grammar/ast.ts";
import type { BuiltinFunction } from "../../builtin-function.ts";
import type { Type } from "../../kind/type.ts";
import { diagnostic } from "../../messages.ts";
import type { Module } from "../../program.ts";
import { resolveType } from "../../resolve-type.ts";
import { suggest } from "../../suggest.ts";
import { checkTemplateCall } from "../../template-check.ts";
import type { Checker } from "../checker.ts";
import { entityOf, memberNames } from "../names/entity.ts";
import { whyNotAssignable } from "../types/assignability.ts";
import { withoutSecret } from "../types/joined-types.ts";
import { anyOf } from "../types/known-values.ts";
import { suggestName } from "../names/infer-name.ts";
import type { FunctionBinding, Scope } from "../names/name-scope.ts";
import { holdsSecret } from "./infer-text.ts";
import { quotedType } from "../types/quoted-type.ts";
import { boolType, stringType, unknownType } from "../types/types.ts";

/** The type of `f(a, b)`. */
export function inferCall(expression: CallExpression, scope: Scope, checker: Checker): Type {
  const { callee } = expression;
  const entity = entityOf(callee, scope, checker);
  switch (entity?.type) {
    case "builtin":
      return callBuiltin(entity.builtin, expression, scope, checker);
    case "function":
      return callFunction(entity.binding, expression, scope, checker);
    case "template":
      return callTemplate(expression, scope, checker);
    case "ordered":
      return callOrdered(expression, scope, checker);
    case "planned":
      inferArguments(expression, scope, checker);
      checker.report(diagnostic("N001", expression.span, { what: entity.what }));
      return unknownType;
    case "unknown":
      inferArguments(expression, scope, checker);
      return unknownType;
    default:
      inferArguments(expression, scope, checker);
      return notCallable(expression, scope, checker);
  }
}

function inferArguments(expression: CallExpression, scope: Scope, checker: Checker): readonly Type[] {
  return expression.arguments.map((argument) => checker.infer(argument, scope));
}

/** `ordered(a, b, c)`: whether each of the resources comes after the one before it; asked in `expect` only. */
function callOrdered(expression: CallExpression, scope: Scope, checker: Checker): Type {
  const types = inferArguments(expression, scope, checker);
  if (types.length < 2)
    checker.report(
      diagnostic("T139", expression.span, {
        name: "ordered",
        min: 2,
        max: Infinity,
        has: types.length,
        signature: "ordered(first, then, …)",
      }),
    );
  for (const [index, type] of types.entries()) {
    const argument = expression.arguments[index];
    if (type.type === "resource" || type.type === "unknown" || !argument) continue;
    checker.report(
      diagnostic("R111", argument.span, { clause: "ordered", has: quotedType(anyOf(type)), hint: undefined }),
    );
  }
  if (!checker.place.inExpect)
    checker.report(diagnostic("R117", expression.span, { word: "ordered", where: "in `expect`" }));
  return boolType;
}

function notCallable(expression: CallExpression, scope: Scope, checker: Checker): Type {
  const { callee } = expression;
  const entity = entityOf(callee, scope, checker);
  if (!entity && callee.type === "name") {
    const suggestion = suggestName(callee.name, scope, checker);
    checker.report(diagnostic("T120", callee.span, { name: callee.name, suggestion, hint: undefined }));
    return unknownType;
  }
  const object = callee.type === "member" ? entityOf(callee.object, scope, checker) : undefined;
  if (!entity && callee.type === "member" && (object?.type === "module" || object?.type === "std")) {
    const known = object.type === "std" ? [...checker.functions.keys()] : memberNames(object.module, checker);
    const member = callee.name.text;
    const of = callee.object.type === "name" ? `\`${callee.object.name}\`` : "`std`";
    checker.report(diagnostic("T137", callee.name.span, { member, of, known, suggestion: suggest(member, known) }));
    return unknownType;
  }
  if (entity && entity.type !== "value" && entity.type !== "host") {
    checker.report(diagnostic("T138", callee.span, { has: entity.type === "kind" ? "a kind" : "a resource" }));
    return unknownType;
  }
  const type = checker.infer(callee, scope);
  if (type.type !== "unknown") checker.report(diagnostic("T138", callee.span, { has: quotedType(anyOf(type)) }));
  return unknownType;
}

function callBuiltin(builtin: BuiltinFunction, expression: CallExpression, scope: Scope, checker: Checker): Type {
  const { parameters } = builtin;
  const last = parameters.at(-1);
  const max = last?.variadic ? Infinity : parameters.length;
  const min = parameters.filter((parameter) => !parameter.optional && !parameter.variadic).length;
  const counted = checkCount(expression, builtin.name, { min, max }, () => builtinSignature(builtin), checker);
  const secret = { found: false };
  const before = checker.reported();
  const types = expression.arguments.map((argument, index) => {
    const parameter = parameters[index] ?? (last?.variadic ? last : undefined);
    const type = checker.infer(argument, scope);
    // Only what does not fit is gone into again, for the exact place.
    if (parameter && whyNotAssignable(type, parameter.type)) {
      checker.expect(argument, parameter.type, scope, `\`${parameter.name}\` of ${builtin.name}`);
    }
    if (holdsSecret(type)) secret.found = true;
    return anyOf(type);
  });
  if (!counted) return unknownType;
  const problem = checker.reported() > before ? undefined : builtin.refuses?.(types.map(withoutSecret));
  if (problem !== undefined) {
    checker.report(diagnostic("E103", expression.span, { name: builtin.name, problem }));
    return unknownType;
  }
  const result = typeof builtin.result === "function" ? builtin.result(types) : builtin.result;
  return secret.found ? { type: "secret", of: result } : result;
}

function builtinSignature(builtin: BuiltinFunction): string {
  const names = builtin.parameters.map((parameter) =>
    parameter.variadic ? `${parameter.name} …` : parameter.optional ? `${parameter.name}?` : parameter.name,
  );
  return `${builtin.name}(${names.join(", ")})`;
}

function checkCount(
  expression: CallExpression,
  name: string,
  wants: { readonly min: number; readonly max: number },
  signature: () => string,
  checker: Checker,
): boolean {
  const has = expression.arguments.length;
  if (has >= wants.min && has <= wants.max) return true;
  checker.report(diagnostic("T139", expression.span, { name, ...wants, has, signature: signature() }));
  return false;
}

function callFunction(binding: FunctionBinding, expression: CallExpression, scope: Scope, checker: Checker): Type {
  const { declaration, module } = binding;
  checker.use(binding);
  const parameters = declaration.parameters;
  const min = parameters.filter((parameter) => !parameter.default).length;
  checkCount(expression, binding.name, { min, max: parameters.length }, () => signatureOf(declaration), checker);
  for (const [index, argument] of expression.arguments.entries()) {
    const parameter = parameters[index];
    const type = parameter ? silentType(parameter.valueType, module) : unknownType;
    checker.expect(argument, type, scope, `\`${parameter?.name.text ?? ""}\` of ${binding.name}`);
  }
  return silentType(declaration.result, module);
}

/** A type whose mistakes are reported where it is written. */
function silentType(node: FunctionDeclaration["result"], module: Module): Type {
  return resolveType(node, module, () => {});
}

function signatureOf(declaration: FunctionDeclaration): string {
  return `${declaration.name.text}(${declaration.parameters.map((parameter) => parameter.name.text).join(", ")})`;
}

const templateSignature = 'template("name.hbs", { … })';

function callTemplate(expression: CallExpression, scope: Scope, checker: Checker): Type {
  const [path] = expression.arguments;
  if (!checkCount(expression, "template", { min: 1, max: 2 }, () => templateSignature, checker) || !path) {
    inferArguments(expression, scope, checker);
    return unknownType;
  }
  const secret = checkTemplateCall(expression, scope, checker);
  return secret ? { type: "secret", of: stringType } : stringType;
}
