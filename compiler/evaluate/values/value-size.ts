import type { Value } from "../../kind/value.ts";
import { longestText } from "../../functions/texts.ts";
import { isList, isRecord } from "./values.ts";

/** Values within values, shared ones counted as often as they are reached: more take too long to write or compare. */
export const mostParts = 1_000_000;

/** What a value comes to when it is written out. */
interface Size {
  readonly parts: number;
  /** Characters of all texts in it. */
  readonly text: number;
}

/** Values are graphs: one record may be reached in millions of ways. So the size of each is computed once. */
const sizes = new WeakMap<object, Size>();

/** Whether a value, written out with all that it shares, is too large to work with. */
export function isTooLarge(value: Value): boolean {
  if (typeof value !== "object" || value === null || (!isList(value) && !isRecord(value))) return false;
  const { parts, text } = sizeOf(value);
  return parts > mostParts || text > longestText;
}

/** Values are built from the inside outwards and each is measured when it is built, so this never goes deep. */
function sizeOf(value: Value): Size {
  if (typeof value === "string") return { parts: 1, text: value.length };
  if (typeof value !== "object" || value === null || (!isList(value) && !isRecord(value))) return { parts: 1, text: 0 };
  const known = sizes.get(value);
  if (known) return known;
  let parts = 1;
  let text = 0;
  for (const one of value.values()) {
    const size = sizeOf(one);
    parts += size.parts;
    text += size.text;
  }
  const size = { parts, text };
  sizes.set(value, size);
  return size;
}
