import type { Expression, FunctionDeclaration, MemberExpression, Name, QualifiedName } from "../../../grammar/ast.ts";
import type { BuiltinFunction } from "../../builtin-function.ts";
import type { OwnResource } from "../../own-resource.ts";
import { builtinFunctions } from "../../functions/table.ts";
import type { Kind } from "../../kind/kind.ts";
import type { Module } from "../../program.ts";
import { qualifiedKind } from "../../resolve-type.ts";
import { laterFunctions } from "../not-yet.ts";
import type { Scope } from "./scope.ts";
import type { Thunk } from "./thunk.ts";

/** The kinds that names can mean: those of the program's own, and built-in ones. */
export interface Definitions {
  readonly definitions: ReadonlyMap<string, OwnResource>;
  readonly kinds: ReadonlyMap<string, Kind>;
}

/** What a name can mean. */
export type Named =
  | { readonly type: "builtin"; readonly builtin: BuiltinFunction }
  | { readonly type: "file"; readonly module: Module; readonly definition: OwnResource | undefined }
  | { readonly type: "function"; readonly declaration: FunctionDeclaration; readonly module: Module }
  | { readonly type: "host" | "ordered" | "std" | "template" }
  | { readonly type: "kind"; readonly kind: Kind }
  | { readonly type: "later" }
  | { readonly type: "own"; readonly definition: OwnResource }
  | { readonly type: "value"; readonly thunk: Thunk };

/** What a name means in a scope: the innermost value, then what its file declares or uses, then what the language has. */
export function lookup(name: string, scope: Scope, from: Definitions): Named | undefined {
  const thunk = scope.lookup(name);
  if (thunk) return { type: "value", thunk };
  return declaredName(name, scope.module, from) ?? builtinName(name, from);
}

function declaredName(name: string, module: Module, from: Definitions): Named | undefined {
  const declaration = module.functions.get(name);
  if (declaration) return { type: "function", declaration, module };
  const own = ownNamed(name, module, from);
  if (own) return { type: "own", definition: own };
  const used = module.uses.get(name)?.module;
  return used && { type: "file", module: used, definition: from.definitions.get(used.name) };
}

function ownNamed(name: string, module: Module, from: Definitions): OwnResource | undefined {
  return module.resources.has(name) ? from.definitions.get(qualifiedKind(module, name)) : undefined;
}

function builtinName(name: string, from: Definitions): Named | undefined {
  if (name === "host" || name === "ordered" || name === "std" || name === "template") return { type: name };
  const builtin = builtinFunctions.get(name);
  if (builtin) return { type: "builtin", builtin };
  const kind = from.kinds.get(name);
  if (kind) return { type: "kind", kind };
  return laterFunctions.has(name) ? { type: "later" } : undefined;
}

/** What a name or a name behind a file's name or `std` means; undefined for what is no such name. */
export function lookupPath(expression: Expression, scope: Scope, from: Definitions): Named | undefined {
  if (expression.type === "name") return lookup(expression.name, scope, from);
  return expression.type === "member" ? lookupMember(expression, scope, from) : undefined;
}

function lookupMember({ object, name }: MemberExpression, scope: Scope, from: Definitions): Named | undefined {
  if (object.type !== "name") return undefined;
  const outer = lookup(object.name, scope, from);
  if (outer?.type === "std") return builtinName(name.text, from);
  if (outer?.type !== "file") return undefined;
  const declaration = outer.module.functions.get(name.text);
  if (declaration) return { type: "function", declaration, module: outer.module };
  const definition = ownNamed(name.text, outer.module, from);
  return definition && { type: "own", definition };
}

/** A kind of resource: built in, or of the person's own. */
export type KindNamed = { readonly kind: Kind } | { readonly definition: OwnResource };

/** What the head of a declaration means. */
export function lookupKind(name: QualifiedName, module: Module, from: Definitions): KindNamed | undefined {
  const [first, second, third] = name.parts.map((part: Name) => part.text);
  if (first === undefined || third !== undefined) return undefined;
  const used = module.uses.get(first)?.module;
  if (second === undefined) {
    const definition = ownNamed(first, module, from) ?? (used && from.definitions.get(used.name));
    if (definition) return { definition };
    const kind = from.kinds.get(first);
    return kind && { kind };
  }
  if (used) {
    const definition = ownNamed(second, used, from);
    return definition && { definition };
  }
  const kind = first === "std" ? from.kinds.get(second) : undefined;
  return kind && { kind };
}
