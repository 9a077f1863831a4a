import type { Facts } from "../../compiler/kind/facts.ts";
import { debian12 } from "./debian-12.ts";

/** The facts of a small Debian 13 machine. */
export const debian13: Facts = {
  ...debian12,
  name: "debian-13",
  hostname: "debian-13",
  os: { family: "debian", id: "debian", version: "13", codename: "trixie" },
  init: "systemd",
  package_manager: "apt",
};
