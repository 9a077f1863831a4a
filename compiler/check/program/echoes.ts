import type { Diagnostic } from "../../../grammar/diagnostic.ts";
import { positionAt, textOf, type Span } from "../../../grammar/source.ts";
import { suggest } from "../../suggest.ts";

/** Syntax errors that shift what the braces around the following statements belong to. */
const braceErrors = new Set(["R010", "R011", "R015", "R017", "R018", "R019", "R103"]);

/** Messages about a name that means nothing. */
const unknownNames = new Set(["R101", "R104", "R105", "T101", "T120", "T137"]);

/** The same about names that are declared by themselves: not members, inputs or properties of something. */
const plainNames = new Set(["R104", "T101", "T120"]);

/** A declaration whose name is missing: any unknown name may be the one. */
const nameless = "R021";

/** A file that was not found under the name that `use` gives it. */
const missingFiles = new Set(["L101", "L102"]);

/**
 * Without what most likely only follows from another error: messages about a line that could not be read, names that such a
 * line may declare, and entries that seem to stand outside of a body behind a wrong brace. What is dropped wrongly is
 * reported once the other error is corrected.
 */
export function withoutEchoes(found: readonly Diagnostic[], earlier: readonly Diagnostic[]): readonly Diagnostic[] {
  const errors = [...earlier, ...found.filter(({ code }) => code === "R119")].filter(
    ({ severity }) => severity === "error",
  );
  const unknown = found.filter(({ code }) => code === "T120");
  // A template misses what is misspelt in the record that it is given.
  const read = found.filter(
    ({ code, related = [] }) =>
      code !== "T110" || !related.some(({ span }) => unknown.some((one) => isInside(one.span, span))),
  );
  if (errors.length === 0) return read;
  const broken = errors.filter(({ code }) => !code.startsWith("L"));
  const lines = new Set(broken.map(({ span }) => lineKey(span)));
  const maybeDeclared = new Set(broken.flatMap(({ span }) => wordsIn(lineText(span)).map((word) => keyOf(word, span))));
  const files = errors.filter(({ code }) => missingFiles.has(code)).map(({ span }) => lastWord(span));
  const inFile = (codes: ReadonlySet<string>, { span }: Diagnostic): boolean =>
    errors.some((error) => codes.has(error.code) && error.span.file.path === span.file.path);
  return read.filter((one) => {
    if (one.code === "R119") {
      return !earlier.some(({ code, span }) => code.startsWith("R") && span.file.path === one.span.file.path);
    }
    if (lines.has(lineKey(one.span))) return false;
    if (one.code === "R105" && inFile(braceErrors, one)) return false;
    if (!unknownNames.has(one.code)) return true;
    if (plainNames.has(one.code) && inFile(new Set([nameless]), one)) return false;
    // What is missing is named in the message only.
    const words = wordsIn(one.code === "R105" ? one.message : textOf(one.span));
    return !words.some((word) => suggest(word, files) !== undefined || maybeDeclared.has(keyOf(word, one.span)));
  });
}

/** Whether a syntax error was reported inside a statement, part of which is therefore missing. */
export function isBroken(statement: Span, earlier: readonly Diagnostic[]): boolean {
  return earlier.some(({ severity, span }) => severity === "error" && isInside(span, statement));
}

function isInside({ file, start }: Span, around: Span): boolean {
  return file.path === around.file.path && start >= around.start && start <= around.end;
}

function wordsIn(text: string): readonly string[] {
  return text.match(/\w+/g) ?? [];
}

function keyOf(word: string, { file }: Span): string {
  return `${word} ${file.path}`;
}

function lineKey({ file, start }: Span): string {
  return `${positionAt(file, start).line} ${file.path}`;
}

function lineText({ file, start }: Span): string {
  const from = file.text.lastIndexOf("\n", start - 1) + 1;
  const to = file.text.indexOf("\n", start);
  return file.text.slice(from, to < 0 ? undefined : to);
}

function lastWord(span: Span): string {
  return /\w+(?=(?:\.recipe)?"?$)/.exec(textOf(span))?.[0] ?? "";
}
