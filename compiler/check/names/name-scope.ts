import type { FunctionDeclaration } from "../../../grammar/ast.ts";
import type { Span } from "../../../grammar/source.ts";
import type { Type } from "../../kind/type.ts";
import type { Module } from "../../program.ts";
import type { OwnResource } from "../../own-resource.ts";

/** A name with a value: a let, an input, a title, a loop's name … */
export interface ValueBinding {
  readonly type: "value";
  readonly name: string;
  /** With its article, as messages call it: "an input". */
  readonly what: string;
  readonly span: Span;
  /** The declared type, or the inferred one; computed on first use. */
  readonly valueType: () => Type;
  /** Checks the value once; afterwards `observed` is right. */
  readonly settle: () => void;
  /** Whether the value has been checked. */
  readonly settled: () => boolean;
  /** Made, directly or indirectly, from what is read on the target. */
  observed: boolean;
  /** Given by a caller, who may give something observed. */
  given: boolean;
}

/** A function of the recipe. */
export interface FunctionBinding {
  readonly type: "function";
  readonly name: string;
  readonly declaration: FunctionDeclaration;
  readonly module: Module;
}

/** A resource of the recipe, or a used file. */
export interface ResourceBinding {
  readonly type: "resource";
  readonly name: string;
  readonly resource: OwnResource;
}

export interface ModuleBinding {
  readonly type: "module";
  readonly name: string;
  readonly module: Module;
}

/** What a name means. */
export type Binding = ValueBinding | FunctionBinding | ResourceBinding | ModuleBinding;

/** The names that are visible in one place. */
export interface Scope {
  readonly module: Module;
  readonly parent: Scope | undefined;
  readonly names: ReadonlyMap<string, Binding>;
  /** Types that a condition around this place has made narrower, by path. */
  readonly narrowed: ReadonlyMap<string, Type> | undefined;
  /** Whether any scope from here outwards narrows. */
  readonly narrows: boolean;
  /** What stands here exists only if an observed value says so. */
  readonly underObserved: boolean;
}

/** The scope of a file without names yet. */
export function rootScope(module: Module, names: ReadonlyMap<string, Binding>): Scope {
  return { module, parent: undefined, names, narrowed: undefined, narrows: false, underObserved: false };
}

/** A scope inside another with names of its own. */
export function innerScope(parent: Scope, names: ReadonlyMap<string, Binding>): Scope {
  return { ...parent, parent, names, narrowed: undefined };
}

const noNames: ReadonlyMap<string, Binding> = new Map();

/** The same names, some of a narrower type. */
export function narrowedScope(parent: Scope, narrowed: ReadonlyMap<string, Type>): Scope {
  return narrowed.size === 0 ? parent : { ...parent, parent, names: noNames, narrowed, narrows: true };
}

/** The same names, in a place that an observed value decides about. */
export function observedScope(parent: Scope): Scope {
  return { ...parent, parent, names: noNames, narrowed: undefined, underObserved: true };
}

/** What a name means here; undefined when only the language itself may know it. */
export function lookUp(name: string, scope: Scope): Binding | undefined {
  for (let at: Scope | undefined = scope; at; at = at.parent) {
    const binding = at.names.get(name);
    if (binding) return binding;
  }
  return undefined;
}

/** All names that are visible here, innermost first. */
export function namesIn(scope: Scope): readonly string[] {
  const all: string[] = [];
  for (let at: Scope | undefined = scope; at; at = at.parent) all.push(...at.names.keys());
  return all;
}

/** The narrower type a path has here, if a condition gave it one. */
export function narrowedType(path: string, scope: Scope): Type | undefined {
  for (let at: Scope | undefined = scope; at?.narrows; at = at.parent) {
    const type = at.narrowed?.get(path);
    if (type) return type;
  }
  return undefined;
}
