import type { Blob, Command, Mode, Value } from "../compiler/kind/value.ts";

/** The command that a property holds. */
export function commandOf(value: Value | undefined): Command | undefined {
  return isTagged(value) && value.type === "command" ? value : undefined;
}

/** The bytes that a property holds. */
export function blobOf(value: Value | undefined): Blob | undefined {
  return isTagged(value) && value.type === "blob" ? value : undefined;
}

/** The permission bits that a property holds. */
export function modeOf(value: Value | undefined): Mode | undefined {
  return isTagged(value) && value.type === "mode" ? value : undefined;
}

/** The text that a property holds; nothing for `none` and for what is not given. */
export function textOf(value: Value | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}

/** A text or a number as a word of an argument or a fingerprint; empty when it is not given. */
export function wordOf(value: Value | undefined): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : "";
}

/** The texts of a list or a set. */
export function textsOf(value: Value | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === "string") : [];
}

function isTagged(
  value: Value | undefined,
): value is Exclude<Value, null | boolean | number | string | readonly Value[] | ReadonlyMap<string, Value>> {
  return typeof value === "object" && value !== null && "type" in value;
}
