import type { Change, Property } from "./kind/kind.ts";
import type { Type } from "./kind/type.ts";
import type { Blob, Duration, RecordValue, Value } from "./kind/value.ts";
import type { ShownChange } from "./plan.ts";

/** A change as text for people and JSON: values as a recipe writes them, bytes by digest and size; secrets, and the bytes of what is private, not at all. */
export function showChange(change: Change, property?: Property, isHidden = false): ShownChange {
  if (isHidden && isBlob(change.to)) return { property: change.property, to: "(private)" };
  if (property && isSecret(property.type)) return { property: change.property, to: "(secret)" };
  const from = change.from === undefined ? {} : { from: showValue(change.from) };
  return { property: change.property, ...from, to: showValue(change.to) };
}

/** A value as text on one line. */
export function showValue(value: Value): string {
  if (value === null) return "none";
  if (typeof value === "string") return showText(value);
  if (typeof value !== "object") return String(value);
  if (isList(value)) return `[${value.map(showValue).join(", ")}]`;
  if (isRecord(value)) {
    const entries = [...value].map(([key, one]) => `${key} = ${showValue(one)}`);
    return entries.length === 0 ? "{ }" : `{ ${entries.join(", ")} }`;
  }
  switch (value.type) {
    case "mode":
      return `0${value.bits.toString(8).padStart(3, "0")}`;
    case "duration":
      return showDuration(value);
    case "size":
      return showSize(value.bytes);
    case "command":
      return showText(value.shown);
    case "blob":
      return showBlob(value);
    case "reference":
      return `${value.kind}${value.title === null ? "" : `[${JSON.stringify(value.title)}]`}${value.event === undefined ? "" : `.${value.event}`}`;
    default:
      return "candidate";
  }
}

/** Bytes as people count them, in steps of a thousand: `812 bytes`, `1.2 KB`. */
export function showBytes(bytes: number): string {
  const units = ["KB", "MB", "GB", "TB"];
  if (bytes < 1000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  let amount = bytes;
  let unit = -1;
  while (amount >= 999.95 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${amount.toFixed(1)} ${units[unit]}`;
}

function showBlob({ digest, size }: Blob): string {
  return `sha256 ${digest.slice(0, 6)}… ${showBytes(size)}`;
}

/** Text stands bare when it can be told apart from everything around it. */
function showText(text: string): string {
  return /^\S(?:.*\S)?$/u.test(text) && !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(text) ? text : quoted(text);
}

function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function showDuration({ milliseconds }: Duration): string {
  const units: readonly (readonly [string, number])[] = [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["m", 60_000],
    ["s", 1000],
    ["ms", 1],
  ];
  let left = milliseconds;
  let text = "";
  for (const [unit, length] of units) {
    const count = Math.floor(left / length);
    if (count > 0) text += `${count}${unit}`;
    left -= count * length;
  }
  return text === "" ? "0s" : text;
}

function showSize(bytes: number): string {
  const units = ["TiB", "GiB", "MiB", "KiB"];
  for (const [place, unit] of units.entries()) {
    const length = 1024 ** (units.length - place);
    if (bytes >= length && bytes % length === 0) return `${bytes / length}${unit}`;
  }
  return showBytes(bytes);
}

function isSecret(type: Type): boolean {
  if (type.type === "secret") return true;
  return type.type === "optional" || type.type === "later" ? isSecret(type.of) : false;
}

/** Whether a value is the bytes of a file. */
export function isBlob(value: Value | undefined): value is Blob {
  return typeof value === "object" && value !== null && "type" in value && value.type === "blob";
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isRecord(value: Value): value is RecordValue {
  return value instanceof Map;
}
