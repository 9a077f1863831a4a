import { FunctionProblem } from "../builtin-function.ts";
import { renderMode, wholeSeconds } from "../evaluate/values/render.ts";
import { describe, isList, isRecord } from "../evaluate/values/values.ts";
import type { Value } from "../kind/value.ts";

/** Data as every format knows it: sizes and durations have become numbers, modes texts. */
export type Plain = null | boolean | number | string | readonly Plain[] | ReadonlyMap<string, Plain>;

/** Whether data is a record. */
export function isFields(data: Plain | undefined): data is ReadonlyMap<string, Plain> {
  return data instanceof Map;
}

/** Whether data is a list. */
export function isElements(data: Plain | undefined): data is readonly Plain[] {
  return Array.isArray(data);
}

/** Levels of lists and records that a writer goes down; no file of configuration has so many. */
const deepest = 100;

/** A value as plain data, or why it cannot be written to a file. */
export function plain(value: Value, depth = 0): Plain | FunctionProblem {
  if (depth > deepest) return new FunctionProblem(`the data is nested more than ${deepest} levels deep`);
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string")
    return value;
  if (isList(value)) {
    const elements: Plain[] = [];
    for (const element of value) {
      const made = plain(element, depth + 1);
      if (made instanceof FunctionProblem) return made;
      elements.push(made);
    }
    return elements;
  }
  if (isRecord(value)) {
    const fields = new Map<string, Plain>();
    for (const [name, field] of value) {
      const made = plain(field, depth + 1);
      if (made instanceof FunctionProblem) return made;
      fields.set(name, made);
    }
    return fields;
  }
  switch (value.type) {
    case "mode":
      return renderMode(value);
    case "size":
      return value.bytes;
    case "duration":
      return wholeSeconds(value.milliseconds);
    case "reference":
    case "command":
    case "blob":
    case "candidate":
      return new FunctionProblem(`${describe(value)} cannot be written as data`);
  }
}
