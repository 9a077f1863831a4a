import type { IToken } from "chevrotain";
import type { Diagnostic } from "../diagnostic.ts";
import { parse } from "../parser.ts";
import type { SourceFile } from "../source.ts";
import { AnyWord, Sign, tokenize } from "../tokens.ts";
import { linesOf, type SourceLine } from "./lines.ts";
import { type Marks, marksOf } from "./marks.ts";
import { goesOn, spaceBetween } from "./spacing.ts";
import { hasType, isOneOf } from "./token-types.ts";

/** A recipe as it is written everywhere, or what keeps it from being read. */
export type Formatted = { readonly text: string } | { readonly diagnostics: readonly Diagnostic[] };

/** A line as it will be printed, without its indentation and what stands behind it. */
interface Printed {
  readonly depth: number;
  readonly text: string;
  readonly comment: string;
  readonly isApart: boolean;
  /** Columns before its `=`, when it gives a value; such lines stand below each other. */
  readonly equalsAt?: number;
  /** Its value goes on in the next line. */
  readonly isOpen: boolean;
}

/**
 * Lays a recipe out: indentation, spaces between words, at most one empty line, `=` below `=`. Where lines break is left to the
 * author, what is in quotes stays as it is, and so do comments. The text of the result means what the text before meant.
 */
export function format(source: SourceFile): Formatted {
  const { file, diagnostics } = parse(source);
  if (diagnostics.some(({ severity }) => severity === "error")) return { diagnostics };
  const { tokens, comments } = tokenize(source.text);
  const lines = print(linesOf(tokens, comments), marksOf(file));
  return { text: aligned(lines).join("") };
}

const openers = [Sign.LCurly, Sign.LParen, Sign.LSquare];
const closers = [Sign.RCurly, Sign.RParen, Sign.RSquare];

function print(lines: readonly SourceLine[], marks: Marks): readonly Printed[] {
  /** For each open bracket the line that opened it: brackets of one line indent once. */
  const open: number[] = [];
  const printed: Printed[] = [];
  let before: IToken | undefined;
  for (const [index, { tokens, comment, isApart }] of lines.entries()) {
    const [first] = tokens;
    let closing = 0;
    while (isCloser(tokens[closing])) closing += 1;
    const around = open.slice(0, Math.max(0, open.length - closing));
    const continues = first !== undefined && closing === 0 && goesOn(first, before, marks) ? 1 : 0;
    const isFirst = printed.length === 0 || isOpener(before);
    const equalsAt = equalsIn(tokens, marks);
    printed.push({
      depth: new Set(around).size + continues,
      text: textOf(tokens, marks),
      comment: comment ? comment.image.trimEnd() : "",
      isApart: isApart && closing === 0 && !(isFirst && printed.at(-1)?.comment === ""),
      ...(equalsAt === undefined ? {} : { equalsAt }),
      isOpen: endsInside(tokens),
    });
    for (const token of tokens) {
      if (isOpener(token)) open.push(index);
      else if (isCloser(token)) open.pop();
    }
    before = tokens.at(-1) ?? before;
  }
  return printed;
}

function isOpener(token: IToken | undefined): boolean {
  return token !== undefined && isOneOf(token, ...openers);
}

function isCloser(token: IToken | undefined): boolean {
  return token !== undefined && isOneOf(token, ...closers);
}

function textOf(tokens: readonly IToken[], marks: Marks): string {
  let text = "";
  for (const [index, token] of tokens.entries()) {
    const prev = tokens[index - 1];
    text += `${prev ? spaceBetween(tokens[index - 2], prev, token, marks) : ""}${token.image}`;
  }
  return text;
}

/** Whether a bracket is open at the end of a line, or its text goes over several. */
function endsInside(tokens: readonly IToken[]): boolean {
  const last = tokens.at(-1);
  const balance = tokens.reduce((sum, token) => sum + (isOpener(token) ? 1 : isCloser(token) ? -1 : 0), 0);
  return balance !== 0 || (last !== undefined && last.startLine !== last.endLine);
}

/** The columns before the `=` of `name = value`. */
function equalsIn(tokens: readonly IToken[], marks: Marks): number | undefined {
  const [name, equals] = tokens;
  if (!name || !equals || !isOneOf(equals, Sign.Equals)) return undefined;
  if (!hasType(name, AnyWord) && name.tokenType.name !== "String") return undefined;
  return textOf([name], marks).length;
}

/** The lines with their indentation; of neighbours that give a value each, the `=` stand below each other. */
function aligned(lines: readonly Printed[]): readonly string[] {
  const result: string[] = [];
  for (let at = 0; at < lines.length;) {
    const line = lines[at];
    if (!line) break;
    let end = at + 1;
    if (line.equalsAt !== undefined) while (isNeighbour(lines[end - 1], lines[end])) end += 1;
    const width = Math.max(0, ...lines.slice(at, end).map(({ equalsAt = 0 }) => equalsAt));
    for (const one of lines.slice(at, end)) result.push(lineText(one, width));
    at = end;
  }
  return result;
}

function isNeighbour(line: Printed | undefined, next: Printed | undefined): boolean {
  if (!line || line.isOpen || next?.equalsAt === undefined) return false;
  return next.depth === line.depth && !next.isApart;
}

function lineText({ comment, depth, equalsAt, isApart, text }: Printed, width: number): string {
  const shown = equalsAt === undefined ? text : `${text.slice(0, equalsAt).padEnd(width)}${text.slice(equalsAt)}`;
  const behind = comment === "" ? "" : `${shown === "" ? "" : "  "}${comment}`;
  return `${isApart ? "\n" : ""}${"  ".repeat(depth)}${shown}${behind}\n`;
}
