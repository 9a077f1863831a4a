/** One regular file of an archive. */
export interface TarEntry {
  /** A relative path of ours: ASCII, without `..`, at most 100 bytes. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

const blockSize = 512;

/** Writes a POSIX ustar archive: files owned by root, mode 0600, and the directories they are in, mode 0700. */
export function writeTar(entries: readonly TarEntry[]): Buffer {
  const directories = new Set(entries.map(({ path }) => directoryOf(path)));
  directories.delete("");
  const blocks = entries.reduce(
    (total, { bytes }) => total + 1 + Math.ceil(bytes.length / blockSize),
    directories.size,
  );
  // All of it at once: an archive may be large, and its parts would take the same room again.
  const archive = Buffer.alloc((blocks + 2) * blockSize);
  let at = 0;
  const addHeader = (path: string, size: number, type: "0" | "5", mode: number) => {
    writeHeader(archive.subarray(at, at + blockSize), path, size, type, mode);
    at += blockSize;
  };
  for (const { path, bytes } of entries) {
    const directory = directoryOf(path);
    if (directories.delete(directory)) addHeader(directory, 0, "5", 0o700);
    addHeader(path, bytes.length, "0", 0o600);
    archive.set(bytes, at);
    at += Math.ceil(bytes.length / blockSize) * blockSize;
  }
  return archive;
}

/** The directory of a path with its slash; empty for a path without. */
function directoryOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

function writeHeader(block: Buffer, path: string, size: number, type: "0" | "5", mode: number): void {
  if (!/^[A-Za-z0-9._/-]{1,100}$/.test(path) || path.includes("..") || path.startsWith("/")) {
    throw new Error(`\`${path}\` is no path for an archive of ours`);
  }
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
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}
