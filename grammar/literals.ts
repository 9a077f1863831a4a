import type { CommandLiteral, Expression, Hole, StringLiteral, TextPart } from "./ast.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { LiteralScan } from "./literal-scan.ts";
import { messages, syntaxError } from "./messages.ts";
import { placesOfHoles } from "./shell-quoting.ts";
import type { SourceFile, Span } from "./source.ts";

/** A hole whose expression is still text; `fill` puts the parsed one in, `drop` leaves the hole out. */
export interface PendingHole {
  readonly span: Span;
  /** Offsets of the text between the braces. */
  readonly start: number;
  readonly end: number;
  readonly fill: (expression: Expression) => void;
  readonly drop: () => void;
}

/** What building a literal gives besides the node. */
export interface LiteralContext {
  readonly file: SourceFile;
  readonly report: (diagnostic: Diagnostic) => void;
  readonly defer: (hole: PendingHole) => void;
}

type Range = readonly [start: number, end: number];

/** Builds the node of a string or command from its outline; holes are handed to `defer`, mistakes to `report`. */
export function buildLiteral(
  start: number,
  scan: LiteralScan,
  context: LiteralContext,
): StringLiteral | CommandLiteral {
  const { file } = context;
  const span: Span = { file, start, end: scan.end };
  if (!scan.closed) reportUnclosed(span, scan, context);

  const parts: (TextPart | Hole)[] = [];
  if (scan.holes.length === 0 && !scan.block) {
    addText(parts, [scan.innerStart, scan.innerEnd], cook([scan.innerStart, scan.innerEnd], scan, context), file);
    return nodeOf(scan, span, parts);
  }
  const pending: { hole: Writable<Hole>; range: LiteralScan["holes"][number] }[] = [];
  const segments = segmentsOf(scan);
  const kept = scan.block ? withoutIndentation(file.text, segments) : segments.map((segment) => [segment]);
  for (const [index, chunks] of kept.entries()) {
    const segment = segments[index] ?? [scan.innerStart, scan.innerStart];
    const text = chunks.map((chunk) => cook(chunk, scan, context)).join("");
    addText(parts, segment, text, file);
    const range = scan.holes[index];
    if (!range) continue;
    const holeSpan: Span = { file, start: range.start, end: range.end };
    if (!range.closed) {
      context.report(syntaxError(messages.unclosedHole, { file, start: range.start, end: range.start + 2 }, undefined));
      continue;
    }
    if (file.text.slice(range.start + 2, range.end - 1).trim() === "") {
      context.report(syntaxError(messages.emptyHole, holeSpan, undefined));
      continue;
    }
    const hole: Writable<Hole> = { type: "hole", span: holeSpan, expression: { type: "none", span: holeSpan } };
    parts.push(hole);
    pending.push({ hole, range });
  }

  if (scan.command) {
    const places = placesOfHoles(parts);
    for (const [index, { hole }] of pending.entries()) Object.assign(hole, places[index]);
  }
  for (const { hole, range } of pending) {
    context.defer({
      span: hole.span,
      start: range.start + 2,
      end: range.end - 1,
      fill: (expression) => void (hole.expression = expression),
      drop: () => void parts.splice(parts.indexOf(hole), 1),
    });
  }
  return nodeOf(scan, span, parts);
}

function nodeOf(scan: LiteralScan, span: Span, parts: readonly (TextPart | Hole)[]): StringLiteral | CommandLiteral {
  return scan.command ? { type: "command", span, parts } : { type: "string", span, parts, block: scan.block };
}

function addText(parts: (TextPart | Hole)[], [start, end]: Range, text: string, file: SourceFile): void {
  if (text !== "") parts.push({ type: "text", span: { file, start, end }, text });
}

type Writable<Node> = { -readonly [Key in keyof Node]: Node[Key] };

function reportUnclosed(span: Span, scan: LiteralScan, context: LiteralContext): void {
  const mark = scan.raw ? "'" : '"';
  const quote = scan.block ? mark.repeat(3) : mark;
  const shown = scan.block ? { ...span, end: scan.innerStart } : span;
  context.report(syntaxError(messages.unclosedString, shown, { quote, block: scan.block }));
}

function segmentsOf(scan: LiteralScan): Range[] {
  const segments: Range[] = [];
  let from = scan.innerStart;
  for (const hole of scan.holes) {
    segments.push([from, hole.start]);
    from = hole.end;
  }
  segments.push([from, Math.max(from, scan.innerEnd)]);
  return segments;
}

/** The parts of each segment that remain when the first newline and the common indentation are taken away. */
function withoutIndentation(text: string, segments: readonly Range[]): Range[][] {
  const first = segments[0] ?? [0, 0];
  const opening = /[ \t]*\r?\n/y;
  opening.lastIndex = first[0];
  const skipped = opening.exec(text)?.[0] ?? "";
  const dropsLine = skipped !== "" && first[0] + skipped.length <= first[1];
  const trimmed = segments.map((segment, index): Range =>
    index === 0 && dropsLine ? [segment[0] + skipped.length, segment[1]] : segment,
  );

  const lines = trimmed.map(([start, end], index) => linesOf(text, start, end, index === 0 && dropsLine));
  let common: string | undefined;
  for (const [index, segment] of lines.entries()) {
    for (const line of segment) {
      if (!line.begins) continue;
      const indent = /[ \t]*/.exec(text.slice(line.start, line.end))?.[0] ?? "";
      const rest = text.slice(line.start + indent.length, line.end);
      const isLast = index === lines.length - 1 && line === segment.at(-1);
      const blank = rest === "\n" || rest === "\r\n";
      if (blank && !isLast) continue;
      common = common === undefined ? indent : commonPrefix(common, indent);
    }
  }
  const removed = common ?? "";
  return lines.map((segment) =>
    segment.flatMap((line): Range[] => {
      const indent = line.begins ? (/[ \t]*/.exec(text.slice(line.start, line.end))?.[0].length ?? 0) : 0;
      const start = line.start + Math.min(indent, removed.length);
      // Line ends are the language's own, whatever the editor that saved the file writes.
      return text.endsWith("\r\n", line.end) && line.end - 2 >= start
        ? [
            [start, line.end - 2],
            [line.end - 1, line.end],
          ]
        : [[start, line.end]];
    }),
  );
}

interface Line {
  readonly start: number;
  /** After the newline, when the line has one. */
  readonly end: number;
  /** It begins a line of the file, so that its leading space is indentation. */
  readonly begins: boolean;
}

function linesOf(text: string, start: number, end: number, begins: boolean): Line[] {
  const lines: Line[] = [];
  let from = start;
  let first = begins;
  for (;;) {
    const newline = text.indexOf("\n", from);
    if (newline === -1 || newline >= end) break;
    lines.push({ start: from, end: newline + 1, begins: first });
    from = newline + 1;
    first = true;
  }
  lines.push({ start: from, end, begins: first });
  return lines;
}

function commonPrefix(a: string, b: string): string {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}

const simpleEscapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", '"': '"', "\\": "\\", $: "$" };

/** The text that a range of source represents. */
function cook([start, end]: Range, scan: LiteralScan, context: LiteralContext): string {
  const { text } = context.file;
  const source = text.slice(start, end);
  if (scan.raw || !source.includes("\\")) return source;
  if (scan.command) return source.replaceAll(/\\(["$])/g, "$1");
  return source.replaceAll(/\\(u\{[^}"\n]*\}?|[^]|$)/gu, (escape: string, body: string, offset: number) => {
    const known = simpleEscapes[body];
    if (known !== undefined) return known;
    const span = { file: context.file, start: start + offset, end: start + offset + escape.length };
    if (!body.startsWith("u{")) {
      context.report(
        syntaxError(messages.unknownEscape, span, { escape: escape.trim() === "\\" ? "\\ and end of line" : escape }),
      );
      return escape;
    }
    const digits = /^u\{([0-9A-Fa-f]{1,6})\}$/.exec(body)?.[1];
    const point = digits === undefined ? Number.NaN : Number.parseInt(digits, 16);
    if (!(point <= 0x10ffff) || (point >= 0xd800 && point <= 0xdfff)) {
      context.report(syntaxError(messages.badCodePoint, span, { escape }));
      return "";
    }
    return String.fromCodePoint(point);
  });
}
