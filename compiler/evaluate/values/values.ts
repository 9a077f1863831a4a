import type { RecordValue, Value } from "../../kind/value.ts";
import { HostValue } from "./host-value.ts";

/** Whether a value is a list or a set. */
export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Whether a value is a record or a map. */
export function isRecord(value: Value): value is RecordValue {
  return value instanceof Map;
}

/** A value with a unit or a meaning of its own: a mode, a size, a command … */
export type TaggedValue = Extract<Value, { readonly type: string }>;

/** Whether a value is one of those that carry their `type`. */
export function isTagged(value: Value): value is TaggedValue {
  return typeof value === "object" && value !== null && !isList(value) && !isRecord(value);
}

/** A word for what a value is, with its article: "a list", "none". */
export function describe(value: Value): string {
  if (value === null) return "none";
  if (typeof value === "boolean") return "a bool";
  if (typeof value === "number") return "an int";
  if (typeof value === "string") return "text";
  if (isList(value)) return "a list";
  if (isRecord(value)) return "a record";
  switch (value.type) {
    case "mode":
      return "a file mode";
    case "duration":
      return "a duration";
    case "size":
      return "a size";
    case "command":
      return "a command";
    case "blob":
      return "the bytes of a file";
    case "reference":
      return value.event === undefined ? "a resource" : "an event";
    case "candidate":
      return "the new file";
  }
}

/** A text by which equal values are equal and others differ; records with the same entries in another order are equal. */
export function keyOf(value: Value): string {
  if (value instanceof HostValue) return `host ${JSON.stringify(value.hostName)}`;
  if (value === null) return "none";
  if (typeof value === "boolean") return value ? "true" : "false";
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (isList(value)) return `[${value.map(keyOf).join()}]`;
  if (isRecord(value)) {
    return `{${[...value]
      .toSorted(([a], [b]) => compareText(a, b))
      .map(([name, field]) => `${JSON.stringify(name)}:${keyOf(field)}`)
      .join()}}`;
  }
  switch (value.type) {
    case "mode":
      return `mode ${value.bits}`;
    case "duration":
      return `duration ${value.milliseconds}`;
    case "size":
      return `size ${value.bytes}`;
    case "command":
      return `command ${JSON.stringify([value.script, ...value.arguments])}`;
    case "blob":
      return `blob ${value.digest}`;
    case "reference":
      return `reference ${JSON.stringify([value.kind, value.title, value.event ?? null])}`;
    case "candidate":
      return "candidate";
  }
}

/** Whether two values are the same; values of different types never are. */
export function equal(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  return keyOf(a) === keyOf(b);
}

/** Order of texts by code unit: the same on every machine, whatever its language. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The number by which ints, sizes, durations and modes are compared. */
export function magnitude(value: Value): number | undefined {
  if (typeof value === "number") return value;
  if (!isTagged(value)) return undefined;
  if (value.type === "size") return value.bytes;
  if (value.type === "duration") return value.milliseconds;
  return value.type === "mode" ? value.bits : undefined;
}

/** A total order over values: numbers by size, texts by code unit, everything else by its key. */
export function compare(a: Value, b: Value): number {
  const left = magnitude(a);
  const right = magnitude(b);
  if (left !== undefined && right !== undefined) return left - right;
  if (typeof a === "string" && typeof b === "string") return compareText(a, b);
  return compareText(keyOf(a), keyOf(b));
}

/** The elements of a set: sorted, each once. */
export function asSet(elements: readonly Value[]): readonly Value[] {
  const unique = new Map<string, Value>();
  for (const element of elements) {
    const key = keyOf(element);
    if (!unique.has(key)) unique.set(key, element);
  }
  return [...unique.values()].sort(compare);
}

/** The entries of a record or map in the order in which loops see them: by key. */
export function entriesByKey(record: RecordValue): readonly (readonly [string, Value])[] {
  return [...record].sort(([a], [b]) => compareText(a, b));
}
