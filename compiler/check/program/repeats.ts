import type { Diagnostic } from "../../../grammar/diagnostic.ts";
import { positionAt } from "../../../grammar/source.ts";

/** The messages about a name that means nothing, or not what its use needs: an unknown value, kind or type, a kind as a value. */
const grouped = new Set(["R104", "T101", "T120", "T137", "T148"]);

/** How many further lines a message lists. */
const mostLines = 8;

/**
 * Reports each unknown name once in a file, at its first use; a hint lists the other lines. A kind that does not exist
 * is reported where it is declared, and references to it are counted as further uses.
 */
export function withoutRepeats(found: readonly Diagnostic[]): readonly Diagnostic[] {
  const kinds = new Map<string, string>();
  for (const one of found) if (one.code === "R104") kinds.set(`${one.span.file.path} ${nameIn(one)}`, keyOf(one));
  const groups = new Map<string, Diagnostic[]>();
  for (const one of found) {
    if (!grouped.has(one.code)) continue;
    const key = (one.code === "T120" && kinds.get(`${one.span.file.path} ${nameIn(one)}`)) || keyOf(one);
    const group = groups.get(key);
    if (!group) groups.set(key, [one]);
    else if (one.code === "R104" && group[0]?.code === "T120") group.unshift(one);
    else group.push(one);
  }
  const kept = new Map<Diagnostic, Diagnostic>();
  for (const [first, ...others] of groups.values()) if (first) kept.set(first, withLines(first, others));
  return found.flatMap((one) => (grouped.has(one.code) ? (kept.get(one) ?? []) : one));
}

function keyOf({ code, span, message, label }: Diagnostic): string {
  return [span.file.path, code, message, label].join("\n");
}

function nameIn({ message }: Diagnostic): string {
  return /`([^`]*)`/.exec(message)?.[1] ?? "";
}

function withLines(first: Diagnostic, others: readonly Diagnostic[]): Diagnostic {
  const lineOf = ({ span }: Diagnostic): number => positionAt(span.file, span.start).line;
  const lines = [...new Set(others.map(lineOf))].filter((line) => line !== lineOf(first)).toSorted((a, b) => a - b);
  if (lines.length === 0) return first;
  const shown = lines.slice(0, mostLines).join(", ");
  const more = lines.length > mostLines ? ` and ${lines.length - mostLines} more` : "";
  const hint = `also in ${lines.length === 1 ? "line" : "lines"} ${shown}${more}`;
  return { ...first, hints: [...(first.hints ?? []), hint] };
}
