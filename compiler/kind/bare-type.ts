import type { Type } from "./type.ts";

/** The type of a value that is there and known: without `?`, `secret` and `later` around it. */
export function bareType(type: Type): Type {
  return type.type === "optional" || type.type === "secret" || type.type === "later" ? bareType(type.of) : type;
}

/** The same list, set or map of any length: what is added to one need not be long enough by itself. */
export function withoutLength(type: Type): Type {
  const bare = bareType(type);
  if (bare.type !== "list" && bare.type !== "set" && bare.type !== "map") return bare;
  const { length: _, ...rest } = bare;
  return rest;
}
