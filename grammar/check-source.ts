import type { Diagnostic } from "./diagnostic.ts";
import { messages, syntaxError } from "./messages.ts";
import { positionAt } from "./source.ts";
import type { SourceFile } from "./source.ts";

/** Largest recipe that is read, in bytes of UTF-8 (or UTF-16 units when the bytes are not known). */
export const maxSourceBytes = 1_048_576;

/** One file may be full of them. */
const mostReported = 5;

/** Says why a file is not worth reading: it is too large or is not text. `byteLength` is its size on disk when known. */
export function checkSource(source: SourceFile, byteLength = source.text.length): Diagnostic | undefined {
  if (byteLength > maxSourceBytes) {
    const sizes = { size: inMebibytes(byteLength), limit: inMebibytes(maxSourceBytes) };
    return syntaxError(messages.tooLarge, { file: source, start: 0, end: 0 }, sizes);
  }
  // A decoder puts U+FFFD where the bytes are no UTF-8.
  const start = source.text.search(/[\0\uFFFD]/);
  if (start === -1) return undefined;
  return syntaxError(messages.notText, { file: source, start: 0, end: 0 }, positionAt(source, start));
}

/** Characters that change the direction in which the text around them is shown; they themselves are invisible. */
const directional = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;

/** Reports characters that make a file look other than it is read, also in comments and strings. */
export function directionalCharacters(source: SourceFile): readonly Diagnostic[] {
  const found = [...source.text.matchAll(directional)];
  return found.slice(0, mostReported).map(({ index, 0: character }) => {
    const number = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    const span = { file: source, start: index, end: index + 1 };
    return syntaxError(messages.directional, span, { number }, { fix: { span, text: "" } });
  });
}

function inMebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1).replace(/\.0$/, "")} MiB`;
}
