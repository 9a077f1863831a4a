import type { Type } from "./type.ts";

/** What one of several declarations may give: sets and maps are joined, so a least length holds for all together only. */
export function partOfJoined(type: Type): Type {
  switch (type.type) {
    case "optional":
    case "secret":
    case "later":
      return { ...type, of: partOfJoined(type.of) };
    case "set":
    case "map": {
      if (type.length?.min === undefined) return type;
      const { min: _, ...length } = type.length;
      return { ...type, length };
    }
    default:
      return type;
  }
}
