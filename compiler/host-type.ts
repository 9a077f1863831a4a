import type { Facts } from "./kind/facts.ts";
import type { FieldType, Type } from "./kind/type.ts";

/** One fact of a machine: its type, and a sentence on what it holds. */
export interface Fact extends FieldType {
  readonly doc: string;
}

const text: Type = { type: "string" };

function oneOf(...values: readonly string[]): Type {
  return { type: "literals", values };
}

/** The fields of `host.os`. */
export const osFacts: Readonly<Record<keyof Facts["os"], Fact>> = {
  codename: { type: text, doc: "`VERSION_CODENAME` of os-release: `bookworm`. Empty where the system has none." },
  family: {
    type: oneOf("alpine", "arch", "debian", "redhat", "suse", "other"),
    doc: "The family that the distribution belongs to, from `ID` and `ID_LIKE` of os-release.",
  },
  id: { type: text, doc: "`ID` of os-release: `debian`, `ubuntu`, `rocky`." },
  version: { type: text, doc: "`VERSION_ID` of os-release: `12`, `24.04`. Empty where the system has none." },
};

/** The fields of `host`, in alphabetical order. */
export const hostFacts: Readonly<Record<keyof Facts | "labels", Fact>> = {
  address: {
    type: text,
    doc: "The address that the declaration of the host gives; else that of the interface with the default route, else the first one. Empty where there is none.",
  },
  addresses: { type: { type: "list", of: text }, doc: "All global addresses, IPv4 before IPv6." },
  architecture: { type: text, doc: "The architecture as `uname -m` prints it: `x86_64`, `aarch64`." },
  cpus: { type: { type: "int", range: { min: 1 } }, doc: "How many processors are online." },
  hostname: { type: text, doc: "What the machine calls itself: the kernel's host name." },
  init: {
    type: oneOf("openrc", "systemd", "none", "other"),
    doc: "The init system. `none` in a container without one.",
  },
  labels: {
    type: { type: "map", of: text },
    doc: 'What the declaration of the host says of it: `host "web1" { labels = { zone = "eu" } }`. Empty otherwise.',
  },
  memory: { type: { type: "size" }, doc: "The main memory." },
  name: {
    type: text,
    doc: "What the recipe or `--on` calls the machine: its title in the recipe, the host of `ssh://…`, `local`, the path of a `root:` tree.",
  },
  os: { type: { type: "record", fields: osFacts }, doc: "The operating system." },
  package_manager: {
    type: oneOf("apk", "apt", "dnf", "none", "pacman", "zypper"),
    doc: "The package manager of the distribution.",
  },
};

/** What the declaration of a host takes. */
export const hostProperties: Readonly<Record<string, Type>> = {
  address: { type: "string", length: { min: 1 } },
  labels: { type: "map", of: text },
  login: { type: "string", length: { min: 1 } },
  port: { type: "int", refinement: "port" },
};

/** The type of `host`: the facts of the machine a catalog is compiled for. */
export const hostType: Type = { type: "record", name: "host", fields: hostFacts };

/** The type of the hosts of a layer or stack. */
export const hostsType: Type = { type: "list", of: hostType };
