import type { Footprint } from "../../compiler/kind/footprint.ts";
import type { Command, Value } from "../../compiler/kind/value.ts";
import { commandOf, textsOf } from "../values.ts";
import { holesFilled } from "./holes.ts";

/**
 * An absolute path inside a word or a script: at its start, behind a space or a quote, or behind what commonly stands before the
 * value of an option (`--config=/etc/x`, `-I/srv/x`, `@/srv/x`, `/srv/a:/b`). Not the path of `https://host/path`.
 */
const pathInText =
  /(?:(?<=^|[\s"'=:,@(<>|;&[{]|(?:^|\s)-[A-Za-z])|(?<=\bfile:\/\/))\/(?!\/)[\w.@+%~/-]*(?<wild>[*?[{])?/g;

/**
 * What the words of a command, or its shell text, name on the host: its resource comes after what the plan makes there. Left
 * out is what other lines of the resource are about, which say more.
 */
export function namedFootprint(
  value: Value | undefined,
  because: string,
  others: readonly Footprint[],
): readonly Footprint[] {
  const command = commandOf(value);
  const texts = command ? [shellText(command)] : typeof value === "string" ? [value] : textsOf(value);
  const keys = new Set(texts.flatMap((text) => [...(command ? [] : wholePath(text)), ...keysIn(text)]));
  for (const { key } of others) keys.delete(key);
  return [...keys].map((key): Footprint => ({ mode: "names", key, because }));
}

function shellText(command: Command): string {
  return holesFilled(command).replaceAll(/(^|\s)#.*/g, "");
}

/** A word that is a path as a whole may hold spaces and other characters that end a path within a text. */
function wholePath(word: string): readonly string[] {
  return word.startsWith("/") && !word.startsWith("//") ? fileKey(word) : [];
}

function keysIn(text: string): readonly string[] {
  return [...text.matchAll(pathInText)].flatMap(({ 0: found, groups }) => {
    if (groups?.["wild"] === undefined) return fileKey(found);
    const folder = found.slice(0, found.lastIndexOf("/"));
    return folder === "" ? [] : [`tree:${folder}`];
  });
}

function fileKey(path: string): readonly string[] {
  const plain = path.replace(/\/+$/, "");
  return plain === "" ? [] : [`file:${plain}`];
}
