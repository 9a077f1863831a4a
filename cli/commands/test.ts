import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { builtinFunctions } from "../../compiler/functions/table.ts";
import { runTest } from "../../compiler/testing/run-test.ts";
import { testsOf } from "../../compiler/testing/test-program.ts";
import { recordedFacts } from "../../stdlib/facts/index.ts";
import { flag, textOption } from "../arguments.ts";
import { type Command, UsageProblem } from "../command.ts";
import { compile, hasErrors } from "../compile.ts";
import { exitStatus } from "../exit-status.ts";
import { recipesAt } from "../recipes-at.ts";
import { junitDocument, printTests, testsDocument, type TestedFile } from "../reporters/tests.ts";

/** `galley test`: the tests that stand in recipes. */
export const test: Command = {
  name: "test",
  takes: "[PATH …]",
  positionals: Infinity,
  summary: "Run the tests of recipes against recorded facts; touches no host",
  details: [
    "A test is compiled as its recipe with the statements of the test added, for the machine that `host = facts(…)` names. It passes when there is no mistake and everything it expects holds.",
    "PATH is a recipe, or a folder in which all recipes are looked for.",
    "Exit status: 0 all tests passed, 1 a test failed, or a recipe with tests has mistakes, or there is no test.",
  ],
  options: [{ name: "junit", value: "FILE", doc: "also write the results as JUnit XML" }],
  async run(invocation, context) {
    const begin = performance.now();
    const paths = invocation.positionals.length > 0 ? invocation.positionals : ["."];
    const recipes = [...new Set(paths.flatMap((path) => testedAt(path, context.workingDirectory)))];
    const files = recipes.map((path): TestedFile => {
      const { program, diagnostics } = compile(path, context);
      if (hasErrors(diagnostics)) return { path, diagnostics, results: [] };
      const environment = { functions: builtinFunctions, recorded: recordedFacts };
      return { path, diagnostics: [], results: testsOf(program).map((one) => runTest(program, one, environment)) };
    });
    if (files.length === 0) throw new UsageProblem(`there is no test in ${paths.join(", ")}`);
    const junit = textOption(invocation, "junit");
    if (junit !== undefined) await save(resolve(context.workingDirectory, junit), junitDocument(files));
    if (flag(invocation, "json")) context.output.write(testsDocument(files));
    else printTests(files, performance.now() - begin, context.output);
    const isWrong = files.some(
      ({ diagnostics, results }) => diagnostics.length > 0 || results.some((result) => result.diagnostics.length > 0),
    );
    return isWrong ? exitStatus.error : exitStatus.ok;
  },
};

/** The recipes that have tests: the one that is named, or those below a folder. */
function testedAt(path: string, workingDirectory: string): readonly string[] {
  const recipes = recipesAt(path, workingDirectory);
  if (recipes.length === 1 && recipes[0] === path) return recipes;
  return recipes.filter((name) => /^test[ \t]+["']/m.test(readFileSync(resolve(workingDirectory, name), "utf8")));
}

async function save(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new UsageProblem(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
