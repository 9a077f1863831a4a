import type { Facts } from "../../compiler/kind/facts.ts";

/** The facts of a small Debian 12 machine, recorded from a booted one; what `galley check` compiles for. */
export const debian12: Facts = {
  name: "debian-12",
  hostname: "debian-12",
  os: { family: "debian", id: "debian", version: "12", codename: "bookworm" },
  architecture: "x86_64",
  cpus: 2,
  memory: 4_294_967_296,
  address: "192.0.2.12",
  addresses: ["192.0.2.12"],
  init: "systemd",
  package_manager: "apt",
};
