/** What shells, printf, read, regular expressions and terminals treat specially, beside plain and non-ASCII text. */
const pieces: readonly string[] = [
  ..."abz019 \t\n\r\u0001\u0007\u001b\u007f\u0080\u00ff!\"#$%&'()*+,-.:;<=>?@[\\]^_`{|}~éß\u2028\ufeff\u202e\ufffd",
  "🦆",
  "\n\n",
  "$'\\n'",
  "$(id)",
  "$1",
  "$@",
  "%s%n",
  "&&",
  "'\\''",
  "--",
  "-e",
  "-n",
  "EOF",
  "END",
  "\\0",
  "\\n",
  "`id`",
  "||",
  "~root",
  "${HOME}",
];

/** A source of numbers from 0 to below 1 that is the same for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Texts of 1 to about 24 bytes without NUL, the same for the same seed; the first of them are the pieces one by one. */
export function randomTexts(seed: number, count: number): readonly string[] {
  const random = randomNumbers(seed);
  const piece = () => pieces[Math.floor(random() * pieces.length)] ?? "x";
  return Array.from({ length: count }, (_, index) =>
    index < pieces.length
      ? (pieces[index] ?? "x")
      : Array.from({ length: 1 + Math.floor(random() * 8) }, piece).join(""),
  );
}

/** The same as names of files in one folder: each once, and none of them `.` or `..`. */
export function randomNames(seed: number, count: number): readonly string[] {
  return [...new Set(randomTexts(seed, count))].filter((name) => name !== "." && name !== "..");
}
