import { FunctionProblem } from "../builtin-function.ts";
import type { RecordValue } from "../kind/value.ts";
import { isElements, isFields, plain, type Plain } from "./plain.ts";

type Table = ReadonlyMap<string, Plain>;

/** A record as TOML: plain values first, then its records as `[tables]` and lists of records as `[[arrays of tables]]`; none is left out. */
export function writeToml(record: RecordValue): string | FunctionProblem {
  const data = plain(record);
  if (data instanceof FunctionProblem) return data;
  const blocks: string[] = [];
  const problem = isFields(data) ? writeTable(data, [], "", blocks) : undefined;
  return problem ?? blocks.map((block) => `${block}\n`).join("\n");
}

function isTables(data: Plain): data is readonly Table[] {
  return isElements(data) && data.length > 0 && data.every(isFields);
}

function writeTable(
  table: Table,
  path: readonly string[],
  header: string,
  blocks: string[],
): FunctionProblem | undefined {
  const lines = header === "" ? [] : [header];
  for (const [name, field] of table) {
    if (field === null || isFields(field) || isTables(field)) continue;
    const written = inline(field);
    if (written instanceof FunctionProblem) return written;
    lines.push(`${key(name)} = ${written}`);
  }
  const hasInner = [...table.values()].some((field) => isFields(field) || isTables(field));
  // A table that only holds tables needs no header of its own, but an empty one would vanish without it.
  if (lines.length > 1 || (lines.length === 1 && (header === "" || !hasInner || header.startsWith("[["))))
    blocks.push(lines.join("\n"));
  for (const [name, field] of table) {
    const inner = [...path, key(name)];
    if (isFields(field)) {
      const problem = writeTable(field, inner, `[${inner.join(".")}]`, blocks);
      if (problem) return problem;
    } else if (field !== null && isTables(field)) {
      for (const element of field) {
        const problem = writeTable(element, inner, `[[${inner.join(".")}]]`, blocks);
        if (problem) return problem;
      }
    }
  }
  return undefined;
}

function key(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : string(name);
}

function inline(data: Plain): string | FunctionProblem {
  if (data === null) return new FunctionProblem("TOML has no none, so it cannot stand in a list");
  if (typeof data === "string") return string(data);
  const parts: string[] = [];
  if (isFields(data)) {
    for (const [name, field] of data) {
      if (field === null) continue;
      const written = inline(field);
      if (written instanceof FunctionProblem) return written;
      parts.push(`${key(name)} = ${written}`);
    }
    return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
  }
  if (!isElements(data)) return String(data);
  for (const element of data) {
    const written = inline(element);
    if (written instanceof FunctionProblem) return written;
    parts.push(written);
  }
  return `[${parts.join(", ")}]`;
}

/** A basic string; JSON's escapes are TOML's, but DEL must be escaped too. */
function string(text: string): string {
  return JSON.stringify(text).replaceAll("\u007F", "\\u007f");
}
