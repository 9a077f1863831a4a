import { FunctionProblem } from "../builtin-function.ts";
import type { RecordValue } from "../kind/value.ts";
import { plain, type Plain } from "./plain.ts";

type Table = ReadonlyMap<string, Plain>;

/** A record as TOML: plain values first, then its records as `[tables]` and lists of records as `[[arrays of tables]]`; none is left out. */
export function writeToml(record: RecordValue): string | FunctionProblem {
  const data = plain(record);
  if (data instanceof FunctionProblem) return data;
  const blocks: string[] = [];
  const problem = writeTable(data as Table, [], "", blocks);
  return problem ?? blocks.map((block) => `${block}\n`).join("\n");
}

function isTable(data: Plain | undefined): data is Table {
  return data instanceof Map;
}

function isTables(data: Plain): data is readonly Table[] {
  return Array.isArray(data) && data.length > 0 && data.every((element: Plain) => isTable(element));
}

function writeTable(
  table: Table,
  path: readonly string[],
  header: string,
  blocks: string[],
): FunctionProblem | undefined {
  const lines = header === "" ? [] : [header];
  for (const [name, field] of table) {
    if (field === null || isTable(field) || isTables(field)) continue;
    const written = inline(field);
    if (written instanceof FunctionProblem) return written;
    lines.push(`${key(name)} = ${written}`);
  }
  const hasInner = [...table.values()].some((field) => isTable(field) || isTables(field));
  // A table that only holds tables needs no header of its own, but an empty one would vanish without it.
  if (lines.length > 1 || (lines.length === 1 && (header === "" || !hasInner || header.startsWith("[["))))
    blocks.push(lines.join("\n"));
  for (const [name, field] of table) {
    const inner = [...path, key(name)];
    if (isTable(field)) {
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
  if (typeof data !== "object") return String(data);
  const parts: string[] = [];
  if (isTable(data)) {
    for (const [name, field] of data) {
      if (field === null) continue;
      const written = inline(field);
      if (written instanceof FunctionProblem) return written;
      parts.push(`${key(name)} = ${written}`);
    }
    return parts.length === 0 ? "{}" : `{ ${parts.join(", ")} }`;
  }
  for (const element of data as readonly Plain[]) {
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
