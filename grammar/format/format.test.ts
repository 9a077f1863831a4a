import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "../parser.ts";
import type { SourceFile } from "../source.ts";
import { tokenize } from "../tokens.ts";
import { format } from "./format.ts";

const root = join(import.meta.dirname, "../..");
const cases = join(root, "test/cases/format");

const seed = Number(process.env["GALLEY_SEED"] ?? 7);

/** Numbers from 0 to below 1, the same for the same seed. */
function random(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Every recipe of the repository, also those of tests, that has no syntax error. */
const recipes: readonly SourceFile[] = execFileSync("git", ["ls-files", "*.recipe"], { cwd: root, encoding: "utf8" })
  .trim()
  .split("\n")
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }))
  .filter((source) => parse(source).diagnostics.every(({ severity }) => severity !== "error"));

function formatted(text: string): string {
  const result = format({ path: "x.recipe", text });
  if (!("text" in result)) throw new Error(`it is no recipe: ${result.diagnostics[0]?.message}\n${text}`);
  return result.text;
}

/** The tree of a text without the places of its parts. */
function meaning(text: string): string {
  const { file } = parse({ path: "x.recipe", text });
  return JSON.stringify(file.items, (key, value: unknown) =>
    key === "file" || /span$/i.test(key) ? undefined : value,
  );
}

function commentsOf(text: string): readonly string[] {
  return tokenize(text).comments.map(({ image }) => image.trimEnd());
}

/** What must hold of every recipe. */
function expectKept(text: string): void {
  const once = formatted(text);
  expect(formatted(once)).toBe(once);
  expect(meaning(once)).toBe(meaning(text));
  expect(commentsOf(once)).toEqual(commentsOf(text));
}

test.each(readdirSync(cases).filter((name) => name.endsWith(".recipe")))("%s", async (name) => {
  const text = readFileSync(join(cases, name), "utf8");
  await expect(formatted(text)).toMatchFileSnapshot(join(cases, name.replace(/recipe$/, "expected")));
});

test("every recipe of the repository keeps its meaning and its comments, and is formatted once for all", () => {
  expect(recipes.length).toBeGreaterThan(150);
  for (const { text } of recipes) expectKept(text);
});

test(`recipes put together from parts of others keep their meaning (seed ${seed})`, () => {
  const next = random(seed);
  const items = recipes.flatMap((source) =>
    parse(source).file.items.map(({ span }) => source.text.slice(span.start, span.end)),
  );
  for (let count = 0; count < 500; count += 1) {
    const parts = Array.from({ length: 8 }, () => items[Math.floor(next() * items.length)] ?? "");
    expectKept(parts.join(next() < 0.5 ? "\n" : "\n\n\n# between\n"));
  }
});

test(`other spaces and empty lines lead to the same text (seed ${seed})`, () => {
  const next = random(seed);
  for (const { text } of recipes) {
    const spaced = respaced(text, next);
    expect(meaning(spaced)).toBe(meaning(text));
    expect(formatted(spaced)).toBe(formatted(text));
  }
});

/** The same tokens on the same lines, with any number of spaces between them and any indentation. */
function respaced(text: string, next: () => number): string {
  const { tokens, comments } = tokenize(text);
  const all = [...tokens, ...comments].toSorted((a, b) => a.startOffset - b.startOffset);
  let result = "";
  let end = 0;
  for (const { image, startOffset, endOffset = startOffset } of all) {
    const gap = text.slice(end, startOffset);
    const breaks = gap.split("\n").length - 1;
    const spaces = " ".repeat(Math.floor(next() * 4) + (gap === "" ? 0 : 1));
    result += (breaks > 1 ? "\n".repeat(2 + Math.floor(next() * 3)) : "\n".repeat(breaks)) + spaces + image;
    end = endOffset + 1;
  }
  return `${result}\n`;
}

test(`broken recipes are refused or formatted, and never break the formatter (seed ${seed})`, () => {
  const next = random(seed);
  let kept = 0;
  for (let count = 0; count < 3000; count += 1) {
    const { text } = recipes[Math.floor(next() * recipes.length)] ?? { text: "" };
    const { tokens } = tokenize(text);
    const token = tokens[Math.floor(next() * tokens.length)];
    if (!token) continue;
    const { startOffset, endOffset = startOffset } = token;
    const other = next() < 0.5 ? "" : `${token.image} ${token.image}`;
    const broken = text.slice(0, startOffset) + other + text.slice(endOffset + 1);
    const result = format({ path: "x.recipe", text: broken });
    if ("text" in result) {
      kept += 1;
      expectKept(broken);
    } else expect(result.diagnostics.length).toBeGreaterThan(0);
  }
  expect(kept).toBeGreaterThan(50);
});
