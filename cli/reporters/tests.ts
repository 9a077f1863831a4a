import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { positionAt } from "../../grammar/source.ts";
import { frame } from "../../grammar/frame.ts";
import type { TestResult } from "../../compiler/testing/run-test.ts";
import { printable, type Terminal } from "../terminal.ts";
import { diagnosticRow, jsonText } from "./json.ts";
import { count } from "./pretty-diagnostics.ts";

/** A recipe whose tests were run; with mistakes of its own none were. */
export interface TestedFile {
  readonly path: string;
  readonly diagnostics: readonly Diagnostic[];
  readonly results: readonly TestResult[];
}

/** Prints each test with what is wrong in it, the numbers last. */
export function printTests(files: readonly TestedFile[], milliseconds: number, terminal: Terminal): void {
  const { color, unicode } = terminal;
  const [good, bad] = unicode ? ["✓", "✗"] : ["ok", "FAIL"];
  for (const { path, diagnostics, results } of files) {
    terminal.write(`${color.bold(printable(path))}\n`);
    if (diagnostics.length > 0) {
      terminal.write(`  ${color.red(bad)} the recipe has mistakes, so its tests were not run\n`);
      writeFrames(diagnostics, terminal);
    }
    for (const { name, diagnostics: found } of results) {
      const mark = found.length === 0 ? color.green(good) : color.red(bad);
      terminal.write(`  ${mark} ${printable(name)}\n`);
      writeFrames(found, terminal);
    }
  }
  const results = files.flatMap((file) => file.results);
  const failed = results.filter((result) => result.diagnostics.length > 0).length;
  const broken = files.filter((file) => file.diagnostics.length > 0).length;
  const words = [
    `${results.length - failed} passed`,
    `${failed} failed`,
    ...(broken > 0 ? [`${count(broken, "recipe")} with mistakes`] : []),
  ];
  terminal.write(`${words.join(", ")} in ${(milliseconds / 1000).toFixed(2)} s\n`);
}

function writeFrames(diagnostics: readonly Diagnostic[], terminal: Terminal): void {
  for (const diagnostic of diagnostics) {
    const lines = frame(diagnostic).split("\n");
    terminal.write(`\n${lines.map((line) => (line === "" ? "" : `    ${line}`)).join("\n")}\n`);
  }
  if (diagnostics.length > 0) terminal.write("\n");
}

/** The document of `test --json`. */
export function testsDocument(files: readonly TestedFile[]): string {
  const rows = files.map(({ path, diagnostics, results }) => ({
    file: path,
    diagnostics: diagnostics.map(diagnosticRow),
    tests: results.map(({ name, test, diagnostics: found }) => ({
      name,
      line: positionAt(test.span.file, test.span.start).line,
      result: found.length === 0 ? "passed" : "failed",
      diagnostics: found.map(diagnosticRow),
    })),
  }));
  const results = files.flatMap((file) => file.results);
  const failed = results.filter((result) => result.diagnostics.length > 0).length;
  const summary = { passed: results.length - failed, failed };
  return jsonText({ version: 1, files: rows, summary });
}

/** The results as JUnit XML: a suite for each recipe; mistakes of a recipe itself are an error of its suite. */
export function junitDocument(files: readonly TestedFile[]): string {
  const suites = files.map(({ path, diagnostics, results }) => {
    const cases = results.map(({ name, diagnostics: found }) => testCase(path, name, "failure", found));
    const own = diagnostics.length > 0 ? [testCase(path, "the recipe compiles", "error", diagnostics)] : [];
    const failures = results.filter((result) => result.diagnostics.length > 0).length;
    const numbers = `tests="${cases.length + own.length}" failures="${failures}" errors="${own.length}"`;
    return `  <testsuite name="${escaped(path)}" ${numbers}>\n${[...own, ...cases].join("")}  </testsuite>\n`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join("")}</testsuites>\n`;
}

function testCase(path: string, name: string, word: "error" | "failure", diagnostics: readonly Diagnostic[]): string {
  const [first] = diagnostics;
  const start = `    <testcase classname="${escaped(path)}" name="${escaped(name)}"`;
  if (!first) return `${start}/>\n`;
  const text = diagnostics.map((diagnostic) => frame(diagnostic)).join("\n\n");
  return `${start}>\n      <${word} message="${escaped(first.message)}">${escaped(text)}</${word}>\n    </testcase>\n`;
}

/** Text as XML has it; characters that XML 1.0 cannot hold are shown as a question mark. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, "?")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
