import type { Type } from "../../kind/type.ts";

const made = new Map<string, Type>();

/** The type of a reference to a resource of a kind; the same object for the same kind. */
export function resourceType(kind: string): Type {
  const known = made.get(kind);
  if (known) return known;
  const type: Type = { type: "resource", kind };
  made.set(kind, type);
  return type;
}
