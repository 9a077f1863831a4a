import type { Declaration, Field, FileNode, Group, Input, Item, Output, ResourceDeclaration } from "../grammar/ast.ts";
import { qualifiedKind } from "./resolve-type.ts";
import type { Module, Program } from "./program.ts";

/** A resource of the person's own: a `resource` statement, a used file as a whole, a stack or a layer. */
export interface OwnResource {
  /** Qualified, as in `apache.vhost`; of a layer, `shop.web`. */
  readonly kind: string;
  readonly module: Module;
  readonly node: FileNode | Group | ResourceDeclaration;
  readonly title: Field | undefined;
  readonly inputs: ReadonlyMap<string, Input>;
  readonly outputs: ReadonlyMap<string, Output>;
  readonly items: readonly Item[];
  /** Every declaration in its body, however deep in blocks. */
  readonly declarations: readonly Declaration[];
  /** Its body reads something on the target. */
  readonly observes: boolean;
  /** The events of the life cycle for which its body has blocks. */
  readonly events: readonly string[];
  /** Stacks of the root file, or layers of a stack, by name. */
  readonly groups: ReadonlyMap<string, OwnResource>;
  /** What a stack or layer stands in: its names are seen inside. */
  readonly outer: OwnResource | undefined;
}

/** The resources of the person's own that a program defines. */
export interface OwnResources {
  /** The root file; its inputs come from outside, and nothing declares it. */
  readonly root: OwnResource;
  /** All others by their qualified kind; a file's own resource has the file's name. */
  readonly all: ReadonlyMap<string, OwnResource>;
}

/** Finds all resources that a program defines. */
export function ownResources(program: Pick<Program, "modules" | "root">): OwnResources {
  const all = new Map<string, OwnResource>();
  const root = describe(program.root.name, program.root, program.root.ast, undefined, program.root.ast.items);
  for (const module of program.modules) {
    if (!module.isRoot) all.set(module.name, describe(module.name, module, module.ast, undefined, module.ast.items));
    for (const [name, node] of module.resources) {
      const kind = qualifiedKind(module, name);
      all.set(kind, describe(kind, module, node, node.title, node.body.items));
    }
  }
  for (const stack of root.groups.values()) {
    all.set(stack.kind, stack);
    for (const layer of stack.groups.values()) all.set(layer.kind, layer);
  }
  return { root, all };
}

function describe(
  kind: string,
  module: Module,
  node: FileNode | Group | ResourceDeclaration,
  title: Field | undefined,
  items: readonly Item[],
  outer?: OwnResource,
): OwnResource {
  const inputs = new Map<string, Input>();
  const outputs = new Map<string, Output>();
  for (const item of items) {
    if (item.type === "input" && !inputs.has(item.field.name.text)) inputs.set(item.field.name.text, item);
    else if (item.type === "output" && !outputs.has(item.field.name.text)) outputs.set(item.field.name.text, item);
  }
  const found: Found = { declarations: [], events: [], observes: false };
  search(items, found);
  const groups = new Map<string, OwnResource>();
  const resource = { kind, module, node, title, inputs, outputs, items, ...found, groups, outer };
  addGroups(resource, groups);
  return resource;
}

/** Finds the stacks of the root file, and the layers of a stack; elsewhere they have no place, which the checker says. */
function addGroups(outer: OwnResource, groups: Map<string, OwnResource>): void {
  const { kind, module, node, items } = outer;
  const allowed = node.type === "stack" ? "layer" : node.type === "file" && module.isRoot ? "stack" : undefined;
  for (const item of items) {
    if (item.type !== allowed || groups.has(item.name.text)) continue;
    const name = item.type === "layer" ? `${kind}.${item.name.text}` : item.name.text;
    groups.set(item.name.text, describe(name, module, item, undefined, item.body.items, outer));
  }
}

interface Found {
  readonly declarations: Declaration[];
  readonly events: string[];
  observes: boolean;
}

/** Every declaration among the items, however deep in blocks. */
export function declarationsIn(items: readonly Item[]): readonly Declaration[] {
  const found: Found = { declarations: [], events: [], observes: false };
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
      case "on":
        found.events.push(...item.events.map(({ text }) => text));
        search(item.body.items, found);
        break;
      default:
        break;
    }
  }
}
