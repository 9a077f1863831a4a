import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { check } from "../check.ts";
import { diagnostic } from "../messages.ts";
import type { Program } from "../program.ts";
import type { TestEnvironment } from "./run-test.ts";
import { factsOfTest } from "./test-facts.ts";
import { testProgram, testsOf } from "./test-program.ts";

/** What is wrong in the tests of a recipe, as far as it can be found without running them. */
export function checkTests(program: Program, { functions, recorded }: TestEnvironment): readonly Diagnostic[] {
  return testsOf(program).flatMap((test) => {
    if (test.on) return [diagnostic("N001", test.on.span, { what: "a test on a machine" })];
    const made = testProgram(program, test);
    const isInside = ({ span }: Diagnostic): boolean =>
      span.file === test.span.file && test.span.start <= span.start && span.end <= test.span.end;
    const facts = factsOfTest(made.host, program, recorded);
    const found = [...made.diagnostics, ...("problem" in facts ? [facts.problem] : [])];
    return [...found, ...check(made.program, functions).filter(isInside)];
  });
}
