import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeCompilerHost } from "../../cli/node-compiler-host.ts";
import { check } from "../../compiler/check.ts";
import { evaluate, type Evaluated } from "../../compiler/evaluate.ts";
import { prepare } from "../../compiler/evaluate/state/prepare.ts";
import { builtinFunctions } from "../../compiler/functions/table.ts";
import { load } from "../../compiler/loader.ts";
import { evaluationMessages } from "../../compiler/messages/evaluation.ts";
import type { Facts } from "../../compiler/kind/facts.ts";
import type { Program } from "../../compiler/program.ts";
import type { ObserveReading } from "../../compiler/state.ts";
import { frame } from "../../grammar/frame.ts";
import { debian12 } from "../../stdlib/facts/debian-12.ts";
import { catalogText, observesText } from "./evaluate/catalog-text.ts";
import { kinds } from "./evaluate/kinds.ts";

const folder = join(import.meta.dirname, "evaluate");
const cases = readdirSync(folder)
  .filter((name) => name.endsWith(".recipe"))
  .map((name) => name.replace(/\.recipe$/, ""));

/** Lines `#! answer NAME STATUS "output"` in a case are what the host answers. */
function answersIn(text: string): ReadonlyMap<string, ObserveReading> {
  const answers = new Map<string, ObserveReading>();
  for (const [, name = "", status, output = '""'] of text.matchAll(/^#! answer (\w+) (\d+)(?: (".*"))?$/gm)) {
    answers.set(name, { status: Number(status), output: String(JSON.parse(output)) });
  }
  return answers;
}

/** Debian 12, under the name in a line `#! name NAME` of the case. */
function factsFor(text: string): Facts {
  const name = /^#! name (\S+)$/m.exec(text)?.[1];
  return name === undefined ? debian12 : { ...debian12, name };
}

function evaluated(program: Program, text: string): Evaluated {
  const facts = factsFor(text);
  if (/^#! unknown$/m.test(text)) return evaluate(prepare(program), { facts }, { unobserved: "unknown" });
  const first = evaluate(prepare(program), { facts });
  const answers = answersIn(text);
  if (first.needs.length === 0 || answers.size === 0) return first;
  const observed = new Map<number, ObserveReading>();
  for (const { index, name } of first.needs) {
    const reading = answers.get(name);
    if (reading) observed.set(index, reading);
  }
  return evaluate(prepare(program), { facts, observed });
}

function loaded(name: string): Program {
  return load(`${name}.recipe`, nodeCompilerHost(join(folder, "cookbooks"), folder), kinds);
}

function resultText(program: Program, { catalog, needs, diagnostics }: Evaluated): string {
  const found = [...program.diagnostics, ...diagnostics].map((diagnostic) => `${frame(diagnostic)}\n`);
  const asked = needs.length > 0 ? [`needs\n${observesText(needs)}`] : [];
  return [...found, ...asked, ...(catalog ? [catalogText(catalog)] : [])].join("\n");
}

test.each(cases)("%s", async (name) => {
  const program = loaded(name);
  // As on the command line, where nothing is evaluated unchecked.
  const findings = check(program, builtinFunctions);
  const result = evaluated(program, readFileSync(join(folder, `${name}.recipe`), "utf8"));
  await expect(resultText(program, result)).toMatchFileSnapshot(join(folder, `${name}.txt`));
  // What evaluates without fault must not be refused before.
  if (result.diagnostics.length === 0) {
    expect(findings.map((found) => frame(found))).toEqual([]);
  }
});

test("every message of the evaluator has a case", () => {
  const codes = new Set<string>(
    cases.flatMap((name) => {
      const text = readFileSync(join(folder, `${name}.recipe`), "utf8");
      return evaluated(loaded(name), text).diagnostics.map((found) => found.code);
    }),
  );
  expect(Object.keys(evaluationMessages).filter((code) => !codes.has(code))).toEqual([]);
});
