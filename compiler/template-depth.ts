/** Blocks, `{{else if}}`s and parentheses within each other beyond which a template is refused: Handlebars needs exponential time for some. */
export const deepestTemplate = 100;

/** One piece of a template's text that decides how deep the rest stands; comments and escaped braces are passed over whole. */
const piece = /\\\\(?=\{\{)|\\\{\{|\{\{~?!--[\s\S]*?--~?\}\}|\{\{~?![\s\S]*?\}\}|\{\{\{?\{?~?/g;
/** What a tag begins with, read from right behind its braces. */
const head = /(?<sign>[#^/])|\s*else(?=[\s~}])/y;
/** A piece of a tag's inside: text in quotes and names in brackets are passed over whole. */
const inside = /"(?:\\"|[^"])*"|'(?:\\'|[^'])*'|\[(?:\\\]|[^\]])*\]|\(|\)|\}\}/g;

/** The offset of the first part that stands too deep to be parsed; undefined when there is none. */
export function tooDeepAt(source: string): number | undefined {
  /** For each open block how many levels it adds: itself, and one for each `{{else if}}`. */
  const open: number[] = [];
  let depth = 0;
  piece.lastIndex = 0;
  for (let mark = piece.exec(source); mark; mark = piece.exec(source)) {
    const [text] = mark;
    if (!/^\{\{\{?\{?~?$/.test(text)) continue;
    const tag = readTag(source, piece.lastIndex);
    piece.lastIndex = tag.end;
    if (tag.opens === "block") {
      open.push(1);
      depth += 1;
    } else if (tag.opens === "chain" && open.length > 0) {
      open.push((open.pop() ?? 0) + 1);
      depth += 1;
    } else if (tag.opens === "end") depth -= open.pop() ?? 0;
    if (depth + tag.parentheses > deepestTemplate) return mark.index;
  }
  return undefined;
}

interface Tag {
  readonly opens: "block" | "chain" | "end" | "nothing";
  /** How deep parentheses stand in it. */
  readonly parentheses: number;
  /** Where its text ends. */
  readonly end: number;
}

function readTag(source: string, start: number): Tag {
  head.lastIndex = start;
  const begin = head.exec(source);
  inside.lastIndex = begin ? head.lastIndex : start;
  const from = inside.lastIndex;
  let depth = 0;
  let parentheses = 0;
  let mark = inside.exec(source);
  for (; mark && mark[0] !== "}}"; mark = inside.exec(source)) {
    if (mark[0] === "(") parentheses = Math.max(parentheses, ++depth);
    else if (mark[0] === ")") depth -= 1;
  }
  const end = mark ? inside.lastIndex : source.length;
  const isBare = /^\s*~?$/.test(source.slice(from, mark ? mark.index : end));
  const sign = begin?.groups?.["sign"];
  if (sign === "/") return { opens: "end", parentheses, end };
  if (sign === "#" || (sign === "^" && !isBare)) return { opens: "block", parentheses, end };
  return { opens: begin && !isBare ? "chain" : "nothing", parentheses, end };
}
