import type { Facts } from "../../compiler/kind/facts.ts";
import { debian12 } from "./debian-12.ts";

/** The facts of a small Alpine Linux 3.20 machine. */
export const alpine320: Facts = {
  ...debian12,
  name: "alpine-3.20",
  hostname: "alpine-3.20",
  os: { family: "alpine", id: "alpine", version: "3.20.3", codename: "" },
  init: "openrc",
  package_manager: "apk",
};
