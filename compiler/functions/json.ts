import { FunctionProblem } from "../builtin-function.ts";
import type { Value } from "../kind/value.ts";
import { isElements, isFields, plain, type Plain } from "./plain.ts";

/** Data as JSON: with `indent` spaces a level and a final newline, or on one line without one when `indent` is 0. */
export function writeJson(value: Value, indent: number): string | FunctionProblem {
  const data = plain(value);
  if (data instanceof FunctionProblem) return data;
  if (indent < 0 || indent > 8) return new FunctionProblem("JSON is indented by 0 to 8 spaces");
  return indent === 0 ? write(data, "", "") : `${write(data, "\n", " ".repeat(indent))}\n`;
}

function write(data: Plain, line: string, step: string): string {
  const inner = line + step;
  if (isFields(data)) {
    const colon = line === "" ? ":" : ": ";
    const fields = [...data].map(
      ([name, field]) => `${inner}${JSON.stringify(name)}${colon}${write(field, inner, step)}`,
    );
    return fields.length === 0 ? "{}" : `{${fields.join()}${line}}`;
  }
  if (!isElements(data)) return JSON.stringify(data);
  const elements = data.map((element) => `${inner}${write(element, inner, step)}`);
  return elements.length === 0 ? "[]" : `[${elements.join()}${line}]`;
}
