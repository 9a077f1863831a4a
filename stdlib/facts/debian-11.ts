import type { Facts } from "../../compiler/kind/facts.ts";
import { debian12 } from "./debian-12.ts";

/** The facts of a small Debian 11 machine. */
export const debian11: Facts = {
  ...debian12,
  name: "debian-11",
  hostname: "debian-11",
  os: { family: "debian", id: "debian", version: "11", codename: "bullseye" },
  init: "systemd",
  package_manager: "apt",
};
