import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { frame } from "../../../grammar/frame.ts";
import { parse } from "../../../grammar/parser.ts";
import type { Span } from "../../../grammar/source.ts";
import { outline } from "./outline.ts";

const folder = import.meta.dirname;
const samples = readdirSync(folder).filter((name) => name.endsWith(".recipe"));

for (const name of samples) {
  const source = { path: name, text: readFileSync(join(folder, name), "utf8") };
  const result = parse(source);

  test(`${name} is read without a complaint`, () => {
    expect(result.diagnostics.map((diagnostic) => frame(diagnostic))).toEqual([]);
  });

  test(`${name} gives the expected tree`, async () => {
    await expect(outline(result.file)).toMatchFileSnapshot(join(folder, name.replace(/recipe$/, "ast.txt")));
  });

  test(`in ${name} every node is inside the one around it`, () => {
    const visit = (node: unknown, around: Span): void => {
      if (typeof node !== "object" || node === null) return;
      const span = spanOf(node) ?? around;
      expect(span.start, source.text.slice(span.start, span.end)).toBeGreaterThanOrEqual(around.start);
      expect(span.end, source.text.slice(span.start, span.end)).toBeLessThanOrEqual(around.end);
      for (const [key, part] of Object.entries(node)) if (key !== "span" && key !== "file") visit(part, span);
    };
    visit(result.file, result.file.span);
  });

  test(`${name} means the same with Windows line ends`, () => {
    const windows = parse({ path: name, text: source.text.replaceAll("\n", "\r\n") });
    expect(windows.diagnostics).toEqual([]);
    expect(outline(windows.file)).toBe(outline(result.file));
  });
}

function spanOf(node: object): Span | undefined {
  if (!("span" in node)) return undefined;
  const { span } = node;
  if (typeof span !== "object" || span === null || !("start" in span && "end" in span && "file" in span))
    return undefined;
  const { start, end } = span;
  return typeof start === "number" && typeof end === "number"
    ? { file: { path: "", text: "" }, start, end }
    : undefined;
}
