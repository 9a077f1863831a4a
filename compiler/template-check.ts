import type { CallExpression } from "../grammar/ast.ts";
import type { Checker } from "./check/checker.ts";
import type { Scope } from "./check/scope.ts";

/** Checks `template("x.hbs", { … })`; whether the text holds a secret. */
export function checkTemplateCall(expression: CallExpression, scope: Scope, checker: Checker): boolean {
  for (const argument of expression.arguments) checker.infer(argument, scope);
  return false;
}
