import type { Diagnostic, Severity } from "./diagnostic.ts";
import { displayWidth, widthOf } from "./display-width.ts";
import { printable } from "./printable.ts";
import { lineText, positionAt } from "./source.ts";
import type { SourceFile, Span } from "./source.ts";

/** How the parts of a frame are decorated, for instance with colour; each gets finished text and may only add to it. */
export interface FrameStyle {
  /** `error[R101]` */
  readonly heading: (text: string, severity: Severity) => string;
  readonly message: (text: string) => string;
  /** `-->`, line numbers, bars and `=` */
  readonly gutter: (text: string) => string;
  /** Carets and the words beside them. */
  readonly primary: (text: string, severity: Severity) => string;
  /** Dashes and the words beside them. */
  readonly related: (text: string) => string;
}

/** What a frame may be given besides the diagnostic. */
export interface FrameOptions {
  readonly style?: FrameStyle;
  /** The command that makes safe fixes, named beside the label of what it would fix. */
  readonly fixCommand?: string;
}

const plain: FrameStyle = {
  heading: (text) => text,
  message: (text) => text,
  gutter: (text) => text,
  primary: (text) => text,
  related: (text) => text,
};

const tabWidth = 4;
/** Lines wider than this are cut around what is marked. */
const widestLine = 160;

/** One underlined stretch of one line, in columns counted from 0. */
interface Mark {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly label: string;
  readonly primary: boolean;
}

/** Shows a diagnostic with its place, its lines of source, what is marked in them, and its hints. */
export function frame(diagnostic: Diagnostic, { style = plain, fixCommand }: FrameOptions = {}): string {
  const { code, severity, span, message, label = "", hints = [], related = [], fix } = diagnostic;
  const cure = fix && fixCommand !== undefined && label !== "" ? `${label}          (fix: ${fixCommand})` : label;
  const groups = new Map<SourceFile, { span: Span; label: string; primary: boolean }[]>();
  for (const place of [{ span, label: cure, primary: true }, ...related.map((one) => relatedPlace(one))]) {
    const group = groups.get(place.span.file);
    if (group) group.push(place);
    else groups.set(place.span.file, [place]);
  }

  const marks = [...groups].map(([file, places]) => ({
    file,
    first: places[0]?.span ?? span,
    marks: places.flatMap((place) => marksOf(place.span, place.label, place.primary)),
  }));
  const lastLine = Math.max(0, ...marks.flatMap((group) => group.marks.map((mark) => mark.line)));
  const width = Math.max(2, String(lastLine).length);
  const bar = style.gutter(`${" ".repeat(width)} |`);

  const lines = [`${style.heading(`${severity}[${code}]`, severity)}${style.message(`: ${printable(message)}`)}`];
  for (const group of marks) {
    const { line, column } = positionAt(group.file, group.first.start);
    const whole = isWholeFile(group.first);
    const place = whole ? group.file.path : `${group.file.path}:${line}:${column}`;
    lines.push(`${style.gutter(`${" ".repeat(width)}-->`)} ${printable(place)}`);
    if (whole) continue;
    lines.push(bar);
    for (const number of new Set(group.marks.map((mark) => mark.line).toSorted((a, b) => a - b))) {
      const shown = shownLine(
        group.file,
        number,
        group.marks.filter((mark) => mark.line === number),
      );
      lines.push(`${style.gutter(`${String(number).padStart(width)} |`)} ${shown.text}`.trimEnd());
      for (const row of markRows(shown.marks, style, severity)) lines.push(`${bar} ${row}`);
    }
  }
  for (const hint of hints) lines.push(`${" ".repeat(width)} ${style.gutter("=")} ${printable(hint)}`);
  return lines.join("\n");
}

function relatedPlace({ span, message }: { span: Span; message: string }): {
  span: Span;
  label: string;
  primary: boolean;
} {
  return { span, label: message, primary: false };
}

/** An empty span at the very beginning means the file as a whole. */
function isWholeFile(span: Span): boolean {
  return span.start === 0 && span.end === 0;
}

/** What a span marks: one stretch, or the first and the last line of one that goes over several. */
function marksOf(span: Span, label: string, primary: boolean): Mark[] {
  if (isWholeFile(span)) return [];
  const start = positionAt(span.file, span.start);
  const end = positionAt(span.file, Math.max(span.start, span.end));
  const first = lineText(span.file, start.line);
  // A span that ends with its newline ends on the line before.
  const endsEarly = end.column === 1 && end.line > start.line;
  const lastLine = endsEarly ? end.line - 1 : end.line;
  const last = lineText(span.file, lastLine);
  const lastEnd = endsEarly ? last.length : end.column - 1;
  if (lastLine === start.line)
    return [{ line: start.line, ...columns(first, start.column - 1, lastEnd), label, primary }];
  const indent = /^\s*/.exec(last)?.[0].length ?? 0;
  return [
    { line: start.line, ...columns(first, start.column - 1, first.length), label: "", primary },
    { line: lastLine, ...columns(last, Math.min(indent, lastEnd), lastEnd), label, primary },
  ];
}

/** Columns on the screen of two offsets in a line; at least one column wide. */
function columns(line: string, start: number, end: number): { from: number; to: number } {
  const from = displayWidth(expandTabs(line.slice(0, start)));
  return { from, to: Math.max(from + 1, displayWidth(expandTabs(line.slice(0, end)))) };
}

function expandTabs(text: string): string {
  let result = "";
  let column = 0;
  for (const char of printable(text)) {
    if (char === "\t") {
      const spaces = tabWidth - (column % tabWidth);
      result += " ".repeat(spaces);
      column += spaces;
    } else {
      result += char;
      column += widthOf(char.codePointAt(0) ?? 0);
    }
  }
  return result;
}

/** A line as it is printed, cut when it is very long, with its marks moved accordingly. */
function shownLine(file: SourceFile, number: number, marks: readonly Mark[]): { text: string; marks: readonly Mark[] } {
  const text = expandTabs(lineText(file, number));
  if (displayWidth(text) <= widestLine) return { text, marks };
  const wanted = marks.find((mark) => mark.primary) ?? marks[0];
  const from = Math.max(0, (wanted?.from ?? 0) - widestLine / 4);
  const to = from + (widestLine * 3) / 4;
  let column = 0;
  let cut = from > 0 ? "…" : "";
  const shift = from > 0 ? 1 - from : 0;
  for (const char of text) {
    if (column >= from && column < to) cut += char;
    column += widthOf(char.codePointAt(0) ?? 0);
  }
  if (column > to) cut += "…";
  const kept = marks.filter((mark) => mark.from < to && mark.to > from);
  return {
    text: cut,
    marks: kept.map((mark) => ({
      ...mark,
      from: Math.max(mark.from, from) + shift,
      to: Math.min(mark.to, to) + shift,
    })),
  };
}

/**
 * The rows below a line: marks that do not overlap share the first, which also carries the words of its rightmost;
 * the words of the others follow below their marks.
 */
function markRows(marks: readonly Mark[], style: FrameStyle, severity: Severity): string[] {
  const drawn = marks.filter((mark) => mark.primary || mark.label !== "").toSorted((a, b) => a.from - b.from);
  const together: Mark[] = [];
  const apart: Mark[] = [];
  for (const mark of drawn) (mark.from >= (together.at(-1)?.to ?? 0) ? together : apart).push(mark);

  const paint = (text: string, mark: Mark): string =>
    mark.primary ? style.primary(text, severity) : style.related(text);
  const rows: string[] = [];
  let row = "";
  let column = 0;
  for (const mark of together) {
    row += " ".repeat(mark.from - column) + paint((mark.primary ? "^" : "-").repeat(mark.to - mark.from), mark);
    column = mark.to;
  }
  const last = together.at(-1);
  if (last) rows.push(last.label === "" ? row : `${row} ${paint(printable(last.label), last)}`);
  for (const mark of together.slice(0, -1).toReversed())
    if (mark.label !== "") rows.push(" ".repeat(mark.from) + paint(printable(mark.label), mark));
  for (const mark of apart) {
    const line = (mark.primary ? "^" : "-").repeat(mark.to - mark.from);
    rows.push(" ".repeat(mark.from) + paint(mark.label === "" ? line : `${line} ${printable(mark.label)}`, mark));
  }
  return rows;
}
