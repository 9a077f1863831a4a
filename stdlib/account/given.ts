import type { Value } from "../../compiler/kind/value.ts";
import { wordOf } from "../values.ts";

/** A property for an account's verb: an equals sign and its text, or nothing when it is not managed. */
export function given(value: Value | undefined): string {
  if (value === undefined || value === null) return "";
  return Array.isArray(value) ? `=${value.map(wordOf).join(",")}` : `=${wordOf(value)}`;
}
