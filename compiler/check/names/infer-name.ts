import type { Expression, MemberExpression, NameExpression } from "../../../grammar/ast.ts";
import { foreignWords } from "../../../grammar/foreign-words.ts";
import { hostType } from "../../host-type.ts";
import type { Type } from "../../kind/type.ts";
import { diagnostic } from "../../messages.ts";
import { suggest } from "../../suggest.ts";
import type { Checker } from "../checker.ts";
import { entityOf, memberNames, type Entity } from "./entity.ts";
import { resourceType } from "../types/resource-type.ts";
import { namesIn, type Scope, type ValueBinding } from "./name-scope.ts";
import { unknownType } from "../types/types.ts";

/** The type of a plain name; `hint` goes with the message that it means nothing. */
export function inferName(expression: NameExpression, scope: Scope, checker: Checker, hint?: string): Type {
  const entity = entityOf(expression, scope, checker);
  if (entity) return inferEntity(entity, expression, expression.name, checker);
  const suggestion = suggestName(expression.name, scope, checker);
  const form = foreignWords.get(expression.name)?.value;
  checker.report(diagnostic("T120", expression.span, { name: expression.name, suggestion, hint, form }));
  return unknownType;
}

/** Nobody reads the hundredth message of a kind; the search among thousands of names is spared then. */
const suggestedFor = 100;

/** The name that was probably meant, of those visible here. */
export function suggestName(written: string, scope: Scope, checker: Checker): string | undefined {
  if (checker.reported() > suggestedFor) return undefined;
  return suggest(written, [...namesIn(scope), ...checker.functions.keys(), "host", "template"]);
}

/** The type of `module.name`, when the object is a used file or `std`; undefined when it is a value. */
export function inferQualified(expression: MemberExpression, scope: Scope, checker: Checker): Type | undefined {
  const object = entityOf(expression.object, scope, checker);
  if (object?.type !== "module" && object?.type !== "std") return undefined;
  const name = expression.object.type === "name" ? expression.object.name : "std";
  const entity = entityOf(expression, scope, checker);
  if (entity) return inferEntity(entity, expression, `${name}.${expression.name.text}`, checker);
  const known = object.type === "std" ? [...checker.functions.keys(), "host"] : memberNames(object.module, checker);
  const suggestion = suggest(expression.name.text, known);
  const data = { member: expression.name.text, of: `\`${name}\``, known, suggestion };
  checker.report(diagnostic("T137", expression.name.span, data));
  return unknownType;
}

/** The type of what a name means when it stands as a value. */
function inferEntity(entity: Entity, expression: Expression, name: string, checker: Checker): Type {
  const notValue = (what: "file" | "function" | "kind" | "resource" | "std"): Type => {
    checker.report(diagnostic("T148", expression.span, { name, what }));
    return unknownType;
  };
  switch (entity.type) {
    case "value":
      return useValue(entity.binding, checker);
    case "host":
      return hostType;
    case "own":
      return entity.resource.title ? notValue("resource") : resourceType(entity.resource.kind);
    case "module": {
      const resource = checker.resources.get(entity.module.name);
      return resource && resource.inputs.size + resource.declarations.length > 0
        ? resourceType(resource.kind)
        : entity.module.unavailable
          ? unknownType
          : notValue("file");
    }
    case "kind":
      return notValue("kind");
    case "function":
    case "builtin":
    case "ordered":
    case "template":
      return notValue("function");
    case "std":
      return notValue("std");
    case "planned":
      checker.report(diagnostic("N001", expression.span, { what: entity.what }));
      return unknownType;
    case "unknown":
      return unknownType;
  }
}

/** The type of a value that is used here, with a note of what it depends on. */
export function useValue(binding: ValueBinding, checker: Checker): Type {
  checker.use(binding);
  binding.settle();
  // What has not been looked at may be anything.
  if (!binding.settled()) checker.trace.given = true;
  if (binding.observed) checker.trace.observed = true;
  if (binding.given) checker.trace.given = true;
  return binding.valueType();
}
