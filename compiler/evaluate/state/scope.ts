import type { Block, Input, Item, Let, Observe, Output } from "../../../grammar/ast.ts";
import type { Module } from "../../program.ts";
import type { Thunk } from "./thunk.ts";

/** A statement that gives a name a value. */
export type Naming = Input | Let | Observe | Output;

/** Makes the thunk of a name when it is first asked for. */
export type Bind = (naming: Naming, scope: Scope) => Thunk;

const noNames: ReadonlyMap<string, Naming> = new Map();
const tables = new WeakMap<readonly Item[], ReadonlyMap<string, Naming>>();

/** The names that the statements of a block declare; all of them are visible throughout it. */
export function namesOf(block: Block | { readonly items: readonly Item[] }): ReadonlyMap<string, Naming> {
  const known = tables.get(block.items);
  if (known) return known;
  let names: Map<string, Naming> | undefined;
  for (const item of block.items) {
    if (item.type !== "input" && item.type !== "let" && item.type !== "observe" && item.type !== "output") continue;
    const name = item.type === "let" ? item.name.text : item.field.name.text;
    names ??= new Map();
    if (!names.has(name)) names.set(name, item);
  }
  const result = names ?? noNames;
  tables.set(block.items, result);
  return result;
}

/** Names and their values at one place of the text; what is not found here is looked for in `parent`. */
export class Scope {
  readonly parent: Scope | undefined;
  readonly module: Module;
  /** Tells the scopes of equal blocks apart: the number of a loop's turn, the id of a resource. */
  readonly label: string;
  private readonly made = new Map<string, Thunk>();
  private readonly declared: ReadonlyMap<string, Naming>;
  private readonly bind: Bind | undefined;

  constructor(
    parent: Scope | undefined,
    module: Module,
    label: string,
    declared: ReadonlyMap<string, Naming> = noNames,
    bind?: Bind,
  ) {
    this.parent = parent;
    this.module = module;
    this.label = label;
    this.declared = declared;
    this.bind = bind;
  }

  /** Gives a name a value in this very scope. */
  define(name: string, thunk: Thunk): void {
    this.made.set(name, thunk);
  }

  /** The value of a name: the innermost one. */
  lookup(name: string): Thunk | undefined {
    let found = this.own(name);
    for (let scope = this.parent; !found && scope; scope = scope.parent) found = scope.own(name);
    return found;
  }

  /** The value of a name of this very scope. */
  own(name: string): Thunk | undefined {
    const made = this.made.get(name);
    if (made) return made;
    const naming = this.declared.get(name);
    if (!naming || !this.bind) return undefined;
    const thunk = this.bind(naming, this);
    this.made.set(name, thunk);
    return thunk;
  }

  /** All names that can be seen here, the innermost first. */
  names(): readonly string[] {
    const outer = this.parent?.names() ?? [];
    return [...new Set([...this.made.keys(), ...this.declared.keys(), ...outer])];
  }

  /** A text that tells this scope from every other one of the evaluation. */
  path(): string {
    return this.parent ? `${this.parent.path()}/${this.label}` : this.label;
  }
}
