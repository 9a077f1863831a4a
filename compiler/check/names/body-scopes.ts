import type { Expression, Field, Input, Item, Let, Name, Observe, Output, TypeNode } from "../../../grammar/ast.ts";
import type { Type } from "../../kind/type.ts";
import { diagnostic } from "../../messages.ts";
import type { Module } from "../../program.ts";
import { qualifiedKind, resolveType } from "../../resolve-type.ts";
import type { Checker } from "../checker.ts";
import { whyNotAssignable, unfitDiagnostic } from "../types/assignability.ts";
import type { OwnResource } from "../../own-resource.ts";
import { innerScope, rootScope, type Binding, type Scope, type ValueBinding } from "./name-scope.ts";
import { reportShadowing } from "./shadowing.ts";
import { refuseSecretWords } from "../expressions/infer-text.ts";
import { quotedType } from "../types/quoted-type.ts";
import { commandType, stringType } from "../types/types.ts";
import { lazyValue } from "./value-binding.ts";

/** A written type without its mistakes, which are reported where it stands. */
export function silently(node: TypeNode, module: Module): Type {
  return resolveType(node, module, () => {});
}

/** What the resources and functions of a file see of it. */
export function buildSharedScope(module: Module, checker: Checker): Scope {
  const names = new Map<string, Binding>();
  for (const [name, { module: used }] of module.uses) names.set(name, { type: "module", name, module: used });
  for (const [name, declaration] of module.functions) names.set(name, { type: "function", name, declaration, module });
  for (const [name, node] of module.resources) {
    const resource = checker.resources.get(qualifiedKind(module, name));
    if (resource?.node === node) names.set(name, { type: "resource", name, resource });
  }
  // A let of the file may use the file's inputs, although those who see the let do not see them.
  for (const [name, item] of module.lets) {
    names.set(
      name,
      letBinding(item, () => checker.bodyScope(checker.fileResource(module)), checker),
    );
  }
  return rootScope(module, names);
}

/** The scope inside a resource's body, or of a file as a whole. */
export function buildBodyScope(resource: OwnResource, checker: Checker): Scope {
  const { outer } = resource;
  const shared = outer ? checker.bodyScope(outer) : checker.sharedScope(resource.module);
  const names = new Map<string, Binding>();
  const scope = innerScope(shared, names);
  const isFile = resource.node.type === "file";
  const add = (name: Name, binding: ValueBinding): void => {
    if (!isFile) reportShadowing(name, binding.what, names, shared, checker);
    if (!names.has(name.text)) names.set(name.text, binding);
  };
  for (const [name, group] of resource.groups) {
    if (group.node.type === "layer") reportShadowing(group.node.name, "a layer", names, shared, checker);
    names.set(name, { type: "resource", name, resource: group });
  }
  if (resource.title) add(resource.title.name, titleBinding(resource.title, resource.module, checker));
  for (const item of resource.items) {
    // The lets of a file are in the shared scope already.
    if (isFile && item.type === "let") continue;
    const binding = bindingOf(item, scope, resource, checker);
    if (binding) add(binding.name, binding.value);
  }
  return scope;
}

interface Named {
  readonly name: Name;
  readonly value: ValueBinding;
}

function bindingOf(item: Item, scope: Scope, resource: OwnResource, checker: Checker): Named | undefined {
  switch (item.type) {
    case "let":
      return { name: item.name, value: letBinding(item, () => scope, checker) };
    case "observe":
      return { name: item.field.name, value: observeBinding(item, scope, checker) };
    case "input": {
      const given = resource.node.type === "resource" || (resource.node.type === "file" && !resource.module.isRoot);
      return { name: item.field.name, value: fieldBinding(item, "an input", given, scope, checker) };
    }
    case "output":
      return { name: item.field.name, value: fieldBinding(item, "an output", false, scope, checker) };
    default:
      return undefined;
  }
}

/** The scope of a block inside a body, with the lets and observes of the block. */
export function blockScope(items: readonly Item[], parent: Scope, checker: Checker): Scope {
  const names = new Map<string, Binding>();
  const scope = innerScope(parent, names);
  for (const item of items) {
    if (item.type !== "let" && item.type !== "observe") continue;
    const name = item.type === "let" ? item.name : item.field.name;
    const value = item.type === "let" ? letBinding(item, () => scope, checker) : observeBinding(item, scope, checker);
    reportShadowing(name, value.what, names, parent, checker);
    if (!names.has(name.text)) names.set(name.text, value);
  }
  return scope;
}

function titleBinding(field: Field, module: Module, checker: Checker): ValueBinding {
  const type = (): Type => silently(field.valueType, module);
  return lazyValue({ name: field.name, what: "the title", declared: type, check: type, given: true }, checker);
}

function letBinding(item: Let, scope: () => Scope, checker: Checker): ValueBinding {
  const { name, value, valueType } = item;
  if (!valueType) {
    return lazyValue({ name, what: "a let", check: () => checker.infer(value, scope()), given: false }, checker);
  }
  const declared = (): Type => silently(valueType, scope().module);
  const check = (): Type => {
    checker.expect(value, declared(), scope(), `\`${name.text}\``);
    return declared();
  };
  return lazyValue({ name, what: "a let", declared, check, given: false }, checker);
}

function fieldBinding(
  item: Input | Output,
  what: string,
  given: boolean,
  scope: Scope,
  checker: Checker,
): ValueBinding {
  const { name, valueType, default: value } = item.field;
  const declared = (): Type => silently(valueType, scope.module);
  const check = (): Type => {
    if (value) checker.expect(value, declared(), scope, `\`${name.text}\``);
    return declared();
  };
  return lazyValue({ name, what, declared, check, given }, checker);
}

const asked: Type = { type: "union", members: [commandType, { type: "list", of: stringType }] };

function observeBinding(item: Observe, scope: Scope, checker: Checker): ValueBinding {
  const { name, valueType, default: value } = item.field;
  const declared = (): Type => silently(valueType, scope.module);
  const check = (): Type => {
    if (value) checkAsked(item, value, scope, checker);
    return declared();
  };
  const binding = lazyValue({ name, what: "an observe", declared, check, given: false }, checker);
  binding.observed = true;
  return binding;
}

/** The command of an observe: nothing in it may have been observed itself. */
function checkAsked(item: Observe, value: Expression, scope: Scope, checker: Checker): void {
  const { name } = item.field;
  if (value.type === "list" || value.type === "list-for") {
    checker.expect(value, { type: "list", of: stringType }, scope, `\`${name.text}\``);
    refuseSecretWords(value, scope, checker);
  } else {
    const type = checker.infer(value, scope);
    const unfit = whyNotAssignable(type, asked);
    if (unfit) checker.report(unfitDiagnostic(value.span, type, asked, unfit, `\`${name.text}\``));
  }
  if (checker.trace.observed) {
    checker.report(diagnostic("R112", value.span, { name: name.text, how: "depends" }));
  }
}

/** Whether what a command prints can be read as this type. */
export function isReadable(type: Type): boolean {
  switch (type.type) {
    case "optional":
      return isReadable(type.of);
    case "bool":
    case "literals":
    case "record":
    case "string":
    case "unknown":
      return true;
    case "list":
    case "set":
      return type.of.type === "string" || type.of.type === "literals" || type.of.type === "unknown";
    default:
      return false;
  }
}

/** Says what cannot be read as the declared type. */
export function checkReadable(item: Observe, type: Type, checker: Checker): void {
  if (isReadable(type)) return;
  checker.report(diagnostic("R116", item.field.valueType.span, { type: quotedType(type) }));
}
