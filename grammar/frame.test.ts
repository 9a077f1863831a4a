import { expect, test } from "vitest";
import type { Diagnostic } from "./diagnostic.ts";
import { frame } from "./frame.ts";
import type { SourceFile, Span } from "./source.ts";

function span(file: SourceFile, part: string, from = 0): Span {
  const start = file.text.indexOf(part, from);
  if (start === -1) throw new Error(`the test's text has no ${part}`);
  return { file, start, end: start + part.length };
}

function error(at: Span, more: Partial<Diagnostic> = {}): Diagnostic {
  return { code: "R999", severity: "error", span: at, message: "something is wrong", ...more };
}

test("an error names its code, cause and place, and points at its text", () => {
  const file = { path: "web.recipe", text: 'file "/etc/motd" {\n  contents = "hello\\n"\n}\n' };
  expect(
    frame(
      error(span(file, "contents"), { label: "did you mean `content`?", hints: ["file takes: content", "and more"] }),
    ),
  ).toBe(`error[R999]: something is wrong
  --> web.recipe:2:3
   |
 2 |   contents = "hello\\n"
   |   ^^^^^^^^ did you mean \`content\`?
   = file takes: content
   = and more`);
});

test("two places on one line share the row of marks", () => {
  const file = { path: "web.recipe", text: "\n  mode 0644\n" };
  const related = [{ span: span(file, "0644"), message: "`mode = 0644`" }];
  expect(frame(error(span(file, "mode"), { related }))).toBe(`error[R999]: something is wrong
  --> web.recipe:2:3
   |
 2 |   mode 0644
   |   ^^^^ ---- \`mode = 0644\``);
});

test("words of a place left of another go below it", () => {
  const file = { path: "a.recipe", text: "mode 0644" };
  const related = [{ span: span(file, "0644"), message: "right" }];
  expect(frame(error(span(file, "mode"), { related, label: "left" }))).toBe(`error[R999]: something is wrong
  --> a.recipe:1:1
   |
 1 | mode 0644
   | ^^^^ ---- right
   | left`);
});

test("places that overlap get rows of their own", () => {
  const file = { path: "a.recipe", text: "abcdef" };
  const related = [{ span: span(file, "cd"), message: "inner" }];
  expect(frame(error(span(file, "abcdef"), { related, label: "outer" }))).toBe(`error[R999]: something is wrong
  --> a.recipe:1:1
   |
 1 | abcdef
   | ^^^^^^ outer
   |   -- inner`);
});

test("related lines of the same file stand in the order of the file, those of another in a frame of their own", () => {
  const text = `${"\n".repeat(97)}first\n\nsecond\n`;
  const file = { path: "site.recipe", text };
  const other = { path: "cookbooks/apache/apache.recipe", text: "third" };
  const related = [
    { span: span(file, "first"), message: "here" },
    { span: span(other, "third"), message: "and there" },
  ];
  expect(frame(error(span(file, "second"), { severity: "warning", related }))).toBe(`warning[R999]: something is wrong
   --> site.recipe:100:1
    |
 98 | first
    | ----- here
100 | second
    | ^^^^^^
   --> cookbooks/apache/apache.recipe:1:1
    |
  1 | third
    | ----- and there`);
});

test("a related line without words is shown without marks, as context", () => {
  const file = { path: "a.recipe", text: 'file "/x" {\n  contents = 1\n}' };
  const related = [{ span: span(file, 'file "/x" {'), message: "" }];
  expect(frame(error(span(file, "contents"), { related }))).toBe(`error[R999]: something is wrong
  --> a.recipe:2:3
   |
 1 | file "/x" {
 2 |   contents = 1
   |   ^^^^^^^^`);
});

test("marks stand below tabs and wide characters", () => {
  const file = { path: "a.recipe", text: '\tx = "日本" + e\u0301 + y' };
  expect(frame(error(span(file, "y")))).toBe(`error[R999]: something is wrong
  --> a.recipe:1:18
   |
 1 |     x = "日本" + e\u0301 + y
   |                      ^`);
});

test("a span over several lines is marked where it begins and where it ends", () => {
  const file = { path: "a.recipe", text: 'file "/x" {\n  mode = 0644\n  owner = "a"\n}\n' };
  expect(frame(error(span(file, file.text.trimEnd()), { label: "all of it" }))).toBe(`error[R999]: something is wrong
  --> a.recipe:1:1
   |
 1 | file "/x" {
   | ^^^^^^^^^^^
 4 | }
   | ^ all of it`);
});

test("a span that ends with a newline stays on its line, and an empty one is one caret wide", () => {
  const file = { path: "a.recipe", text: "one\ntwo\n" };
  expect(frame(error(span(file, "one\n")))).toBe(`error[R999]: something is wrong
  --> a.recipe:1:1
   |
 1 | one
   | ^^^`);
  expect(frame(error({ file, start: 7, end: 7 }))).toBe(`error[R999]: something is wrong
  --> a.recipe:2:4
   |
 2 | two
   |    ^`);
});

test("Windows line ends leave no trace", () => {
  const file = { path: "a.recipe", text: "one\r\ntwo\r\n" };
  expect(frame(error(span(file, "two")))).toBe(`error[R999]: something is wrong
  --> a.recipe:2:1
   |
 2 | two
   | ^^^`);
});

test("an empty span at the beginning means the whole file", () => {
  const file = { path: "big.recipe", text: "x" };
  expect(frame(error({ file, start: 0, end: 0 }, { hints: ["split it"] }))).toBe(`error[R999]: something is wrong
  --> big.recipe
   = split it`);
});

test("a very long line is cut around the mark", () => {
  const file = { path: "a.recipe", text: `${"a".repeat(1000)} here ${"b".repeat(1000)}` };
  expect(frame(error(span(file, "here"), { label: "this" }))).toBe(`error[R999]: something is wrong
  --> a.recipe:1:1002
   |
 1 | …${"a".repeat(39)} here ${"b".repeat(75)}…
   |  ${" ".repeat(40)}^^^^ this`);
});

test("control characters and marks of direction reach no terminal", () => {
  const file = { path: "a\u001B.recipe", text: 'x = "\u001B[31m\u202E"' };
  const shown = frame(error(span(file, "x"), { message: "bad \u0007 bell", label: "\u001B", hints: ["\u009B1m"] }));
  expect(shown).toBe(`error[R999]: bad \u2407 bell
  --> a\u241B.recipe:1:1
   |
 1 | x = "\u241B[31m\uFFFD"
   | ^ \u241B
   = \uFFFD1m`);
});

test("a fix is offered beside the label when there is a command for it", () => {
  const file = { path: "a.recipe", text: "mode = 644" };
  const at = span(file, "644");
  const diagnostic = error(at, { label: "write 0644", fix: { span: at, text: "0644" } });
  expect(frame(diagnostic, { fixCommand: "galley check --fix" })).toBe(`error[R999]: something is wrong
  --> a.recipe:1:8
   |
 1 | mode = 644
   |        ^^^ write 0644          (fix: galley check --fix)`);
  expect(frame(diagnostic)).not.toContain("--fix");
});

test("a style decorates the parts without moving them", () => {
  const file = { path: "a.recipe", text: "mode 0644" };
  const related = [{ span: span(file, "0644"), message: "value" }];
  const style = {
    heading: (text: string, severity: string) => `<${severity}>${text}</>`,
    message: (text: string) => `<m>${text}</>`,
    gutter: (text: string) => `<g>${text}</>`,
    primary: (text: string) => `<p>${text}</>`,
    related: (text: string) => `<r>${text}</>`,
  };
  const diagnostic = error(span(file, "mode"), { related, hints: ["hint"] });
  const styled = frame(diagnostic, { style });
  expect(styled.replaceAll(/<[^>]*>/g, "")).toBe(frame(diagnostic));
  expect(styled).toContain("<error>error[R999]</><m>: something is wrong</>");
  expect(styled).toContain("<g>   |</> <p>^^^^</> <r>----</> <r>value</>");
});
