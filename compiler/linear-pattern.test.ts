import { expect, test } from "vitest";
import { linearPattern } from "./linear-pattern.ts";

function matches(pattern: string, text: string): boolean {
  const made = linearPattern(pattern);
  if (typeof made !== "function") throw new Error(made.problem);
  return made(text);
}

const patterns = [
  "",
  "a",
  "[a-z_][a-z0-9_-]{0,31}",
  "[A-Za-z0-9_]{1,64}@[A-Za-z0-9_.%:-]+",
  "[0-9a-f]{7,40}|v[0-9.]+",
  "(?:ab|a)(?:bc|c)?",
  "(?<name>x)y|",
  "a{2}b{0,1}c{1,}",
  "a*?b+?",
  "(a*)*b?",
  "^a$|^b",
  "a^b",
  "\\d\\D\\w\\W\\s\\S",
  "[^\\]a-c\\n]+",
  "\\u0041\\x42\\u{1F600}|\\ud83d\\ude00",
  "\\p{Lu}\\P{Lu}",
  ".\\.\\/\\-".replace("\\-", "[\\-]"),
  ".*x.*",
  "[.*+?|()]",
  "\\t\\n\\\\",
];
const texts = [
  "",
  "a",
  "b",
  "ab",
  "abc",
  "ac",
  "aab",
  "aaabbb",
  "xy",
  "x",
  "aabcc",
  "aacc",
  "v1.2",
  "0123abc",
  "eve@%",
  "eve",
  "A1 _\tx",
  "1a_ \nz",
  "AB\u{1F600}",
  "\u{1F600}",
  "Äb",
  "äb",
  "xyz",
  "]d",
  "d\n",
  "*",
  "\t\n\\",
  "q./-",
];

for (const pattern of patterns) {
  test(`${JSON.stringify(pattern)} matches what the engine of JavaScript says it does`, () => {
    const expression = new RegExp(`^(?:${pattern})$`, "su");
    for (const text of texts) expect(matches(pattern, text), JSON.stringify(text)).toBe(expression.test(text));
  });
}

test("a pattern that would make a backtracking engine run for years is done at once", () => {
  const text = "a".repeat(20_000);
  expect(matches("(a+)+b", text)).toBe(false);
  expect(matches("(a|a|aa)*", text)).toBe(true);
  expect(matches("(.*)(.*)(.*)(.*)x", text)).toBe(false);
});

test("what is no regular expression in the strict sense is refused", () => {
  expect(linearPattern("a\\b")).toEqual({ problem: "`\\b` looks around, which patterns here cannot do" });
  expect(linearPattern("(?i:a)")).toEqual({ problem: "the only group with a mark is (?: … )" });
});

test("groups are nested only so deep, and nothing may be repeated often", () => {
  expect(linearPattern("(".repeat(5000) + ")".repeat(5000))).toEqual({
    problem: "it has groups in more than 100 levels",
  });
  expect(matches("((){10000}){1000000000}", "")).toBe(true);
});

test("a repetition of repetitions has an end", () => {
  expect(linearPattern("((a{100}){100}){100}")).toEqual({ problem: "it repeats too much: more than 10000 states" });
  expect(linearPattern("(((a{0,1000}){0,1000}){0,1000}){0,1000}")).toEqual({
    problem: "it repeats too much: more than 10000 states",
  });
});
