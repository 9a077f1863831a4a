import type { Test } from "../../grammar/ast.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { BuiltinFunction } from "../builtin-function.ts";
import { check } from "../check.ts";
import { evaluate } from "../evaluate.ts";
import { readSite } from "../evaluate/site/read-site.ts";
import { prepare } from "../evaluate/state/prepare.ts";
import { order } from "../graph.ts";
import type { Facts } from "../kind/facts.ts";
import { diagnostic } from "../messages.ts";
import type { Program } from "../program.ts";
import { factsOfTest } from "./test-facts.ts";
import { testProgram } from "./test-program.ts";

/** How a test ended: passed when nothing is wrong. */
export interface TestResult {
  readonly name: string;
  readonly test: Test;
  /** What is wrong with the recipe for this machine, and what does not hold. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What tests are run with: the functions of the language, and the machines that are known by their facts. */
export interface TestEnvironment {
  readonly functions: ReadonlyMap<string, BuiltinFunction>;
  readonly recorded: readonly [Facts, ...Facts[]];
}

/** Compiles the recipe with what a test adds, for the facts that it names, and judges what it expects. */
export function runTest(program: Program, test: Test, environment: TestEnvironment): TestResult {
  const name = test.label.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  const fail = (...diagnostics: readonly Diagnostic[]): TestResult => ({ name, test, diagnostics });
  if (test.on) return fail(diagnostic("N001", test.on.span, { what: "a test on a machine" }));
  const made = testProgram(program, test);
  if (made.diagnostics.length > 0) return fail(...made.diagnostics);
  const facts = factsOfTest(made.host, program, environment.recorded);
  if ("problem" in facts) return fail(facts.problem);
  const found = compileFor(made.program, facts.facts, environment);
  if (isWrong(found)) return fail(...found.filter(({ severity }) => severity === "error"));
  return fail(
    ...made.errors.flatMap(({ program: tried, span, words }): Diagnostic[] => {
      const all = [...tried.diagnostics, ...compileFor(tried, facts.facts, environment)];
      const errors = all.filter(({ severity }) => severity === "error");
      if (errors.some((error) => textOf(error).includes(words))) return [];
      const head = { ...span, end: Math.min(span.end, span.start + "expect error".length) };
      return [diagnostic("E210", head, { words, found: errors.map(({ message }) => message) })];
    }),
  );
}

/** Everything that is wrong with a program for a machine, first as far as it is checked, then evaluated, then put in order. */
function compileFor(program: Program, facts: Facts, { functions }: TestEnvironment): readonly Diagnostic[] {
  const checked = check(program, functions);
  if (isWrong(checked)) return checked;
  const prepared = prepare(program);
  const site = readSite(prepared);
  if (isWrong(site.diagnostics)) return site.diagnostics;
  const factsOf = (host: string): Facts => ({ ...facts, name: host, hostname: host });
  const { catalog, diagnostics } = evaluate(prepared, { facts, site, factsOf }, { unobserved: "test" });
  return catalog && !isWrong(diagnostics) ? [...diagnostics, ...order(catalog, facts).diagnostics] : diagnostics;
}

function isWrong(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

/** All words of a message, in which `expect error` looks for its own. */
function textOf({ code, hints = [], label = "", message }: Diagnostic): string {
  return [code, message, label, ...hints].join("\n");
}
