import { expect, test } from "vitest";
import { hiddenDiffOf } from "./hidden.ts";

const cases: readonly (readonly [string, string | null, string | null, number])[] = [
  ["a line that is replaced is one line", "a\nb\nc\n", "a\nX\nc\n", 1],
  ["all lines of a new file", null, "a\nb\n", 2],
  ["all lines of a file that goes", "a\nb\nc", null, 3],
  ["the side with more of them counts", "a\n", "x\ny\nz\n", 3],
  ["a line that stands twice is counted twice", "a\n", "a\nb\nb\n", 2],
  ["lines in another order are a change", "a\nb\n", "b\na\n", 1],
  ["a missing last newline is a change", "a\n", "a", 1],
  ["an empty file has no lines", null, "", 1],
];

for (const [name, before, after, lines] of cases) {
  test(`private content: ${name}`, () => {
    expect(hiddenDiffOf({ before, after })).toEqual({ lines });
  });
}

test("private content that was not read, or is no text, has no number of lines", () => {
  expect(hiddenDiffOf(undefined)).toEqual({ lines: null });
});
