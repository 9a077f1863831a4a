import Handlebars from "handlebars";
import { lineText, startsOfLines, type SourceFile, type Span } from "../../../grammar/source.ts";
import type { TemplateProblem } from "../../template.ts";

/** What is wrong with the text of a template, and where. */
export interface TemplateSyntaxProblem {
  readonly span: Span;
  /** A clause that follows "cannot be read:". */
  readonly problem: string;
  readonly label: string;
}

/** Says in our words why a text is no template; `found` is what the parser made of it. */
export function syntaxProblem(file: SourceFile, found: TemplateProblem): TemplateSyntaxProblem {
  return (
    unbalanced(file) ??
    (found.unparsed ? undefined : misread(file)) ?? {
      span: lineSpan(file, found.line),
      problem: found.message,
      label: "here",
    }
  );
}

interface Opened {
  readonly name: string;
  readonly span: Span;
}

/** The first block that is not closed, or closed as another, or never opened. */
function unbalanced(file: SourceFile): TemplateSyntaxProblem | undefined {
  const open: Opened[] = [];
  const marks = /\{\{!--[\s\S]*?--\}\}|\{\{![^}]*\}\}|\\\{\{|\{\{~?(?<sign>[#^/])\s*(?<name>[^\s}~]*)/g;
  for (const mark of file.text.matchAll(marks)) {
    const sign = mark.groups?.["sign"];
    const name = mark.groups?.["name"] ?? "";
    if (sign === undefined || (sign === "^" && name === "")) continue;
    const span = { file, start: mark.index, end: mark.index + mark[0].length };
    if (sign !== "/") {
      open.push({ name, span });
      continue;
    }
    const last = open.pop();
    if (!last) {
      return { span, problem: `{{/${name}}} closes nothing`, label: `no {{#${name}}} is open here` };
    }
    if (last.name !== name) {
      return { span, problem: `{{/${name}}} closes {{#${last.name}}}`, label: `{{/${last.name}}} is expected first` };
    }
  }
  const last = open.at(-1);
  return (
    last && { span: last.span, problem: `{{#${last.name}}} is never closed`, label: `its {{/${last.name}}} is missing` }
  );
}

/** What the parser stumbled over, found again in the text by the part it quotes. */
function misread(file: SourceFile): TemplateSyntaxProblem | undefined {
  const message = parseError(file.text);
  if (message === undefined) return undefined;
  const parts = /^Parse error on line (?<line>\d+):\n(?<quoted>.*)\n(?<dashes>-*)\^\n.*got '(?<got>\w+)'/s.exec(
    message,
  )?.groups;
  if (!parts) return undefined;
  const line = Number(parts["line"]);
  const before = (parts["quoted"] ?? "").slice(0, parts["dashes"]?.length).replace(/^\.\.\./, "");
  const start = offsetAfter(file, line, before);
  const span = { file, start, end: Math.min(start + 1, file.text.length) };
  switch (parts["got"]) {
    case "EOF":
      return { span, problem: "it ends in the middle of {{ … }}", label: "}} is missing" };
    case "CLOSE":
      return { span, problem: "{{ … }} ends too early", label: "a name or value is expected before this" };
    case "INVALID":
      return { span, problem: "a character cannot stand in {{ … }}", label: "is a }} missing before this?" };
    case "INVERSE":
    case "OPEN_INVERSE_CHAIN":
      return { span, problem: "{{else}} stands outside a block", label: "no block is open here" };
    default:
      return { span, problem: "something cannot stand in {{ … }}", label: "not expected here" };
  }
}

function parseError(text: string): string | undefined {
  try {
    Handlebars.parse(text);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : undefined;
  }
}

/** The offset on or after a line at which the text before it ends as quoted, line ends left out. */
function offsetAfter(file: SourceFile, line: number, before: string): number {
  const from = startsOfLines(file)[line - 1] ?? 0;
  const last = Math.min(file.text.length, from + lineText(file, line).length + before.length);
  for (let at = from; at <= last; at++) {
    const piece = file.text.slice(Math.max(0, at - before.length - 40), at).replaceAll("\n", "");
    if (piece.endsWith(before)) return at;
  }
  return from;
}

function lineSpan(file: SourceFile, line: number): Span {
  const start = startsOfLines(file)[line - 1] ?? 0;
  return { file, start, end: start + lineText(file, line).length };
}
