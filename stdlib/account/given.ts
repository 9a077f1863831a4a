import type { Value } from "../../compiler/kind/value.ts";
import { textOf } from "../property/text-of.ts";

/** A property for an account's verb: an equals sign and its text, or nothing when it is not managed. */
export function given(value: Value | undefined): string {
  if (value === undefined || value === null) return "";
  return Array.isArray(value) ? `=${value.map(textOf).join(",")}` : `=${textOf(value)}`;
}
