import type { Declaration, Field, FileNode, Input, Item, Output, ResourceDeclaration } from "../grammar/ast.ts";
import { qualifiedKind } from "./resolve-type.ts";
import type { Module, Program } from "./program.ts";

/** A resource of the person's own: a `resource` statement, or a used file as a whole. */
export interface OwnResource {
  /** Qualified, as in `apache.vhost`. */
  readonly kind: string;
  readonly module: Module;
  readonly node: ResourceDeclaration | FileNode;
  readonly title: Field | undefined;
  readonly inputs: ReadonlyMap<string, Input>;
  readonly outputs: ReadonlyMap<string, Output>;
  readonly items: readonly Item[];
  /** Every declaration in its body, however deep in blocks. */
  readonly declarations: readonly Declaration[];
  /** Its body reads something on the target. */
  readonly observes: boolean;
}

/** All resources of a program by their qualified kind; a file's own resource has the file's name. */
export function ownResources(program: Program): ReadonlyMap<string, OwnResource> {
  const all = new Map<string, OwnResource>();
  for (const module of program.modules) {
    if (!module.isRoot) all.set(module.name, describe(module.name, module, module.ast, undefined, module.ast.items));
    for (const [name, node] of module.resources) {
      const kind = qualifiedKind(module, name);
      all.set(kind, describe(kind, module, node, node.title, node.body.items));
    }
  }
  return all;
}

/** The root file as a resource; its inputs come from outside, and nothing declares it. */
export function rootResource(module: Module): OwnResource {
  return describe(module.name, module, module.ast, undefined, module.ast.items);
}

function describe(
  kind: string,
  module: Module,
  node: ResourceDeclaration | FileNode,
  title: Field | undefined,
  items: readonly Item[],
): OwnResource {
  const inputs = new Map<string, Input>();
  const outputs = new Map<string, Output>();
  for (const item of items) {
    if (item.type === "input" && !inputs.has(item.field.name.text)) inputs.set(item.field.name.text, item);
    else if (item.type === "output" && !outputs.has(item.field.name.text)) outputs.set(item.field.name.text, item);
  }
  const found: Found = { declarations: [], observes: false };
  search(items, found);
  return { kind, module, node, title, inputs, outputs, items, ...found };
}

interface Found {
  readonly declarations: Declaration[];
  observes: boolean;
}

/** Every declaration among the items, however deep in blocks. */
export function declarationsIn(items: readonly Item[]): readonly Declaration[] {
  const found: Found = { declarations: [], observes: false };
  search(items, found);
  return found.declarations;
}

function search(items: readonly Item[], found: Found): void {
  for (const item of items) {
    switch (item.type) {
      case "declaration":
        found.declarations.push(item);
        break;
      case "observe":
        found.observes = true;
        break;
      case "if-statement":
        search(item.then.items, found);
        if (item.else) search("items" in item.else ? item.else.items : [item.else], found);
        break;
      case "for-statement":
        search(item.body.items, found);
        break;
      case "match-statement":
        for (const arm of item.arms) search(arm.body.items, found);
        break;
      default:
        break;
    }
  }
}
