import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { generatedFiles } from "./generate.ts";
import { RecipeParser } from "./recipe-parser.ts";
import { clauseWords, placeWords, reservedWords, signs } from "./words.ts";

const root = join(import.meta.dirname, "..");
const files = generatedFiles();

for (const [path, text] of Object.entries(files)) {
  test(`${path} is what the grammar makes it`, () => {
    expect(readFileSync(join(root, path), "utf8")).toBe(text);
  });
}

test("the description has every rule of the parser", () => {
  const described = [...(files["grammar/README.md"]?.matchAll(/^(\w+) += /gm) ?? [])].map((match) => match[1] ?? "");
  const rules = Object.keys(new RecipeParser().getGAstProductions());
  expect(described.toSorted()).toEqual(rules.toSorted());
});

test("every word and sign of the language has a colour of its own", () => {
  const grammar: unknown = JSON.parse(files["vscode-extension/generated/recipe.tmLanguage.json"] ?? "");
  const expressions: RegExp[] = [];
  collect(grammar, expressions);
  const coloured = (text: string): boolean => expressions.some((one) => one.exec(text)?.index === 0);
  for (const word of [...reservedWords, ...clauseWords]) expect(coloured(word), word).toBe(true);
  for (const [before, word] of [
    ["use x ", "as"],
    ["expect ", "error"],
    ["retry 3 ", "every"],
  ] as const) {
    expect(placeWords).toContain(word);
    expect(coloured(`${before}${word}${word === "error" ? ' "x"' : " x"}`), word).toBe(true);
  }
  for (const sign of Object.values(signs)) expect(coloured(sign), sign).toBe(true);
});

/** The expressions of a grammar that name what they match, other than those for any name. */
function collect(node: unknown, into: RegExp[]): void {
  if (typeof node !== "object" || node === null) return;
  if ("match" in node && typeof node.match === "string" && !("name" in node && node.name === "variable.other.recipe"))
    into.push(new RegExp(node.match.replaceAll(String.raw`\G`, "^"), "m"));
  for (const part of Object.values(node)) collect(part, into);
}
