/** What the resident shell's output consists of: bytes, and marks that our shell prints between them. */
export interface ScannerEvents {
  readonly onBytes: (bytes: Buffer) => void;
  /** The words of a mark, such as `ready` or `end 0`. */
  readonly onMark: (words: string) => void;
}

/** Marks are short; anything longer after a nonce is not one of ours. */
const longestMark = 200;
/** The record separator: hardly any output ends with it, so hardly any has to be held back. */
const firstByte = 0x1e;

/**
 * Finds the marks `\x1e<nonce> <words>\n` in a stream of arbitrary bytes, wherever its chunks are cut. The nonce is known to
 * the target's shell only, so no output of a program can be taken for a mark.
 */
export class FrameScanner {
  readonly #events: ScannerEvents;
  #prefix: Buffer;
  #rest: Buffer = Buffer.alloc(0);

  constructor(nonce: string, events: ScannerEvents) {
    this.#events = events;
    this.#prefix = prefixOf(nonce);
  }

  /** Marks from now on carry another nonce. */
  expect(nonce: string): void {
    this.#prefix = prefixOf(nonce);
  }

  push(chunk: Buffer): void {
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, chunk]) : chunk;
    for (;;) {
      const prefix = this.#prefix;
      const at = data.indexOf(prefix);
      if (at === -1) {
        const keep = startOfPossiblePrefix(data, prefix);
        this.#emit(data.subarray(0, keep));
        this.#rest = data.subarray(keep);
        return;
      }
      const start = at + prefix.length;
      const end = data.indexOf(10, start);
      this.#emit(data.subarray(0, at));
      if (end === -1 && data.length - start <= longestMark) {
        this.#rest = data.subarray(at);
        return;
      }
      if (end === -1 || end - start > longestMark) {
        this.#emit(data.subarray(at, start));
        data = data.subarray(start);
        continue;
      }
      const words = data.toString("latin1", start, end);
      data = data.subarray(end + 1);
      this.#events.onMark(words);
    }
  }

  #emit(bytes: Buffer): void {
    if (bytes.length > 0) this.#events.onBytes(bytes);
  }
}

function prefixOf(nonce: string): Buffer {
  return Buffer.from(`\x1e${nonce} `, "latin1");
}

/** Where a mark may begin whose prefix is cut off by the end of the data. */
function startOfPossiblePrefix(data: Buffer, prefix: Buffer): number {
  let at = Math.max(0, data.length - prefix.length + 1);
  for (;;) {
    at = data.indexOf(firstByte, at);
    if (at === -1) return data.length;
    if (data.subarray(at).equals(prefix.subarray(0, data.length - at))) return at;
    at += 1;
  }
}
