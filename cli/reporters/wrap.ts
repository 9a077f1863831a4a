/** Breaks text at spaces into lines of at most `width` columns; a word that is longer stands whole on a line of its own. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  const begin = text.length - text.trimStart().length;
  const [first = "", ...words] = text.slice(begin).split(" ");
  let line = text.slice(0, begin) + first;
  for (const word of words) {
    if (widthOf(line) + 1 + widthOf(word) <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

/** The lines of a text behind a heading, which stands before the first of them only. */
export function hanging(heading: string, text: string, columns: number): readonly string[] {
  const indent = " ".repeat(heading.length);
  return wrap(text, columns - heading.length).map((line, at) => `${at === 0 ? heading : indent}${line}`);
}

/** How many columns a text takes; a tab at most eight. */
function widthOf(text: string): number {
  return text.length + 7 * (text.split("\t").length - 1);
}
