import type { Value } from "../../compiler/kind/value.ts";

/** A property's text or number as text, for an argument or a fingerprint; empty when it is not given. */
export function textOf(value: Value | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
