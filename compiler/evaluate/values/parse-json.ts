import type { Value } from "../../kind/value.ts";
import { Misfit } from "./conform.ts";

/** Text in JSON as a value; numbers that are not whole have no place in the language. */
export function parseJson(text: string): Value | Misfit {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    return new Misfit(`is no JSON (${error instanceof Error ? error.message : String(error)})`);
  }
  return toValue(data, 0);
}

function toValue(data: unknown, depth: number): Value | Misfit {
  if (depth > 100) return new Misfit("is nested more than 100 levels deep");
  if (data === null || typeof data === "boolean" || typeof data === "string") return data;
  if (typeof data === "number") {
    return Number.isSafeInteger(data) ? data : new Misfit(`is ${data}, which is no whole number`);
  }
  if (Array.isArray(data)) {
    const elements: Value[] = [];
    for (const [index, element] of data.entries()) {
      const value = toValue(element, depth + 1);
      if (value instanceof Misfit) return value.within(index);
      elements.push(value);
    }
    return elements;
  }
  const fields = new Map<string, Value>();
  if (typeof data !== "object") return new Misfit("is no JSON");
  for (const [name, field] of Object.entries(data)) {
    const value = toValue(field, depth + 1);
    if (value instanceof Misfit) return value.within(name);
    fields.set(name, value);
  }
  return fields;
}
