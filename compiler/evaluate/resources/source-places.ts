import { lineText, positionAt, type Span } from "../../../grammar/source.ts";
import { type Declaring, isGroup } from "../state/declared-resource.ts";

/** A place as messages name it within a sentence: `site.recipe:7`. */
export function placeOf(span: Span): string {
  return `${span.file.path}:${positionAt(span.file, span.start).line}`;
}

/** The places through which a declaration came about: that of the resource around it, of the one around that, and so on. */
export function throughOf(declaring: Declaring): readonly Span[] {
  const through: Span[] = [];
  // A stack or layer leads to everything in it; that it stands in the file is no way that led there.
  for (let at = declaring.container; at.declarings[0]; at = at.declarings[0].container)
    if (!isGroup(at)) through.push(at.declarings[0].span);
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
