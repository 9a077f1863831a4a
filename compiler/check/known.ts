import type { Type } from "../kind/type.ts";

/** Beyond this many possibilities a value counts as just any of its type. */
const most = 16;

/** The type of a text or number of which all possible values are known. */
export function knownType(type: "string" | "int", known: readonly (number | string)[]): Type {
  const result: Type & { readonly known: readonly (number | string)[] } = { type, known };
  return result;
}

/** The only values an inferred type can have, when they are known. */
export function knownValues(type: Type): readonly (number | string)[] | undefined {
  if (!("known" in type) || !Array.isArray(type.known)) return undefined;
  const values: readonly (number | string)[] = type.known;
  return values;
}

/** The type without what is known of its values; deep. */
export function anyOf(type: Type): Type {
  switch (type.type) {
    case "string":
    case "int": {
      if (!("known" in type)) return type;
      const { known: _, ...rest } = type;
      return rest;
    }
    case "list":
    case "set":
    case "map":
    case "optional":
    case "secret":
    case "later": {
      const of = anyOf(type.of);
      return of === type.of ? type : { ...type, of };
    }
    case "record": {
      const fields = Object.entries(type.fields).map(([name, field]) => [name, { ...field, type: anyOf(field.type) }]);
      return { ...type, fields: Object.fromEntries(fields) };
    }
    default:
      return type;
  }
}

/** The values that one of two types may have; undefined when there are too many or some are not known. */
export function bothKnown(one: Type, other: Type): readonly (number | string)[] | undefined {
  const first = knownValues(one);
  const second = knownValues(other);
  if (!first || !second) return undefined;
  const all = [...new Set([...first, ...second])];
  return all.length > most ? undefined : all;
}
