import { join } from "node:path";
import { Chalk } from "chalk";
import { diff } from "../compiler/diff.ts";
import { evaluate } from "../compiler/evaluate.ts";
import { prepare } from "../compiler/evaluate/state/prepare.ts";
import { order } from "../compiler/graph.ts";
import type { ReadContext } from "../compiler/kind/kind.ts";
import { debian12 } from "../stdlib/facts/debian-12.ts";
import { compile } from "./compile.ts";
import { planSummary } from "./reporters/plan-summary.ts";
import { printPlan } from "./reporters/pretty-plan.ts";
import type { Terminal } from "./terminal.ts";

const nowhere: Terminal = {
  write: () => undefined,
  columns: 80,
  isTerminal: false,
  color: new Chalk({ level: 0 }),
  unicode: true,
};

/** What a machine without anything answers to the probes that do not simply stay silent then. */
const bareMachine: Readonly<Record<string, string>> = {
  account_probe: "root:x:0:0:root:/root:/bin/sh\n\n=\nroot:x:0:\n",
  package_probe: "ii |dpkg:amd64|1.21.22|\n\n",
};

/**
 * Plans the example for a machine that is not there. Run while the start-up snapshot is made, so that the parser stands and
 * the functions that every command needs are compiled when Galley starts from it.
 */
export async function warmUp(folder: string): Promise<void> {
  await import("ssh2");
  const context: ReadContext = { facts: debian12, primaryGroup: () => undefined };
  const { program } = compile(join(folder, "examples/web/site.recipe"), {
    galleyFolder: folder,
    workingDirectory: folder,
  });
  const { catalog } = evaluate(prepare(program), { facts: debian12 }, { unobserved: "unknown" });
  const { graph } = catalog ? order(catalog, debian12) : {};
  if (!catalog || !graph) return;
  const resources = catalog.resources.map(({ id, kind, want }) => {
    const verb = kind.probe([want], context)?.verb ?? "";
    const have = kind.read(Buffer.from(bareMachine[verb] ?? ""), [want], context).get(want.title);
    return [id, have ? { have } : { unreadable: "" }] as const;
  });
  const state = {
    resources: new Map(resources),
    keys: new Map(),
    guards: new Map(),
    owed: [],
    contents: new Map(),
    primaryGroups: new Map(),
    observes: new Map(),
  };
  const { plan } = diff(catalog, graph, state, context);
  if (!plan) return;
  const heading = { host: plan.host, system: "debian 12", resources: resources.length, milliseconds: 0, frames: 0 };
  printPlan(plan, heading, nowhere, false);
  planSummary([plan]);
}
