import type { Expression } from "./ast.ts";
import type { SourceFile } from "./source.ts";
import { reservedWords } from "./words.ts";

const names = /[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*/y;
const reserved: ReadonlySet<string> = new Set(reservedWords);

/** The expression between two offsets when it is only `name` or `name.member`, as most holes are; undefined otherwise. */
export function simpleHole(file: SourceFile, start: number, end: number): Expression | undefined {
  names.lastIndex = start;
  const words = names.exec(file.text)?.[0].split(".");
  if (!words || names.lastIndex !== end) return undefined;
  const [first = "", ...members] = words;
  if (reserved.has(first) || members.length > 20) return undefined;
  let at = start + first.length;
  let value: Expression = { type: "name", name: first, span: { file, start, end: at } };
  for (const text of members) {
    const name = { text, span: { file, start: at + 1, end: at + 1 + text.length } };
    at = name.span.end;
    value = { type: "member", object: value, name, optional: false, span: { file, start, end: at } };
  }
  return value;
}
