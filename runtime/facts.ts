import type { Facts } from "../compiler/kind/facts.ts";
import type { Owed } from "../compiler/state.ts";
import type { Mount } from "../compiler/mounts.ts";
import { decodeLineCounted } from "./line-counted.ts";
import { parseMounts } from "./mounts.ts";
import { printable } from "./printable.ts";

/** Who holds the lock of a host. */
export interface LockOwner {
  /** Id of the run. */
  readonly run: string;
  readonly pid: number;
  /** When it began, as the host's clock said, in UTC: `2026-01-31T12:00:00Z`. */
  readonly since: string;
  /** Who started it, as `user@machine`. */
  readonly who: string;
  /** False when the process is gone: the run was killed, and the next one takes the lock. */
  readonly alive: boolean;
}

/** All that frame 0 tells of a host. */
export interface Frame0 {
  readonly facts: Facts;
  /** Numbers of the host's own accounts, and of its groups, by name. */
  readonly users: ReadonlyMap<string, number>;
  readonly groups: ReadonlyMap<string, number>;
  /** Login group by user name. */
  readonly primaryGroups: ReadonlyMap<string, string>;
  readonly lock?: LockOwner;
  readonly mounts: readonly Mount[];
  readonly owed: readonly Owed[];
  /** Programs that the shell library needs and the host lacks. */
  readonly missing: readonly string[];
}

/** Understands the answer of `galley_facts`: lines of `NAME:TEXT`, where NAME is a word or the path of a file. */
export function parseFrame0(output: Uint8Array, name: string): Frame0 {
  const files = new Map<string, string[]>();
  for (const line of printable(new TextDecoder().decode(output)).split("\n")) {
    const colon = line.indexOf(":");
    if (colon === -1) continue;
    // `ip` numbers its lines: `2: eth0 …`.
    const isAddress = /^\d+$/.test(line.slice(0, colon));
    const key = isAddress ? "ip" : line.slice(0, colon);
    const text = isAddress ? line : line.slice(colon + 1);
    const lines = files.get(key);
    if (lines) lines.push(text);
    else files.set(key, [text]);
  }
  const first = (key: string) => files.get(key)?.[0] ?? "";
  const passwd = (files.get("/etc/passwd") ?? []).map((line) => line.split(":")).filter((fields) => fields.length >= 7);
  const group = (files.get("/etc/group") ?? []).map((line) => line.split(":")).filter((fields) => fields.length >= 3);
  const groupNames = new Map(group.map(([groupName = "", , gid = ""]) => [gid, groupName]));
  const primaryGroups = new Map(
    passwd.flatMap(([user = "", , , gid = ""]) => {
      const groupName = groupNames.get(gid);
      return groupName === undefined ? [] : [[user, groupName] as const];
    }),
  );
  const release = parseRelease(files.get("/etc/os-release") ?? files.get("/usr/lib/os-release") ?? []);
  const { address, addresses } = parseAddresses(files);
  const lock = parseLock(files);
  return {
    facts: {
      name,
      hostname: first("/proc/sys/kernel/hostname"),
      os: {
        family: familyOf(release.get("ID") ?? "", release.get("ID_LIKE") ?? ""),
        id: release.get("ID") ?? "linux",
        version: release.get("VERSION_ID") ?? "",
        codename: release.get("VERSION_CODENAME") ?? "",
      },
      architecture: first("architecture"),
      cpus: countProcessors(first("/sys/devices/system/cpu/online")),
      memory: memoryOf(files.get("/proc/meminfo") ?? []),
      address,
      addresses,
      init: oneOf(first("init"), ["openrc", "systemd", "other"], "none"),
      package_manager: oneOf(first("packages"), ["apk", "apt", "dnf", "pacman", "zypper"], "none"),
    },
    users: numbers(passwd),
    groups: numbers(group),
    primaryGroups,
    ...(lock ? { lock } : {}),
    mounts: parseMounts(files.get("/proc/self/mountinfo") ?? []),
    owed: parseOwed(files),
    missing: files.get("missing") ?? [],
  };
}

/** The number in the third field by the name in the first; of two lines with one name the first counts. */
function numbers(lines: readonly (readonly string[])[]): ReadonlyMap<string, number> {
  return new Map(lines.toReversed().map(([name = "", , id = ""]) => [name, Number(id)]));
}

function oneOf<Word extends string>(text: string, words: readonly Word[], otherwise: Word | "none"): Word | "none" {
  return words.find((word) => word === text) ?? otherwise;
}

/** `NAME=value`, the value possibly in quotes with backslashes. */
function parseRelease(lines: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    lines.flatMap((line) => {
      const match = /^([A-Z_]+)=(.*)$/.exec(line);
      if (!match?.[1] || match[2] === undefined) return [];
      const quoted = /^(["'])(.*)\1$/.exec(match[2]);
      return [[match[1], (quoted?.[2] ?? match[2]).replace(/\\(.)/g, "$1")] as const];
    }),
  );
}

const families: readonly (readonly [string, Facts["os"]["family"]])[] = [
  ["alpine", "alpine"],
  ["arch", "arch"],
  ["debian", "debian"],
  ["fedora", "redhat"],
  ["rhel", "redhat"],
  ["suse", "suse"],
  ["ubuntu", "debian"],
];

function familyOf(id: string, like: string): Facts["os"]["family"] {
  const words = [id, ...like.split(/\s+/)];
  for (const word of words) {
    const family = families.find(([name]) => word === name || (name === "suse" && word.includes("suse")));
    if (family) return family[1];
  }
  return "other";
}

/** Counts a list such as `0-3,5`; at least 1. */
function countProcessors(list: string): number {
  let count = 0;
  for (const part of list.split(",")) {
    const [from = Number.NaN, to = from] = part.split("-").map(Number);
    if (to >= from) count += to - from + 1;
  }
  return Math.max(1, count);
}

function memoryOf(lines: readonly string[]): number {
  const total = lines.find((line) => line.startsWith("MemTotal:"));
  return Number(/(\d+) kB/.exec(total ?? "")?.[1] ?? 0) * 1024;
}

function parseAddresses(files: ReadonlyMap<string, readonly string[]>) {
  const found = files.has("ip") ? fromIp(files.get("ip") ?? []) : fromProc(files);
  const sorted = [
    ...found.filter((each) => !each.address.includes(":")),
    ...found.filter((each) => each.address.includes(":")),
  ];
  const routes = (files.get("/proc/net/route") ?? []).map((line) => line.split(/\s+/));
  const interfaceOfDefault = routes.find((fields) => fields[1] === "00000000" && fields[7] === "00000000")?.[0];
  const preferred = sorted.find((each) => each.interface === interfaceOfDefault) ?? sorted[0];
  return { address: preferred?.address ?? "", addresses: [...new Set(sorted.map((each) => each.address))] };
}

interface Address {
  readonly interface: string;
  readonly address: string;
}

/** Lines of `ip -o addr`: `2: eth0    inet 10.0.0.5/24 brd … scope global eth0`. */
function fromIp(lines: readonly string[]): readonly Address[] {
  return lines.flatMap((line) => {
    const match = /^\d+: (\S+)\s+inet6? ([0-9a-fA-F.:]+)\//.exec(line);
    return match?.[1] && match[2] && !/\b(temporary|deprecated)\b/.test(line)
      ? [{ interface: match[1], address: match[2] }]
      : [];
  });
}

/** The kernel's own tables, where there is no `ip`: addresses from the trie, their interfaces from the routes of their networks. */
function fromProc(files: ReadonlyMap<string, readonly string[]>): readonly Address[] {
  const networks = (files.get("/proc/net/route") ?? [])
    .map((line) => line.split(/\s+/))
    .filter((fields) => /^[0-9A-F]{8}$/.test(fields[1] ?? "") && fields[1] !== "00000000")
    .map((fields) => ({
      interface: fields[0] ?? "",
      destination: littleEndian(fields[1]),
      mask: littleEndian(fields[7]),
    }));
  const trie = files.get("/proc/net/fib_trie") ?? [];
  const four = trie.flatMap((line, index) => {
    const address = /\|-- (\d+\.\d+\.\d+\.\d+)/.exec(trie[index - 1] ?? "")?.[1];
    if (address === undefined || !line.includes("/32 host LOCAL") || address.startsWith("127.")) return [];
    const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
    const network = networks.find((each) => (number & each.mask) >>> 0 === each.destination);
    return [{ interface: network?.interface ?? "", address }];
  });
  const six = (files.get("/proc/net/if_inet6") ?? []).flatMap((line) => {
    const [digits = "", , , scope, , name = ""] = line.trim().split(/\s+/);
    if (scope !== "00" || digits.length !== 32) return [];
    return [{ interface: name, address: shortIpv6(digits.match(/.{4}/g) ?? []) }];
  });
  const seen = new Set<string>();
  return [...four, ...six].filter((each) => !seen.has(each.address) && seen.add(each.address));
}

function littleEndian(digits: string | undefined): number {
  return Number.parseInt((digits ?? "0").match(/../g)?.toReversed().join("") ?? "0", 16);
}

/** The usual short form of eight groups: no leading zeros, the longest run of zero groups as `::`. */
function shortIpv6(groups: readonly string[]): string {
  const text = groups.map((group) => group.replace(/^0{1,3}/, "")).join(":");
  const runs = text.match(/(?:^|:)0(?::0)+(?=:|$)/g) ?? [];
  const longest = runs.toSorted((a, b) => b.length - a.length)[0];
  if (longest === undefined) return text;
  const at = text.indexOf(longest);
  return `${text.slice(0, at)}::${text.slice(at + longest.length).replace(/^:/, "")}`;
}

function parseLock(files: ReadonlyMap<string, readonly string[]>): LockOwner | undefined {
  const lines = [...files].find(([path]) => path.endsWith("/lock") && path.startsWith("/"))?.[1];
  if (!lines) return undefined;
  const field = (name: string) => lines.find((line) => line.startsWith(`${name} `))?.slice(name.length + 1) ?? "";
  return {
    run: field("run"),
    pid: Number(field("pid")) || 0,
    since: field("since"),
    who: field("who"),
    alive: !files.has("stale"),
  };
}

/** Marks are files `owed/RESOURCE/CAUSE.EVENT` that hold resource, event, cause and run. */
function parseOwed(files: ReadonlyMap<string, readonly string[]>): readonly Owed[] {
  return [...files].flatMap(([path, lines]) => {
    if (!/\/owed\/[0-9a-f]+\/[0-9a-f]+\.[a-z_]+$/.test(path)) return [];
    const [resource, event, cause, run] = decodeLineCounted(lines) ?? [];
    if (resource === undefined || event === undefined || cause === undefined || run === undefined) return [];
    return [{ resource, event, cause, run }];
  });
}
