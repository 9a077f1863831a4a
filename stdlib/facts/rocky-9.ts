import type { Facts } from "../../compiler/kind/facts.ts";
import { debian12 } from "./debian-12.ts";

/** The facts of a small Rocky Linux 9 machine. */
export const rocky9: Facts = {
  ...debian12,
  name: "rocky-9",
  hostname: "rocky-9",
  os: { family: "redhat", id: "rocky", version: "9.4", codename: "" },
  init: "systemd",
  package_manager: "dnf",
};
