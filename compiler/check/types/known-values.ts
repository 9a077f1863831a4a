import type { Type } from "../../kind/type.ts";

/** Beyond this many possibilities a value counts as just any of its type. */
const most = 16;

/** Under this key an inferred type holds the only values it can have; no written type has it. */
const values: unique symbol = Symbol("values");

type Known = Type & { readonly [values]?: readonly (number | string)[] };

/** The type of a text or number of which all possible values are known. */
export function knownType(type: "string" | "int", known: readonly (number | string)[]): Type {
  const result: Known = { type, [values]: known };
  return result;
}

/** The only values an inferred type can have, when they are known. */
export function knownValues(type: Known): readonly (number | string)[] | undefined {
  return type[values];
}

/** The type without what is known of its values; deep. */
export function anyOf(type: Type): Type {
  switch (type.type) {
    case "string":
    case "int":
      return knownValues(type) ? { type: type.type } : type;
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
