import { FunctionProblem } from "../builtin-function.ts";
import type { Value } from "../kind/value.ts";
import { isElements, isFields, plain, type Plain } from "./plain.ts";

/** A value as YAML in block style; whatever a reader of YAML 1.1 or 1.2 could take for something else is quoted. */
export function writeYaml(value: Value): string | FunctionProblem {
  const data = plain(value);
  if (data instanceof FunctionProblem) return data;
  const lines: string[] = [];
  writeNode(data, "", lines, "");
  return lines.map((line) => `${line}\n`).join("");
}

/** Writes a node; `lead` is what the first line begins with (`- `, `key: `), further lines begin with `indent`. */
function writeNode(data: Plain, indent: string, lines: string[], lead: string): void {
  if (isFields(data) && data.size > 0) {
    let first = lead;
    for (const [name, field] of data) {
      writeField(`${first}${scalar(name)}:`, field, indent, lines);
      first = indent;
    }
  } else if (isElements(data) && data.length > 0) {
    let first = lead;
    for (const element of data) {
      writeNode(element, `${indent}  `, lines, `${first}- `);
      first = indent;
    }
  } else lines.push(lead + flow(data));
}

function writeField(lead: string, field: Plain, indent: string, lines: string[]): void {
  const holds = isFields(field) ? field.size > 0 : isElements(field) && field.length > 0;
  if (!holds) {
    lines.push(`${lead} ${flow(field)}`);
    return;
  }
  lines.push(lead);
  writeNode(field, `${indent}  `, lines, `${indent}  `);
}

function flow(data: Plain): string {
  if (data === null) return "null";
  if (typeof data === "string") return scalar(data);
  if (typeof data !== "object") return String(data);
  return isFields(data) ? "{}" : "[]";
}

/** Words that some version of YAML reads as bool or null, whatever their case. */
const special = /^(?:true|false|yes|no|on|off|y|n|null|nan|inf)$/i;

function scalar(text: string): string {
  const safe = /^[A-Za-z_/][A-Za-z0-9_./@+-]*(?: [A-Za-z0-9_./@+-]+)*$/.test(text) && !special.test(text);
  if (safe) return text;
  return JSON.stringify(text).replaceAll(
    /[\u007F-\u009F\u2028\u2029\uFEFF]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
