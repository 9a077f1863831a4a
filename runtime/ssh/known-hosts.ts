import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { matchesPatterns } from "./host-pattern.ts";

/** One line of a known_hosts file. */
export interface KnownHost {
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly marker?: "cert-authority" | "revoked";
  /** Comma-separated names and patterns, or one hashed name. */
  readonly hosts: string;
  readonly keyType: string;
  readonly key: Buffer;
}

/** What the known hosts say of a key that a server has shown. */
export type Verdict =
  | { readonly verdict: "known" | "unknown" }
  /** The host is known by another key, which stands at `entry`. */
  | { readonly verdict: "changed"; readonly entry: KnownHost }
  | { readonly verdict: "revoked"; readonly entry: KnownHost }
  /** The host is known only by who signs its certificates, which we cannot check. */
  | { readonly verdict: "authority"; readonly entry: KnownHost };

/** Reads a known_hosts file; lines that are none are left out. */
export function parseKnownHosts(text: string, file: string): readonly KnownHost[] {
  return text.split("\n").flatMap((line, index): KnownHost[] => {
    const match = /^\s*(?:@(cert-authority|revoked)\s+)?([^\s#@]\S*)\s+([a-z0-9@.-]+)\s+([A-Za-z0-9+/]+=*)/.exec(line);
    if (!match) return [];
    const [, marker, hosts = "", keyType = "", key = ""] = match;
    return [
      {
        file,
        line: index + 1,
        ...(marker === "cert-authority" || marker === "revoked" ? { marker } : {}),
        hosts,
        keyType,
        key: Buffer.from(key, "base64"),
      },
    ];
  });
}

/** Judges a key. A host on another port than 22 is known as `[host]:port`; its plain name counts when the very key is there. */
export function judgeHostKey(entries: readonly KnownHost[], host: string, port: number, key: Buffer): Verdict {
  const own = entries.filter((entry) => namesHost(entry, nameOfHost(host, port)));
  const plain = port === 22 ? [] : entries.filter((entry) => namesHost(entry, nameOfHost(host, 22)));
  const revoked = [...own, ...plain].find((entry) => entry.marker === "revoked" && entry.key.equals(key));
  if (revoked) return { verdict: "revoked", entry: revoked };
  if ([...own, ...plain].some((entry) => entry.marker === undefined && entry.key.equals(key)))
    return { verdict: "known" };
  const keyType = typeOfKey(key);
  const others = own.filter((entry) => entry.marker === undefined);
  const other = others.find((entry) => entry.keyType === keyType) ?? others[0];
  if (other) return { verdict: "changed", entry: other };
  const authority = own.find((entry) => entry.marker === "cert-authority");
  return authority ? { verdict: "authority", entry: authority } : { verdict: "unknown" };
}

/** Types of the keys that a host is known by: a server is asked for these first. */
export function knownKeyTypes(entries: readonly KnownHost[], host: string, port: number): readonly string[] {
  const names = [nameOfHost(host, port), nameOfHost(host, 22)];
  return [
    ...new Set(
      names.flatMap((name) =>
        entries.filter((entry) => entry.marker === undefined && namesHost(entry, name)).map((entry) => entry.keyType),
      ),
    ),
  ];
}

/** The fingerprint as `ssh` shows it: `SHA256:` and base64 without padding. */
export function fingerprintOf(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** The type that a public key in wire format begins with: `ssh-ed25519`. */
export function typeOfKey(key: Buffer): string {
  const length = key.length >= 4 ? key.readUInt32BE(0) : 0;
  return length <= 64 ? key.toString("latin1", 4, 4 + length) : "";
}

/** A line for a known_hosts file; with `salt` (20 random bytes) the name is hashed. */
export function knownHostLine(host: string, port: number, key: Buffer, salt?: Buffer): string {
  const name = nameOfHost(host, port);
  const shown = salt ? `|1|${salt.toString("base64")}|${hashName(name, salt).toString("base64")}` : name;
  return `${shown} ${typeOfKey(key)} ${key.toString("base64")}\n`;
}

function nameOfHost(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

function namesHost(entry: KnownHost, name: string): boolean {
  const hashed = /^\|1\|([A-Za-z0-9+/=]+)\|([A-Za-z0-9+/=]+)$/.exec(entry.hosts);
  if (!hashed) return matchesPatterns(entry.hosts.toLowerCase().split(","), name);
  const expected = Buffer.from(hashed[2] ?? "", "base64");
  const actual = hashName(name, Buffer.from(hashed[1] ?? "", "base64"));
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function hashName(name: string, salt: Buffer): Buffer {
  return createHmac("sha1", salt).update(name).digest();
}
