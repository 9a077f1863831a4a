import { lineText, positionAt, type Span } from "../../../grammar/source.ts";
import type { Declaring } from "../state/declared-resource.ts";

/** A place as messages name it within a sentence: `site.recipe:7`. */
export function placeOf(span: Span): string {
  return `${span.file.path}:${positionAt(span.file, span.start).line}`;
}

/** The places through which a declaration came about: that of the resource around it, of the one around that, and so on. */
export function throughOf(declaring: Declaring): readonly Span[] {
  const through: Span[] = [];
  for (let at = declaring.container.declarings[0]; at; at = at.container.declarings[0]) through.push(at.span);
  return through;
}

/** The places through which something came about, the nearest first: " (through site.recipe:3)". */
export function way(through: readonly Span[], word: string): string {
  return through.length === 0 ? "" : ` (${word} ${through.map(placeOf).join(", ")})`;
}

/** The first line of what stands at a place, without the space around it. */
export function firstLine(span: Span): string {
  return lineText(span.file, positionAt(span.file, span.start).line).trim();
}
