import type { Expression } from "../../../grammar/ast.ts";
import type { BuiltinFunction } from "../../builtin-function.ts";
import { laterFunctions } from "../../evaluate/not-yet.ts";
import type { Kind } from "../../kind/kind.ts";
import type { Module } from "../../program.ts";
import { mayDeclare } from "../../resolve-type.ts";
import type { Checker } from "../checker.ts";
import { isMeantToBeUsed } from "./heads.ts";
import type { OwnResource } from "../../own-resource.ts";
import { plannedKinds } from "./planned.ts";
import { lookUp, type FunctionBinding, type Scope, type ValueBinding } from "./name-scope.ts";

/** What a plain or dotted name means, before anything is done with it. */
export type Entity =
  | { readonly type: "value"; readonly binding: ValueBinding }
  | { readonly type: "function"; readonly binding: FunctionBinding }
  | { readonly type: "builtin"; readonly builtin: BuiltinFunction }
  | { readonly type: "host" }
  | { readonly type: "std" }
  | { readonly type: "ordered" }
  | { readonly type: "template" }
  | { readonly type: "unknown" }
  | { readonly type: "kind"; readonly kind: Kind }
  | { readonly type: "own"; readonly resource: OwnResource }
  | { readonly type: "module"; readonly module: Module }
  /** Part of the language's design, and not carried out yet. */
  | { readonly type: "planned"; readonly what: string };

const unknownEntity: Entity = { type: "unknown" };

/** What a name or `module.name` means; undefined when the expression is something else or the name means nothing. */
export function entityOf(expression: Expression, scope: Scope, checker: Checker): Entity | undefined {
  if (expression.type === "name") return namedEntity(expression.name, scope, checker);
  if (expression.type !== "member" || expression.object.type !== "name") return undefined;
  const object = namedEntity(expression.object.name, scope, checker);
  if (object?.type === "std") return builtinEntity(expression.name.text, checker);
  return object?.type === "module" ? memberEntity(object.module, expression.name.text, checker) : undefined;
}

function namedEntity(name: string, scope: Scope, checker: Checker): Entity | undefined {
  const binding = lookUp(name, scope);
  switch (binding?.type) {
    case undefined:
      return builtinEntity(name, checker) ?? brokenName(name, scope.module, checker);
    case "value":
      return { type: "value", binding };
    case "function":
      return { type: "function", binding };
    case "resource":
      return { type: "own", resource: binding.resource };
    case "module":
      return { type: "module", module: binding.module };
  }
}

function builtinEntity(name: string, checker: Checker): Entity | undefined {
  if (name === "host") return { type: "host" };
  if (name === "std") return { type: "std" };
  if (name === "template") return { type: "template" };
  if (name === "ordered") return { type: "ordered" };
  const builtin = checker.functions.get(name);
  if (builtin) return { type: "builtin", builtin };
  const kind = checker.program.kinds.get(name);
  if (kind) return { type: "kind", kind };
  if (laterFunctions.has(name)) return { type: "planned", what: `${name}(…)` };
  return plannedKinds.has(name) ? { type: "planned", what: `the kind \`${name}\`` } : undefined;
}

function brokenName(name: string, module: Module, checker: Checker): Entity | undefined {
  const broken = mayDeclare(module, "let|input|output|observe|fn|resource|use|for|as|,", name);
  return broken || isMeantToBeUsed(name, module, checker) ? unknownEntity : undefined;
}

/** What a used file's name has under a dot: what its top level declares. */
function memberEntity(module: Module, name: string, checker: Checker): Entity | undefined {
  if (module.unavailable) return unknownEntity;
  const output = outputOf(module, name, checker);
  if (output) return { type: "value", binding: output };
  const binding = checker.sharedScope(module).names.get(name);
  switch (binding?.type) {
    case "function":
      return { type: "function", binding };
    case "resource":
      return { type: "own", resource: binding.resource };
    default:
      return brokenName(name, module, checker);
  }
}

function outputOf(module: Module, name: string, checker: Checker): ValueBinding | undefined {
  const resource = checker.resources.get(module.name);
  if (!resource?.outputs.has(name) || resource.node !== module.ast) return undefined;
  const binding = checker.bodyScope(resource).names.get(name);
  return binding?.type === "value" ? binding : undefined;
}

/** The names a used file offers under a dot, for suggestions. */
export function memberNames(module: Module, checker: Checker): readonly string[] {
  const shared = [...checker.sharedScope(module).names].filter(
    ([, binding]) => binding.type === "function" || binding.type === "resource",
  );
  return [...shared.map(([name]) => name), ...(checker.resources.get(module.name)?.outputs.keys() ?? [])];
}
