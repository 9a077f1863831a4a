import type { Facts } from "./kind/facts.ts";
import type { FieldType, Type } from "./kind/type.ts";

const text: Type = { type: "string" };

function oneOf(...values: readonly string[]): Type {
  return { type: "literals", values };
}

const os: Readonly<Record<keyof Facts["os"], FieldType>> = {
  family: { type: oneOf("alpine", "arch", "debian", "redhat", "suse", "other") },
  id: { type: text },
  version: { type: text },
  codename: { type: text },
};

const facts: Readonly<Record<keyof Facts, FieldType>> = {
  name: { type: text },
  hostname: { type: text },
  os: { type: { type: "record", fields: os } },
  architecture: { type: text },
  cpus: { type: { type: "int", range: { min: 1 } } },
  memory: { type: { type: "size" } },
  address: { type: text },
  addresses: { type: { type: "list", of: text } },
  init: { type: oneOf("openrc", "systemd", "none", "other") },
  package_manager: { type: oneOf("apk", "apt", "dnf", "none", "pacman", "zypper") },
};

/** The type of `host`: the facts of the machine a catalog is compiled for. */
export const hostType: Type = { type: "record", name: "host", fields: facts };
