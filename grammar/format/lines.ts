import type { IToken } from "chevrotain";

/** Tokens and comments that stand together on one line; the last of them may itself be of several lines. */
export interface SourceLine {
  readonly tokens: readonly IToken[];
  /** Behind the tokens, or alone on the line. */
  readonly comment?: IToken;
  /** There is an empty line before it. */
  readonly isApart: boolean;
}

/** Splits what was read of a text into its lines. */
export function linesOf(tokens: readonly IToken[], comments: readonly IToken[]): readonly SourceLine[] {
  const isComment = new Set(comments);
  const all = [...tokens, ...comments].toSorted((a, b) => a.startOffset - b.startOffset);
  const lines: { tokens: IToken[]; comment?: IToken; isApart: boolean }[] = [];
  let end = 0;
  for (const token of all) {
    const start = token.startLine ?? 0;
    let line = lines.at(-1);
    if (!line || start > end) lines.push((line = { tokens: [], isApart: line !== undefined && start > end + 1 }));
    if (isComment.has(token)) line.comment = token;
    else line.tokens.push(token);
    end = token.endLine ?? start;
  }
  return lines;
}
