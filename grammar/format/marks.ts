import type { FileNode } from "../ast.ts";

/** What only the tree tells of tokens; all of them by the place where they begin in the text. */
export interface Marks {
  /** Ends of kinds in declarations: a parenthesis behind one holds a title, and is no call. */
  readonly kindEnds: ReadonlySet<number>;
  /** Words that begin a clause, and are no names. */
  readonly clauses: ReadonlySet<number>;
  /** Further titles of a declaration and further targets of a clause; on a line of their own they go on with it. */
  readonly continued: ReadonlySet<number>;
  /** Whether a place lies in a type, where `<` and `>` are brackets. */
  readonly isInType: (offset: number) => boolean;
}

const typeNodes: ReadonlySet<unknown> = new Set(["literal-type", "named-type", "record-type", "union-type"]);
const clauseNodes: ReadonlySet<unknown> = new Set(["before", "notify", "require", "retry", "timeout", "when"]);

/** Collects the marks of a file; walks without recursion, however deep the tree is. */
export function marksOf(file: FileNode): Marks {
  const kindEnds = new Set<number>();
  const clauses = new Set<number>();
  const continued = new Set<number>();
  const types: Place[] = [];
  const pending: unknown[] = [...file.items];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (typeof node !== "object" || node === null) continue;
    if (isNode(node)) {
      if (typeNodes.has(node.type)) types.push(node.span);
      if (clauseNodes.has(node.type)) clauses.add(node.span.start);
      if (node.type === "declaration" && "kind" in node && isNode(node.kind)) kindEnds.add(node.kind.span.end);
      for (const list of [listIn(node, "titles"), listIn(node, "targets")])
        for (const one of list.slice(1)) if (isNode(one)) continued.add(one.span.start);
    }
    for (const [key, value] of Object.entries(node)) if (key !== "span" && key !== "file") pending.push(value);
  }
  const sorted = outermost(types);
  return { kindEnds, clauses, continued, isInType: (offset) => isInside(offset, sorted) };
}

interface Place {
  readonly start: number;
  readonly end: number;
}

function isNode(value: unknown): value is { readonly span: Place; readonly type?: unknown } {
  return (
    typeof value === "object" &&
    value !== null &&
    "span" in value &&
    typeof value.span === "object" &&
    value.span !== null &&
    "start" in value.span
  );
}

function listIn(node: object, key: string): readonly unknown[] {
  const found = Object.entries(node).find(([name]) => name === key)?.[1];
  return Array.isArray(found) ? found : [];
}

/** Places that lie in no other, by their begin. */
function outermost(places: readonly Place[]): readonly Place[] {
  const kept: Place[] = [];
  for (const place of places.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (place.start >= (kept.at(-1)?.end ?? 0)) kept.push(place);
  }
  return kept;
}

function isInside(offset: number, places: readonly Place[]): boolean {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const place = places[middle];
    if (!place || offset < place.start) high = middle;
    else if (offset >= place.end) low = middle + 1;
    else return true;
  }
  return false;
}
