import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { diff } from "../compiler/diff.ts";
import { evaluate } from "../compiler/evaluate.ts";
import { prepare } from "../compiler/evaluate/state/prepare.ts";
import { order } from "../compiler/graph.ts";
import type { Catalog } from "../compiler/catalog.ts";
import { readPlan, writePlan } from "../compiler/plan-file.ts";
import type { State } from "../compiler/state.ts";
import { debian12 } from "../stdlib/facts/debian-12.ts";
import { kinds } from "../stdlib/index.ts";
import { compile } from "./compile.ts";

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "galley-saved-"));
afterAll(() => rmSync(folder, { recursive: true }));

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** The catalog as it comes back from a plan file. */
function throughFile(catalog: Catalog): Catalog {
  const plan = {
    version: 1 as const,
    host: catalog.host,
    steps: [],
    transactions: [],
    observes: [],
    unchanged: 0,
    seen: [],
    blobs: [],
  };
  const read = readPlan(
    writePlan([{ plan, catalog }], new Map(), sha256),
    sha256,
    new Map(kinds.map((kind) => [kind.name, kind])),
  );
  if ("problem" in read) throw new Error(read.problem);
  const [saved] = read.plans;
  if (!saved) throw new Error("there is no plan");
  return saved.catalog;
}

/** The steps that a catalog leads to on a host that has nothing yet, without what only the recipe's text can tell. */
function stepsOf(catalog: Catalog) {
  const { graph } = order(catalog, debian12);
  if (!graph) throw new Error("there is no order");
  const probed = catalog.resources.filter(({ kind, want }) => kind.probe([want], context) !== undefined);
  const state: State = {
    resources: new Map(probed.map(({ id }) => [id, { have: { state: "absent" } }])),
    keys: new Map(graph.order.flatMap(({ id }) => (graph.needs.get(id) ?? []).map(({ key }) => [key, true] as const))),
    guards: new Map(catalog.resources.map(({ id }) => [id, { status: 0, output: "" }])),
    owed: [],
    contents: new Map(),
    primaryGroups: new Map(),
    observes: new Map(catalog.observes.map(({ index }) => [index, { status: 0, output: "" }])),
  };
  const { plan, diagnostics } = diff(catalog, graph, state, context);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  return plan?.steps.map(({ diff: _diff, hidden: _hidden, ...step }) => step);
}

const context = { facts: debian12, primaryGroup: () => "root" };

const recipes: readonly (readonly [string, string])[] = [
  ["examples/web", join(root, "examples/web/site.recipe")],
  ...kinds.map((kind) => [`the example of ${kind.name}`, kind.example] as const),
  [
    "conditions, events and limits",
    `observe is_there: bool = sh"test -e /srv/there"
directory "/srv/d" { mode = 0750 }
file "/srv/d/a" {
  content = "a"
  when is_there
}
execute "build" {
  run   = sh"make -C \${"/srv/d"}"
  watch = ["/srv/d/a"]
  timeout 5m
  retry 3 every 5s
}
`,
  ],
];

for (const [name, recipe] of recipes) {
  test(`a saved plan of ${name} leads the closing read to the same order and the same steps`, () => {
    const path = recipe.startsWith("/") ? recipe : join(folder, "site.recipe");
    if (path !== recipe) writeFileSync(path, recipe);
    const { program, diagnostics } = compile(path, { galleyFolder: root, workingDirectory: root });
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    const { catalog, diagnostics: mistakes } = evaluate(prepare(program), {
      facts: debian12,
      observed: new Map([[0, { status: 0, output: "" }]]),
    });
    if (!catalog) throw new Error(mistakes.map(({ message }) => message).join("\n"));
    const steps = stepsOf(catalog);
    expect(steps).not.toEqual([]);
    expect(stepsOf(throughFile(catalog))).toEqual(steps);
  });
}
