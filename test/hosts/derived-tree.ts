import { renameSync } from "node:fs";
import { buildOnce } from "./base-tree.ts";
import type { BootedMachine } from "./machine.ts";
import type { Run } from "./run.ts";

/** How the packages of a machine differ from the base tree's. */
export interface Difference {
  /** Packages that are there from the start; installed once on a booted machine, and kept. */
  preinstalled?: readonly string[];
  /** Packages that are purged. */
  without?: readonly string[];
}

/** The layers to boot from, topmost first: the base tree, below a layer with the packages asked for. */
export async function derivedTree(
  run: Run,
  { preinstalled = [], without = [] }: Difference,
  boot: (layers: readonly string[]) => Promise<BootedMachine>,
): Promise<string[]> {
  if (preinstalled.length === 0 && without.length === 0) return [run.base];
  const definition = JSON.stringify([run.base, preinstalled.toSorted(), without.toSorted()]);
  const layer = await buildOnce("layer", definition, run.ledger, async (folder) => {
    const machine = await boot([run.base]);
    try {
      const env = ["env", "DEBIAN_FRONTEND=noninteractive"];
      const changes = [...preinstalled, ...without.map((name) => `${name}-`)];
      // The suffix removes; naming everything in one call lets apt see the whole wish.
      const result = await machine.exec([
        ...env,
        "SUDO_FORCE_REMOVE=yes",
        "apt-get",
        "install",
        "-y",
        "--purge",
        ...changes,
      ]);
      if (result.code !== 0) throw new Error(`apt-get install ${changes.join(" ")}\n${result.stdout}${result.stderr}`);
      await machine.exec(["apt-get", "clean"]);
      await machine.halt();
      renameSync(machine.upper, folder);
    } finally {
      await machine.stop();
    }
  });
  return [layer, run.base];
}
