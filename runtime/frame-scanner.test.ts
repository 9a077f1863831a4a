import { expect, test } from "vitest";
import { FrameScanner } from "./frame-scanner.ts";

const nonce = "0123456789abcdef0123456789abcdef";

function scan(chunks: readonly Buffer[]) {
  const found: string[] = [];
  const scanner = new FrameScanner(nonce, {
    onBytes: (bytes) => {
      const last = found.at(-1);
      if (last?.startsWith("bytes ")) found[found.length - 1] = last + bytes.toString("latin1");
      else found.push(`bytes ${bytes.toString("latin1")}`);
    },
    onMark: (words) => found.push(`mark ${words}`),
  });
  for (const chunk of chunks) scanner.push(chunk);
  return found;
}

const stream = Buffer.from(
  `noise\n\x1e${nonce} begin\nsome\x1e output \x1e${nonce.slice(0, 8)}x\0\n\x1e\x1e${nonce} end 0\n\x1e${nonce} begin\n\x1e${nonce} end 7\n`,
  "latin1",
);
const expected = [
  "bytes noise\n",
  "mark begin",
  `bytes some\x1e output \x1e${nonce.slice(0, 8)}x\0\n\x1e`,
  "mark end 0",
  "mark begin",
  "mark end 7",
];

test("finds marks between arbitrary bytes", () => {
  expect(scan([stream])).toEqual(expected);
});

test("finds the same wherever the stream is cut in two", () => {
  for (let at = 0; at <= stream.length; at += 1) {
    expect(scan([stream.subarray(0, at), stream.subarray(at)])).toEqual(expected);
  }
});

test("finds the same byte by byte", () => {
  expect(scan([...stream].map((byte) => Buffer.from([byte])))).toEqual(expected);
});

test("takes no overlong line for a mark", () => {
  const forged = `\x1e${nonce} ${"x".repeat(300)}`;
  expect(scan([Buffer.from(`${forged}\n\x1e${nonce} end 0\n`)])).toEqual([`bytes ${forged}\n`, "mark end 0"]);
});

test("gives a journal's line at once, not with the next one", () => {
  expect(scan([Buffer.from("12 start 1 .\n")])).toEqual(["bytes 12 start 1 .\n"]);
});
