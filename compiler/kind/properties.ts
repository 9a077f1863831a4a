import type { Property } from "./kind.ts";
import type { Type } from "./type.ts";
import type { Value } from "./value.ts";

/** What every property declaration may add to its type. */
export type PropertyOptions = Omit<Property, "type" | "default"> & { readonly default?: Value };

function property(type: Type, options: PropertyOptions): Property {
  return { type, ...options };
}

/** Yes or no. */
export const bool = (options: PropertyOptions): Property => property({ type: "bool" }, options);

/** A command for the target's shell, `sh"…"`. */
export const command = (options: PropertyOptions): Property =>
  property({ type: "command" }, { role: "control", ...options });

/** A length of time. */
export const duration = (options: PropertyOptions): Property => property({ type: "duration" }, options);

/** A whole number, within inclusive limits when given. */
export const int = (options: PropertyOptions, range?: { readonly min?: number; readonly max?: number }): Property =>
  property(range ? { type: "int", range } : { type: "int" }, options);

/** Values of one type in a given order. */
export const list = (of: Type, options: PropertyOptions): Property => property({ type: "list", of }, options);

/** Values by name. */
export const map = (of: Type, options: PropertyOptions): Property => property({ type: "map", of }, options);

/** Permission bits, `0644`. */
export const mode = (options: PropertyOptions): Property => property({ type: "mode" }, options);

/** One of a few words. */
export const oneOf =
  (...values: readonly string[]) =>
  (options: PropertyOptions): Property =>
    property({ type: "literals", values }, options);

/** An absolute path on the target. */
export const path = (options: PropertyOptions): Property => property({ type: "string", refinement: "path" }, options);

/** Values of one type without order or repeats; declarations of the same resource join theirs. */
export const set = (of: Type, options: PropertyOptions): Property => property({ type: "set", of }, options);

/** Text; with a pattern the whole text must match. */
export const text = (options: PropertyOptions, pattern?: string): Property =>
  property(pattern === undefined ? { type: "string" } : { type: "string", pattern }, options);

/** A property of any type of the language. */
export const typed = (type: Type, options: PropertyOptions): Property => property(type, options);
