import type { Type } from "../../kind/type.ts";
import { typeText } from "../../kind/type-text.ts";

/** Longer than this a type is cut in a sentence. */
const longest = 120;

/** A type inside a sentence, in the notation of the language: `` `list<string>` ``; what has no type yet is "a value". */
export function quotedType(type: Type): string {
  if (type.type === "unknown") return "a value";
  const text = typeText(type);
  return `\`${text.length > longest ? `${text.slice(0, longest - 1)}…` : text}\``;
}
