/** Where one `${…}` of a literal stands: offsets of its `$` and of the character after its `}`. */
export interface HoleRange {
  readonly start: number;
  readonly end: number;
  /** False when the literal ended before the `}` came. */
  readonly closed: boolean;
}

/** The outline of a string or command literal, found without parsing what is in its holes. */
export interface LiteralScan {
  /** Offset after the closing quote, or where the text that was taken for the literal ends. */
  readonly end: number;
  readonly closed: boolean;
  /** `sh` before the quote. */
  readonly command: boolean;
  /** Single quotes: nothing in it is special. */
  readonly raw: boolean;
  /** Three quotes. */
  readonly block: boolean;
  /** Offsets of the text between the quotes. */
  readonly innerStart: number;
  readonly innerEnd: number;
  readonly holes: readonly HoleRange[];
}

/** How deep literals may stand in the holes of other literals. */
export const maxLiteralDepth = 20;

/** Characters that a hole may have; a longer one is taken for one that is not closed. */
const longestHole = 4_000;

const noHoles: readonly HoleRange[] = [];

/** Finds the end and the holes of the literal that begins at `start`; undefined when none begins there. */
export function scanLiteral(text: string, start: number, limit = text.length, depth = 0): LiteralScan | undefined {
  const command = text.startsWith("sh", start);
  const at = command ? start + 2 : start;
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return undefined;
  const raw = quote === "'";
  const block = text.startsWith(quote + quote + quote, at);
  const close = block ? quote + quote + quote : quote;
  const outline = { command, raw, block, innerStart: at + close.length };

  let holes: HoleRange[] | undefined;
  let offset = outline.innerStart;
  while (offset < limit) {
    const char = text[offset];
    if (char === quote && text.startsWith(close, offset))
      return { ...outline, closed: true, innerEnd: offset, end: offset + close.length, holes: holes ?? noHoles };
    if (char === "\n" && !block) break;
    if (char === "\\" && !raw) {
      const next = text[offset + 1];
      // In a command only \" and \$ are escapes, so a backslash before anything else stands alone; none hides a line's end.
      const pair = command ? next === '"' || next === "$" : next !== "\n" && next !== "\r";
      offset += pair ? 2 : 1;
    } else if (char === "$" && text[offset + 1] === "{" && !raw) {
      const hole = scanHole(text, offset, Math.min(limit, offset + longestHole), block, depth);
      (holes ??= []).push(hole);
      // Inside another literal one unclosed hole settles that this one does not close; going on would take ages.
      if (!hole.closed && depth > 0) return { ...outline, closed: false, innerEnd: hole.end, end: hole.end, holes };
      offset = hole.end;
    } else offset += 1;
  }
  const end = Math.min(offset, limit);
  const innerEnd = text[end] === "\n" && text[end - 1] === "\r" && end > outline.innerStart ? end - 1 : end;
  return { ...outline, closed: false, innerEnd, end: innerEnd, holes: holes ?? noHoles };
}

function scanHole(text: string, start: number, limit: number, block: boolean, depth: number): HoleRange {
  let open = 0;
  let offset = start + 2;
  while (offset < limit) {
    const char = text[offset];
    if (char === "}") {
      if (open === 0) return { start, end: offset + 1, closed: true };
      open -= 1;
      offset += 1;
    } else if (char === "{") {
      open += 1;
      offset += 1;
    } else if (char === "\n" && !block) {
      break;
    } else if (char === "#" && block) {
      const newline = text.indexOf("\n", offset);
      offset = newline === -1 ? limit : newline;
    } else if (char === '"' || char === "'") {
      if (depth >= maxLiteralDepth) break;
      const begin = text.startsWith("sh", offset - 2) && !isWordPart(text[offset - 3]) ? offset - 2 : offset;
      const inner = scanLiteral(text, begin, limit, depth + 1);
      if (!inner?.closed) break;
      offset = inner.end;
    } else offset += 1;
  }
  return { start, end: endOfUnclosed(text, start + 2, limit, block), closed: false };
}

/** A hole that never closes is taken to end where the literal around it most likely does: before its next quote. */
function endOfUnclosed(text: string, from: number, limit: number, block: boolean): number {
  for (let offset = from; offset < limit; offset += 1) {
    const char = text[offset];
    if (char === '"' && (!block || text.startsWith('"""', offset))) return offset;
    if (char === "\n" && !block) return text[offset - 1] === "\r" ? offset - 1 : offset;
  }
  return limit;
}

function isWordPart(char: string | undefined): boolean {
  return char !== undefined && /[A-Za-z0-9_]/.test(char);
}

/** The same outline further on in a text. */
export function moveScan(scan: LiteralScan, by: number): LiteralScan {
  return {
    ...scan,
    end: scan.end + by,
    innerStart: scan.innerStart + by,
    innerEnd: scan.innerEnd + by,
    holes: scan.holes.map((hole) => ({ ...hole, start: hole.start + by, end: hole.end + by })),
  };
}
