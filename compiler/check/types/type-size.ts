import type { Type } from "../../kind/type.ts";

/** Parts of a type beyond which it is not looked into any more. */
const mostParts = 2000;
/** Levels of a type beyond which it is not looked into any more. */
const mostLevels = 100;

interface Size {
  readonly parts: number;
  readonly levels: number;
}

const single: Size = { parts: 1, levels: 1 };
const sizes = new WeakMap<Type, Size>();

/** Whether a type is so large or deep that work on it would not end: types double with every name that is used twice. */
export function isTooLarge(type: Type): boolean {
  const { parts, levels } = sizeOf(type);
  return parts > mostParts || levels > mostLevels;
}

function sizeOf(type: Type): Size {
  const parts = partsOf(type);
  if (parts.length === 0) return single;
  const known = sizes.get(type);
  if (known) return known;
  let count = 1;
  let levels = 0;
  for (const part of parts) {
    const size = sizeOf(part);
    count += size.parts;
    levels = Math.max(levels, size.levels);
  }
  const size = { parts: count, levels: levels + 1 };
  sizes.set(type, size);
  return size;
}

function partsOf(type: Type): readonly Type[] {
  switch (type.type) {
    case "list":
    case "set":
    case "map":
    case "optional":
    case "secret":
    case "later":
      return [type.of];
    case "union":
      return type.members;
    case "record":
      return Object.values(type.fields).map((field) => field.type);
    default:
      return [];
  }
}

/** The type itself, or the unknown type, which fits everything, when it is too large to be worked with. */
export function bounded(type: Type): Type {
  return isTooLarge(type) ? { type: "unknown" } : type;
}
