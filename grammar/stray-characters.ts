import type { ILexingError } from "chevrotain";
import type { Diagnostic } from "./diagnostic.ts";
import { messages, syntaxError } from "./messages.ts";
import type { SourceFile } from "./source.ts";

const advice: Readonly<Record<string, string>> = {
  ";": "nothing is needed at the end of a line",
  "&": "written `and`",
  "!": "written `not`",
  $: "a name stands by itself; `${name}` is for strings",
  "\u2018": "quotes are straight: ' or \"",
  "\u2019": "quotes are straight: ' or \"",
  "\u201C": 'quotes are straight: "',
  "\u201D": 'quotes are straight: "',
  "\u00A0": "this space is not a plain one: type it again",
  "\uFEFF": "a byte order mark belongs to the start of a file",
  "`": "text is put between \" or '",
  "\\": "a line needs no mark to go on in the next",
};

/** One message for each run of characters that begin no token; `base` is added to their offsets. */
export function strayCharacters(file: SourceFile, errors: readonly ILexingError[], base = 0): Diagnostic[] {
  const isMark = (offset: number): boolean => base + offset === 0 && file.text.startsWith("\uFEFF");
  return errors
    .filter(({ offset, length }) => !(isMark(offset) && length === 1))
    .map(({ offset, length }) => {
      const start = base + offset;
      const text = file.text.slice(start, start + length);
      const first = String.fromCodePoint(text.codePointAt(0) ?? 0);
      const shown = /^[\u0000-\u0020\u007F-\u00A0\uFEFF]/.test(first)
        ? codePoint(first)
        : `\`${text.length > 20 ? first : text}\``;
      const known =
        advice[first] ??
        (/\p{L}/u.test(first)
          ? "a name has the letters a to z, digits and `_`; text is put in quotes"
          : "remove it, or put text in quotes");
      return syntaxError(
        messages.strayCharacter,
        { file, start, end: start + length },
        { found: shown, advice: known },
      );
    });
}

function codePoint(char: string): string {
  return `the character U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}
