/**
 * Values as a shell can read them without a fork and without losing a byte: for each a line with the number of its lines,
 * then these lines. No NUL inside, as shells cannot hold one.
 */
export function encodeLineCounted(values: readonly (string | Uint8Array)[]): Buffer {
  const parts: Buffer[] = [];
  for (const value of values) {
    const bytes = typeof value === "string" ? Buffer.from(value, "utf8") : Buffer.from(value);
    if (bytes.includes(0)) throw new Error("a value for the target's shell holds a NUL byte");
    parts.push(Buffer.from(`${countLines(bytes)}\n`), bytes, newline);
  }
  return Buffer.concat(parts);
}

/** A verb with its arguments as the shell library's `galley_call` reads it: the verb, their number, the arguments. */
export function encodeCall(verb: string, values: readonly (string | Uint8Array)[]): Buffer {
  if (!/^[a-z][a-z0-9_]*$/.test(verb)) throw new Error(`\`${verb}\` is no name of a verb`);
  return Buffer.concat([Buffer.from(`${verb}\n${values.length}\n`), encodeLineCounted(values)]);
}

/** Reads values back; undefined when the lines do not add up. */
export function decodeLineCounted(lines: readonly string[]): readonly string[] | undefined {
  const values: string[] = [];
  for (let at = 0; at < lines.length;) {
    const count = Number(lines[at]);
    if (!Number.isInteger(count) || count < 1 || at + count >= lines.length) return undefined;
    values.push(lines.slice(at + 1, at + 1 + count).join("\n"));
    at += 1 + count;
  }
  return values;
}

const newline = Buffer.from("\n");

function countLines(bytes: Buffer): number {
  let count = 1;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) count += 1;
  return count;
}
