import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { evaluate } from "../compiler/evaluate.ts";
import { prepare } from "../compiler/evaluate/state/prepare.ts";
import type { Facts } from "../compiler/kind/facts.ts";
import { debian12 } from "../stdlib/facts/debian-12.ts";
import { compile } from "./compile.ts";
import { draftOf, foresee } from "./foresee.ts";

const folder = mkdtempSync(join(tmpdir(), "galley-foresee-"));
afterAll(() => rmSync(folder, { recursive: true }));

const alpine: Facts = {
  ...debian12,
  os: { family: "alpine", id: "alpine", version: "3.20", codename: "" },
  package_manager: "apk",
};

function compiled(recipe: string) {
  const path = join(folder, "site.recipe");
  writeFileSync(path, recipe);
  return compile(path, { galleyFolder: folder, workingDirectory: folder }).program;
}

const cases: readonly (readonly [name: string, recipe: string, holds: readonly [debian: boolean, alpine: boolean]])[] =
  [
    ["looks at nothing", 'file "/etc/motd" { content = "hello" }', [true, true]],
    ["looks at the family", 'if host.os.family == "debian" { directory "/srv/d" }', [true, false]],
    ["looks at the memory", 'file "/etc/m" { content = "${host.memory}" }', [true, true]],
    ["looks at the name", 'file "/etc/m" { content = host.name }', [true, true]],
    ["has a package, whose files depend on the system", 'package "nginx"', [true, false]],
    ["has a mistake", 'file "/etc/m" { content = [host.os.id][1] }', [true, false]],
  ];

for (const [name, recipe, [onDebian, onAlpine]] of cases) {
  test(`a recipe that ${name} is foreseen as it will be`, async () => {
    const program = compiled(recipe);
    const { draft, holdsFor } = await foresee(prepare(program), "web1");
    for (const [facts, holds] of [
      [{ ...debian12, name: "web1" }, onDebian],
      [{ ...alpine, name: "web1" }, onAlpine],
    ] as const) {
      expect(holdsFor(facts)).toBe(holds);
      if (!holds) continue;
      const { evaluated, ordered } = draftOf(evaluate(prepare(program), { facts }), facts);
      expect(draft.evaluated).toEqual(evaluated);
      expect(draft.ordered?.graph?.order).toEqual(ordered?.graph?.order);
    }
    expect(holdsFor(debian12)).toBe(false);
  });
}

test("facts that a recipe uses must be the very same", async () => {
  const { holdsFor } = await foresee(prepare(compiled('file "/etc/m" { content = "${host.memory}" }')), "web1");
  expect(holdsFor({ ...debian12, name: "web1", memory: debian12.memory + 1 })).toBe(false);
  expect(holdsFor({ ...debian12, name: "web1", cpus: debian12.cpus + 1 })).toBe(true);
});

test("what a command must tell first is asked for, whatever the host is", async () => {
  const { draft, holdsFor } = await foresee(
    prepare(compiled('observe there: bool = sh"test -e /x"\nif there { directory "/srv/d" }')),
    "web1",
  );
  expect(draft.evaluated.needs).toHaveLength(1);
  expect(draft.ordered).toBeUndefined();
  expect(holdsFor({ ...alpine, name: "web1" })).toBe(true);
});
