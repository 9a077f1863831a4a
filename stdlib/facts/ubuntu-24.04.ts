import type { Facts } from "../../compiler/kind/facts.ts";
import { debian12 } from "./debian-12.ts";

/** The facts of a small Ubuntu 24.04 machine. */
export const ubuntu2404: Facts = {
  ...debian12,
  name: "ubuntu-24.04",
  hostname: "ubuntu-24.04",
  os: { family: "debian", id: "ubuntu", version: "24.04", codename: "noble" },
  init: "systemd",
  package_manager: "apt",
};
