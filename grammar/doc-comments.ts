import type { IToken } from "chevrotain";
import type { SourceFile } from "./source.ts";

/** The `##` comments of a file. */
export interface DocComments {
  /** The text of the `##` lines that end directly above a line. */
  readonly above: (line: number) => string | undefined;
  /** The text of the `##` lines that begin the file, unless they stand directly above the line of a declaration. */
  readonly ofFile: (documentedLine: number | undefined) => string | undefined;
}

/** Sorts out the comments that document something: those that begin with two marks and have a line of their own. */
export function docComments(file: SourceFile, comments: readonly IToken[]): DocComments {
  const lines = new Map<number, { text: string; offset: number }>();
  for (const comment of comments) {
    if (!/^##(?!#)/.test(comment.image) || comment.startLine === undefined) continue;
    const begin = comment.startOffset - (comment.startColumn ?? 1) + 1;
    if (file.text.slice(begin, comment.startOffset).trim() !== "") continue;
    lines.set(comment.startLine, {
      text: comment.image.slice(2).replace(/^ /, "").trimEnd(),
      offset: comment.startOffset,
    });
  }

  const above = (line: number): string | undefined => {
    const texts: string[] = [];
    for (let at = line - 1; ; at -= 1) {
      const found = lines.get(at);
      if (!found) break;
      texts.unshift(found.text);
    }
    return texts.length > 0 ? texts.join("\n") : undefined;
  };

  const ofFile = (documentedLine: number | undefined): string | undefined => {
    const [first] = lines;
    if (!first || file.text.slice(0, first[1].offset).trim() !== "") return undefined;
    let next = first[0] + 1;
    while (lines.has(next)) next += 1;
    return next === documentedLine ? undefined : above(next);
  };
  return { above, ofFile };
}
