import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Trace } from "./ledger.ts";

/** The hierarchies that systemd in a machine wants to write to: all of them in one, or beside the older kind. */
const HIERARCHIES = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd"];

/** Makes control groups of its own for a machine: two machines in one group would share their services' groups. */
export function createCgroups(name: string, note: (trace: Trace) => void): string[] {
  const roots = existsSync("/sys/fs/cgroup/cgroup.controllers") ? ["/sys/fs/cgroup"] : HIERARCHIES.filter(existsSync);
  return roots.map((root) => {
    const path = join(root, name);
    note({ kind: "cgroup", path });
    mkdirSync(path);
    return path;
  });
}
