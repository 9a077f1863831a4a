import type { BuiltinParameter } from "../builtin-function.ts";
import type { Type } from "../kind/type.ts";

/** Any type at all. */
export const anything: Type = { type: "unknown" };
/** True or false. */
export const bool: Type = { type: "bool" };
/** A whole number. */
export const int: Type = { type: "int" };
/** Text. */
export const string: Type = { type: "string" };
/** Values with a text of their own, as a hole in a string accepts them. */
export const scalar: Type = {
  type: "union",
  members: [string, int, bool, { type: "mode" }, { type: "size" }, { type: "duration" }],
};
/** Values that have an order: numbers of all sorts. */
export const quantity: Type = { type: "union", members: [int, { type: "size" }, { type: "duration" }] };

/** A list of one type; sets are lists too. */
export function listOf(of: Type): Type {
  return { type: "list", of };
}

/** A map from text to one type. */
export function mapOf(of: Type): Type {
  return { type: "map", of };
}

/** A type whose value may be none. */
export function optional(of: Type): Type {
  return { type: "optional", of };
}

/** A parameter that must be given. */
export function parameter(name: string, type: Type): BuiltinParameter {
  return { name, type };
}

/** What a list, set or map holds; unknown for other types. */
export function elementOf(type: Type | undefined): Type {
  if (type === undefined) return anything;
  if (type.type === "list" || type.type === "set" || type.type === "map") return type.of;
  if (type.type === "record") {
    const [first, ...others] = Object.values(type.fields).map((field) => field.type);
    return first !== undefined && others.every((other) => JSON.stringify(other) === JSON.stringify(first))
      ? first
      : anything;
  }
  return anything;
}
