import type { FieldType, Type } from "../../kind/type.ts";
import { bothKnown, knownType } from "./known-values.ts";
import { bounded } from "./type-size.ts";
import { nothingType } from "./types.ts";

/** The narrowest type that values of both types have. */
export function joinTypes(one: Type, other: Type): Type {
  if (one === other) return one;
  if (one.type === "unknown" || isNothing(other)) return one;
  if (other.type === "unknown" || isNothing(one)) return other;
  if (one.type === "none") return optionalOf(other);
  if (other.type === "none") return optionalOf(one);
  if (one.type === "optional" || other.type === "optional") {
    return optionalOf(joinTypes(withoutNone(one), withoutNone(other)));
  }
  if (one.type === "secret" || other.type === "secret") {
    return { type: "secret", of: joinTypes(withoutSecret(one), withoutSecret(other)) };
  }
  return bounded(joinPlain(one, other));
}

function joinPlain(one: Type, other: Type): Type {
  if (isText(one) && isText(other)) return joinTexts(one, other);
  if (one.type === "int" && other.type === "int") {
    const known = bothKnown(one, other);
    return known ? knownType("int", known) : { type: "int" };
  }
  if ((one.type === "duration" || one.type === "size") && other.type === one.type) return { type: one.type };
  if (isList(one) && isList(other)) {
    return { type: one.type === other.type ? one.type : "list", of: joinTypes(one.of, other.of) };
  }
  if (one.type === "record" && other.type === "record") return joinRecords(one, other);
  if (isKeyed(one) && isKeyed(other)) return { type: "map", of: joinTypes(valuesOf(one), valuesOf(other)) };
  return unionOf([...membersOf(one), ...membersOf(other)]);
}

function isText(type: Type): type is Extract<Type, { readonly type: "literals" | "string" }> {
  return type.type === "string" || type.type === "literals";
}

function isList(type: Type): type is Extract<Type, { readonly type: "list" | "set" }> {
  return type.type === "list" || type.type === "set";
}

function isKeyed(type: Type): type is Extract<Type, { readonly type: "map" | "record" }> {
  return type.type === "map" || type.type === "record";
}

function joinTexts(
  one: Extract<Type, { readonly type: "literals" | "string" }>,
  other: Extract<Type, { readonly type: "literals" | "string" }>,
): Type {
  const known = bothKnown(one, other);
  if (known) return knownType("string", known);
  if (one.type === "literals" && other.type === "literals") {
    return { type: "literals", values: [...new Set([...one.values, ...other.values])] };
  }
  if (one.type === "string" && other.type === "string" && one.refinement && one.refinement === other.refinement) {
    return { type: "string", refinement: one.refinement };
  }
  return { type: "string" };
}

function joinRecords(
  one: Extract<Type, { readonly type: "record" }>,
  other: Extract<Type, { readonly type: "record" }>,
): Type {
  const fields: Record<string, FieldType> = {};
  for (const [name, field] of Object.entries(one.fields)) {
    const twin = Object.hasOwn(other.fields, name) ? other.fields[name] : undefined;
    fields[name] = { type: twin ? joinTypes(field.type, twin.type) : optionalOf(field.type) };
  }
  for (const [name, field] of Object.entries(other.fields)) {
    if (!Object.hasOwn(one.fields, name)) fields[name] = { type: optionalOf(field.type) };
  }
  return { type: "record", fields };
}

function membersOf(type: Type): readonly Type[] {
  return type.type === "union" ? type.members : [type];
}

function unionOf(members: readonly Type[]): Type {
  const distinct = new Map<string, Type>();
  for (const member of members) distinct.set(JSON.stringify(member), member);
  const all = [...distinct.values()];
  const [only] = all;
  return all.length === 1 && only ? only : { type: "union", members: all };
}

function isNothing(type: Type): boolean {
  return type.type === "union" && type.members.length === 0;
}

/** What values of all these types have in common. */
export function joinAll(types: readonly Type[]): Type {
  return types.reduce(joinTypes, nothingType);
}

/** The type of the values of a record or map, whatever their names. */
export function valuesOf(type: Extract<Type, { readonly type: "map" | "record" }>): Type {
  return type.type === "map" ? type.of : joinAll(Object.values(type.fields).map((field) => field.type));
}

/** The type with `none` as one more value. */
export function optionalOf(type: Type): Type {
  return type.type === "optional" || type.type === "unknown" || type.type === "none"
    ? type
    : { type: "optional", of: type };
}

/** The type when it is known not to be `none`. */
export function withoutNone(type: Type): Type {
  return type.type === "optional" ? type.of : type;
}

/** The type of what a secret hides. */
export function withoutSecret(type: Type): Type {
  return type.type === "secret" ? type.of : type;
}
