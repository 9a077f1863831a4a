import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeCompilerHost } from "../../cli/node-compiler-host.ts";
import { check } from "../../compiler/check.ts";
import { builtinFunctions } from "../../compiler/functions/table.ts";
import { evaluate } from "../../compiler/evaluate.ts";
import { prepare } from "../../compiler/evaluate/state/prepare.ts";
import { load } from "../../compiler/loader.ts";
import { evaluationMessages } from "../../compiler/messages/evaluation.ts";
import { dataMessages } from "../../compiler/messages/data.ts";
import { hostMessages } from "../../compiler/messages/hosts.ts";
import { testMessages } from "../../compiler/messages/testing.ts";
import { messages } from "../../compiler/messages.ts";
import type { Program } from "../../compiler/program.ts";
import { frame } from "../../grammar/frame.ts";
import { debian12 } from "../../stdlib/facts/debian-12.ts";
import { smallKinds } from "./check/small-kinds.ts";

const folder = join(import.meta.dirname, "check");

function programOf(place: string, recipe: string): Program {
  return load(recipe, nodeCompilerHost("/galley/cookbooks", place), smallKinds);
}

/** Everything that is said about one recipe of a folder, as a person reads it. */
function said(place: string, recipe: string): string {
  const program = programOf(place, recipe);
  const found = [...program.diagnostics, ...check(program, builtinFunctions)];
  return found.map((diagnostic) => `${frame(diagnostic, { fixCommand: "galley check --fix" })}\n`).join("\n");
}

function recipesIn(place: string): readonly string[] {
  return readdirSync(place).filter((name) => name.endsWith(".recipe"));
}

const errors = join(folder, "errors");
for (const name of recipesIn(errors)) {
  test(`${name} gets its messages`, async () => {
    await expect(said(errors, name)).toMatchFileSnapshot(join(errors, name.replace(/recipe$/, "txt")));
  });
}

const clean = join(folder, "clean");
for (const name of recipesIn(clean)) {
  test(`${name} is without fault`, () => {
    expect(said(clean, name)).toBe("");
  });

  test(`${name} is evaluated as it was checked`, () => {
    const program = programOf(clean, name);
    const { catalog, diagnostics } = evaluate(prepare(program), { facts: debian12 }, { unobserved: "unknown" });
    expect(diagnostics.map((diagnostic) => frame(diagnostic))).toEqual([]);
    expect(catalog?.resources.length).toBeGreaterThan(0);
  });
}

test("every message of the checker has a case", () => {
  const cases = recipesIn(errors).map((name) => said(errors, name));
  const shown = new Set(
    cases.flatMap((text) => [...text.matchAll(/^(?:error|warning)\[(\w+)\]/gm)].map((match) => match[1])),
  );
  // Those about hosts, data and tests have theirs in `site/`, `data/` and `command-line/tests/`.
  const elsewhere = { ...dataMessages, ...evaluationMessages, ...hostMessages, ...testMessages };
  const own = Object.keys(messages).filter((code) => !Object.hasOwn(elsewhere, code));
  expect(own.filter((code) => !shown.has(code) && code !== "L107")).toEqual([]);
});

test("every message about tests has a case", () => {
  const shown = readFileSync(join(import.meta.dirname, "command-line/tests/expected"), "utf8");
  expect(Object.keys(testMessages).filter((code) => !shown.includes(`[${code}]`))).toEqual([]);
});

test("a recipe that does not exist is named", () => {
  expect(said(errors, "nothing.recipe")).toContain("error[L107]: there is no recipe nothing.recipe");
});
