import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { userInfo } from "node:os";
import type { Kind, ReadContext, Want } from "../../compiler/kind/kind.ts";
import type { Blob, Command, Mode, Value } from "../../compiler/kind/value.ts";
import { debian12 } from "../../stdlib/facts/debian-12.ts";

/** The account that runs the tests: what it makes belongs to it, so the tests need no root. */
export const me = userInfo().username;

/** Its login group. */
export const myGroup = execFileSync("id", ["-gn"], { encoding: "utf8" }).trim();

/** A wanted state: what is given, and the kind's defaults for the rest. */
export function want(kind: Kind, title: string, given: Readonly<Record<string, Value>> = {}): Want {
  const defaults = Object.entries(kind.properties).flatMap(([name, property]) =>
    property.default === undefined ? [] : [[name, property.default] as const],
  );
  return { title, properties: { ...Object.fromEntries(defaults), ...given }, stated: new Set(Object.keys(given)) };
}

/** Bytes with their digest, as the compiler makes them from a text. */
export function blob(content: string | Uint8Array): Blob {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  return { type: "blob", digest: createHash("sha256").update(bytes).digest("hex"), size: bytes.length, bytes };
}

/** A command whose holes are already `"$1" "$2" …`. */
export function command(script: string, ...args: readonly string[]): Command {
  return { type: "command", script, arguments: args, shown: script };
}

export const mode = (bits: number): Mode => ({ type: "mode", bits });

/** The blobs that a wanted state holds, by digest. */
export function blobsOf(...wants: readonly Want[]): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const value of wants.flatMap((one) => Object.values(one.properties))) {
    if (typeof value === "object" && value !== null && "type" in value && value.type === "blob") {
      found.set(value.digest, value.bytes);
    }
  }
  return found;
}

/** The context of reading for a Debian 12 that has these login groups, and that of the tests' account. */
export function context(primaryGroups: Readonly<Record<string, string>> = { [me]: myGroup }): ReadContext {
  return { facts: debian12, primaryGroup: (user) => primaryGroups[user] };
}
