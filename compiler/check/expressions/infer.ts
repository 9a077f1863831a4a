import type { Expression, IfExpression, MatchExpression } from "../../../grammar/ast.ts";
import type { Type } from "../../kind/type.ts";
import { inferCall } from "./infer-call.ts";
import type { Checker } from "../checker.ts";
import { inferList, inferListFor, inferRecord, inferRecordFor } from "./infer-collection.ts";
import { joinAll, joinTypes } from "../types/joined-types.ts";
import { knownType } from "../types/known-values.ts";
import { enterMatch } from "./infer-match.ts";
import { inferIndex, inferMember } from "./infer-member.ts";
import { inferName } from "../names/infer-name.ts";
import { pathOf, scopeWhere } from "../names/narrowing.ts";
import { inferBinary, inferUnary } from "./infer-operator.ts";
import { narrowedType, type Scope } from "../names/name-scope.ts";
import { inferCommand, inferText } from "./infer-text.ts";
import { boolType, durationType, modeType, noneType, sizeType } from "../types/types.ts";

/** The type of an expression from itself alone; every mistake in it is reported. */
export function infer(expression: Expression, scope: Scope, checker: Checker): Type {
  switch (expression.type) {
    case "int":
      return knownType("int", [expression.value]);
    case "mode":
      return modeType;
    case "duration":
      return durationType;
    case "size":
      return sizeType;
    case "bool":
      return boolType;
    case "none":
      return noneType;
    case "string":
      return inferText(expression, scope, checker);
    case "command":
      return inferCommand(expression, scope, checker);
    case "name": {
      const type = inferName(expression, scope, checker);
      if (!scope.narrows) return type;
      const path = pathOf(expression, scope);
      return (path === undefined ? undefined : narrowedType(path, scope)) ?? type;
    }
    case "list":
      return inferList(expression, scope, checker);
    case "list-for":
      return inferListFor(expression, scope, checker);
    case "record":
      return inferRecord(expression, scope, checker);
    case "record-for":
      return inferRecordFor(expression, scope, checker);
    case "unary":
      return inferUnary(expression, scope, checker);
    case "binary":
      return inferBinary(expression, scope, checker);
    case "member":
      return inferMember(expression, scope, checker);
    case "index":
      return inferIndex(expression, scope, checker);
    case "call":
      return inferCall(expression, scope, checker);
    case "if":
      return inferIf(expression, scope, checker);
    case "match":
      return inferMatch(expression, scope, checker);
  }
}

function inferIf(expression: IfExpression, scope: Scope, checker: Checker): Type {
  checker.expect(expression.condition, boolType, scope, "`if`");
  return joinTypes(
    checker.infer(expression.then, scopeWhere(expression.condition, true, scope, checker)),
    checker.infer(expression.else, scopeWhere(expression.condition, false, scope, checker)),
  );
}

function inferMatch(expression: MatchExpression, scope: Scope, checker: Checker): Type {
  const patterns = expression.arms.map((arm) => arm.pattern);
  const scopes = enterMatch(expression.subject, patterns, expression.span, scope, checker);
  return joinAll(expression.arms.map((arm, index) => checker.infer(arm.value, scopes[index] ?? scope)));
}
