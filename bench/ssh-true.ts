import { join } from "node:path";
import type { Contestant } from "./contestant.ts";

/** The yardstick: a connection, and nothing done with it. */
export const sshTrue: Contestant = {
  name: "ssh host true",
  prepare:
    () =>
    ({ home, name }) => ({ argv: ["ssh", "-F", join(home, ".ssh/config"), name, "true"], fine: [0] }),
};
