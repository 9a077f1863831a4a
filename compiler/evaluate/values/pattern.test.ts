import { expect, test } from "vitest";
import { compilePattern } from "./pattern.ts";

function matches(source: string, text: string): boolean | string {
  const pattern = compilePattern(source);
  return "test" in pattern ? pattern.test(text) : pattern.problem;
}

test.each([
  ["[a-z]+", "abc", true],
  ["[a-z]+", "abc1", false],
  ["a|b", "b", true],
  ["a|b", "ab", false],
  ["a.b", "a\nb", true],
  ["(?:ab)+", "abab", true],
  ["\\d{2,3}", "123", true],
  ["[\\]\\\\(?=]+", "](?=\\", true],
  ["😀", "😀", true],
  [".", "😀", true],
])("%s against %j: %s", (source, text, result) => {
  expect(matches(source, text)).toBe(result);
});

test.each([
  ["(a)\\1", "`\\1` refers back to a group, which patterns here cannot do"],
  ["(?<x>a)\\k<x>", "`\\k` refers back to a group, which patterns here cannot do"],
  ["a(?=b)", "`(?=` looks around, which patterns here cannot do"],
  ["a(?!b)", "`(?!` looks around, which patterns here cannot do"],
  ["(?<=a)b", "`(?<` looks around, which patterns here cannot do"],
  ["(a", "unterminated group"],
  ["a)(b", "unmatched ')'"],
  ["[", "unterminated character class"],
])("%s is refused: %s", (source, problem) => {
  expect(matches(source, "")).toBe(problem);
});
