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
  /** Where a symbolic link points to. */
  readonly target?: Binary;
  /** SHA-256 of a regular file in lower-case hexadecimal; of those over 1 MiB only where the probe asked for it. */
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
  /** Why a path could not be looked at, as a clause: "Permission denied". */
  readonly unreadable: ReadonlyMap<string, string>;
}

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
const boundary = /s:[0-9a-f]+:\d+:|!|\\?[0-9a-f]{64} [ *]/y;
const hashRecord = /(\\?)([0-9a-f]{64}) [ *]/y;

/** Reads the output of `path_probe`; `asked` are the paths that were asked for. */
export function readPaths(output: Uint8Array, asked: readonly string[]): PathReading {
  const text = toBinary(output);
  const titles = new Map(asked.map((title) => [encodeBinary(title), title]));
  const found = new Map<string, PathRecord>();
  const complaints: string[] = [];
  /** The files in the order of their records, which is also that of their hashes. */
  const regular: Binary[] = [];
  let hashed = 0;
  let at = 0;
  while (at < text.length) {
    const record = sticky(statRecord, text, at);
    const hash = record ? null : sticky(hashRecord, text, at);
    if (record) {
      const { name, target, end } = nameAndTarget(text, at + record[0].length, Number(record[2]));
      const title = titles.get(name);
      const known = toRecord(record, target);
      if (title !== undefined) found.set(title, known);
      if (known.type === "file") regular.push(name);
      at = end;
    } else if (hash) {
      const { place, end } = hashedName(text, at + hash[0].length, hash[1] !== "", regular, hashed);
      const title = titles.get(regular[place] ?? "") ?? "";
      const known = found.get(title);
      if (known) found.set(title, { ...known, digest: hash[2] ?? "" });
      hashed = place + 1;
      at = end;
    } else {
      const end = lineEnd(text, at);
      if (text[at] === "!") complaints.push(text.slice(at + 1, end));
      at = end + 1;
    }
  }
  const missing = complaints.length === 0 ? [] : asked.filter((name) => !found.has(name));
  return {
    found,
    unreadable: new Map(
      missing.flatMap((name) => {
        const line = complaints.find((one) => mentions(one, encodeBinary(name)));
        return line === undefined ? [] : [[name, reasonIn(line)] as const];
      }),
    ),
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
 * The name of a record and what follows: the record's end, or `NAME -> TARGET` and the end, where busybox puts both into single
 * quotes. The size of a link is the length of its target, so a target may hold what looks like an end.
 */
function nameAndTarget(
  text: Binary,
  start: number,
  size: number,
): { readonly name: Binary; readonly target?: Binary; readonly end: number } {
  const slashes = text.indexOf("//", start + 1);
  const name = text.slice(start, slashes < 0 ? text.length : slashes);
  const at = start + name.length + 2;
  if (slashes < 0 || text[at] === "\n") return { name, end: at + 1 };
  for (const [before, after] of [
    [`${name} -> `, "//\n"],
    [`'${name}' -> '`, "'//\n"],
  ] as const) {
    const first = at + before.length;
    const last = text.startsWith(after, first + size) ? first + size : text.indexOf(after, first);
    if (text.startsWith(before, at) && last >= 0)
      return { name, target: text.slice(first, last), end: last + after.length };
  }
  const end = text.indexOf("//\n", at);
  return { name, end: end < 0 ? text.length : end + 3 };
}

/**
 * Which of the files a hash belongs to: they come in order, but some may have no hash. GNU writes a newline in a name as
 * `\n`; busybox as it is, so there a name fits only where behind it something else begins.
 */
function hashedName(
  text: Binary,
  start: number,
  isEscaped: boolean,
  regular: readonly Binary[],
  from: number,
): { readonly place: number; readonly end: number } {
  const line = text.slice(start, lineEnd(text, start));
  const escaped = isEscaped ? unescapeName(line) : undefined;
  for (let step = 0; step < regular.length; step++) {
    const place = (from + step) % regular.length;
    const name = regular[place] ?? "";
    if (escaped === undefined ? standsAt(text, start, name) : name === escaped) {
      return { place, end: start + (escaped === undefined ? name : line).length + 1 };
    }
  }
  return { place: from - 1, end: start + line.length + 1 };
}

function standsAt(text: Binary, at: number, name: Binary): boolean {
  const end = at + name.length;
  if (!text.startsWith(name, at) || text[end] !== "\n") return false;
  return end + 1 === text.length || sticky(boundary, text, end + 1) !== null;
}

function lineEnd(text: Binary, at: number): number {
  const newline = text.indexOf("\n", at);
  return newline < 0 ? text.length : newline;
}

function unescapeName(line: Binary): Binary {
  return line.replaceAll(/\\([\\nr])/g, (_, letter: string) => ({ n: "\n", r: "\r" })[letter] ?? "\\");
}

/** What a program says behind the last colon: the words of the system for the error. */
function reasonIn(message: Binary): string {
  const words = decodeBinary(message);
  return `it cannot be looked at: ${words.slice(words.lastIndexOf(": ") + 1).trim()}`;
}

/** A message names the path whole; of a path with a newline it has only the first line. */
function mentions(message: Binary, name: Binary): boolean {
  return message.includes(name.split("\n", 1)[0] ?? name);
}
