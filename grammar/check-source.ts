import type { Diagnostic } from "./diagnostic.ts";
import { messages, syntaxError } from "./messages.ts";
import { positionAt } from "./source.ts";
import type { SourceFile } from "./source.ts";

/** Largest recipe that is read, in bytes of UTF-8 (or UTF-16 units when the bytes are not known). */
export const maxSourceBytes = 1_048_576;

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

function inMebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1).replace(/\.0$/, "")} MiB`;
}
