import { decodeBinary, encodeBinary, toBinary } from "./binary.ts";
import type { Binary } from "./binary.ts";

/** What stands at a path, as `path_probe` saw it; a symbolic link is itself, not what it points to. */
export interface PathRecord {
  readonly type: PathType;
  /** Permission bits, with setuid, setgid and sticky. */
  readonly mode: number;
  /** Bytes. */
  readonly size: number;
  readonly uid: number;
  /** The account's name; empty when the number has none. */
  readonly user: string;
  readonly gid: number;
  readonly group: string;
  /** Last change of the content, whole seconds since 1970. */
  readonly modified: number;
  /** Where a symbolic link points to; only when the probe asked for it. */
  readonly target?: Binary;
  /** SHA-256 of a regular file in lower-case hexadecimal; only when it was hashed. */
  readonly digest?: string;
}

/** What stands at a path, in words that go into messages. */
export type PathType =
  | "block device"
  | "character device"
  | "directory"
  | "fifo"
  | "file"
  | "link"
  | "socket"
  | "unknown";

/** What a probe found out. A path that is neither in `found` nor in `unreadable` is absent. */
export interface PathReading {
  readonly found: ReadonlyMap<string, PathRecord>;
  readonly unreadable: ReadonlySet<string>;
}

/** One record for `stat -c`: made for a reader that must survive every byte in a name. */
export const recordFormat = "s:%f:%s:%u:%U:%g:%G:%Y:%n//";

/** As `recordFormat`, with the target of a symbolic link behind it. */
export const linkRecordFormat = `${recordFormat}%N//`;

const types: Readonly<Record<number, PathType>> = {
  0o010000: "fifo",
  0o020000: "character device",
  0o040000: "directory",
  0o060000: "block device",
  0o100000: "file",
  0o120000: "link",
  0o140000: "socket",
};

const statRecord = /s:([0-9a-f]+):(\d+):(\d+):([^:]*):(\d+):([^:]*):(\d+):/y;
const hashRecord = /(\\?)([0-9a-f]{64}) [ *]/y;

/** Reads the output of `path_probe`; `asked` are the paths that were asked for. */
export function readPaths(output: Uint8Array, asked: readonly string[]): PathReading {
  const text = toBinary(output);
  const titles = new Map(asked.map((title) => [encodeBinary(title), title]));
  const several = [...titles.keys()].filter((name) => name.includes("\n"));
  const found = new Map<string, PathRecord>();
  const complaints: string[] = [];
  let at = 0;
  while (at < text.length) {
    const record = sticky(statRecord, text, at);
    const hash = record ? undefined : sticky(hashRecord, text, at);
    if (record) {
      const start = at + record[0].length;
      const nameEnd = text.indexOf("//", start + 1);
      if (nameEnd < 0) break;
      const name = text.slice(start, nameEnd);
      const [target, end] = targetAt(text, nameEnd + 2, name, Number(record[2]));
      const title = titles.get(name);
      if (title !== undefined) found.set(title, toRecord(record, target));
      at = end;
    } else if (hash) {
      const start = at + hash[0].length;
      const newline = text.indexOf("\n", start);
      const line = text.slice(start, newline < 0 ? text.length : newline);
      const plain = hash[1] ? unescapeName(line) : line;
      // busybox prints a newline inside a name as it is
      const name = titles.has(plain) ? plain : (several.find((one) => text.startsWith(`${one}\n`, start)) ?? plain);
      const title = titles.get(name) ?? "";
      const before = found.get(title);
      if (before) found.set(title, { ...before, digest: hash[2] ?? "" });
      at = start + (hash[1] ? line.length : name.length) + 1;
    } else {
      const newline = text.indexOf("\n", at);
      const end = newline < 0 ? text.length : newline;
      if (text[at] === "!") complaints.push(text.slice(at + 1, end));
      at = end + 1;
    }
  }
  const missing = complaints.length === 0 ? [] : asked.filter((name) => !found.has(name));
  return {
    found,
    unreadable: new Set(missing.filter((name) => complaints.some((line) => mentions(line, encodeBinary(name))))),
  };
}

function sticky(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function toRecord(match: RegExpExecArray, target: Binary | undefined): PathRecord {
  const [, mode = "", size, uid, user = "", gid, group = "", modified] = match;
  const bits = Number.parseInt(mode, 16);
  return {
    type: types[bits & 0o170000] ?? "unknown",
    mode: bits & 0o7777,
    size: Number(size),
    uid: Number(uid),
    user: user === "UNKNOWN" ? "" : decodeBinary(user),
    gid: Number(gid),
    group: group === "UNKNOWN" ? "" : decodeBinary(group),
    modified: Number(modified),
    ...(target === undefined ? {} : { target }),
  };
}

/**
 * What follows a name: the record's end, or `NAME -> TARGET` and the record's end, where busybox puts both into single quotes.
 * The size of a link is the length of its target, so that a target may hold what looks like an end. Gives the target and where the next record begins.
 */
function targetAt(text: Binary, at: number, name: Binary, size: number): readonly [Binary | undefined, number] {
  if (text[at] === "\n") return [undefined, at + 1];
  for (const [before, after] of [
    [`${name} -> `, "//\n"],
    [`'${name}' -> '`, "'//\n"],
  ] as const) {
    const start = at + before.length;
    const known = text.startsWith(after, start + size) ? start + size : text.indexOf(after, start);
    if (text.startsWith(before, at) && known >= 0) return [text.slice(start, known), known + after.length];
  }
  const end = text.indexOf("//\n", at);
  return [undefined, end < 0 ? text.length : end + 3];
}

function unescapeName(line: Binary): Binary {
  return line.replaceAll(/\\([\\nr])/g, (_, letter: string) => ({ n: "\n", r: "\r" })[letter] ?? "\\");
}

/** A message names the path whole; of a path with a newline it has only the first line. */
function mentions(message: Binary, name: Binary): boolean {
  return message.includes(name.split("\n", 1)[0] ?? name);
}
