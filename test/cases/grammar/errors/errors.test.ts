import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Item } from "../../../../grammar/ast.ts";
import { frame } from "../../../../grammar/frame.ts";
import { messages } from "../../../../grammar/messages.ts";
import { parse } from "../../../../grammar/parser.ts";

const folder = import.meta.dirname;
const cases = readdirSync(folder).filter((name) => name.endsWith(".recipe"));
const wholeFileCodes = ["R001", "R002"];

for (const name of cases) {
  test(`${name} is explained, and what is right in it is read`, async () => {
    const { file, diagnostics } = parse({ path: name, text: readFileSync(join(folder, name), "utf8") });
    expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(name.slice(0, 4));
    const frames = diagnostics.map((diagnostic) => `${frame(diagnostic)}\n`).join("");
    const read = `read: ${file.items.map((item) => labelOf(item)).join(", ")}\n`;
    await expect(`${frames}${read}`).toMatchFileSnapshot(join(folder, name.replace(/recipe$/, "txt")));
  });
}

test("every code has a case", () => {
  const codes = new Set(Object.values(messages).map((row) => row.code));
  const seen = new Set([...wholeFileCodes, ...cases.map((name) => name.slice(0, 4))]);
  expect([...codes].filter((code) => !seen.has(code))).toEqual([]);
});

function labelOf(item: Item): string {
  switch (item.type) {
    case "declaration": {
      const kind = item.kind.parts.map((part) => part.text).join(".");
      const entries =
        item.body?.entries.map((entry) => (entry.type === "property" ? entry.name.text : entry.type)) ?? [];
      return entries.length > 0 ? `${kind} { ${entries.join(", ")} }` : kind;
    }
    case "stack":
    case "layer":
    case "resource":
      return `${item.type} ${item.name.text} { ${item.body.items.map((inner) => labelOf(inner)).join(", ")} }`;
    case "on":
      return `on { ${item.body.items.map((inner) => labelOf(inner)).join(", ")} }`;
    case "match-statement":
      return `match with ${item.arms.length} cases`;
    case "let":
    case "type":
    case "fn":
    case "property":
      return `${item.type} ${item.name.text}`;
    case "input":
    case "output":
    case "observe":
      return `${item.type} ${item.field.name.text}`;
    default:
      return item.type;
  }
}
