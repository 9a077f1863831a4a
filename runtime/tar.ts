/** One regular file of an archive. */
export interface TarEntry {
  /** A relative path of ours: ASCII, without `..`, at most 100 bytes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const blockSize = 512;

/** Writes a POSIX ustar archive: files owned by root, mode 0600, and the directories they are in, mode 0700. */
export function writeTar(entries: readonly TarEntry[]): Buffer {
  const parts: Buffer[] = [];
  const directories = new Set<string>();
  for (const { path, bytes } of entries) {
    const slash = path.lastIndexOf("/");
    const directory = path.slice(0, slash + 1);
    if (directory !== "" && !directories.has(directory)) {
      directories.add(directory);
      parts.push(header(directory, 0, "5", 0o700));
    }
    parts.push(header(path, bytes.length, "0", 0o600), Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    const rest = bytes.length % blockSize;
    if (rest > 0) parts.push(Buffer.alloc(blockSize - rest));
  }
  parts.push(Buffer.alloc(2 * blockSize));
  return Buffer.concat(parts);
}

function header(path: string, size: number, type: "0" | "5", mode: number): Buffer {
  if (!/^[A-Za-z0-9._/-]{1,100}$/.test(path) || path.includes("..") || path.startsWith("/")) {
    throw new Error(`\`${path}\` is no path for an archive of ours`);
  }
  const block = Buffer.alloc(blockSize);
  block.write(path, 0, "latin1");
  block.write(octal(mode, 7), 100, "latin1");
  block.write(octal(0, 7), 108, "latin1");
  block.write(octal(0, 7), 116, "latin1");
  block.write(octal(size, 11), 124, "latin1");
  block.write(octal(0, 11), 136, "latin1");
  block.write("        ", 148, "latin1");
  block.write(type, 156, "latin1");
  block.write("ustar\x0000", 257, "latin1");
  block.write("root", 265, "latin1");
  block.write("root", 297, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${octal(sum, 6)}\0 `, 148, "latin1");
  return block;
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}
