import { debian12 } from "../../stdlib/facts/debian-12.ts";
import { evaluate } from "../../compiler/evaluate.ts";
import { order } from "../../compiler/graph.ts";
import type { Program } from "../../compiler/program.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { flag } from "../arguments.ts";
import type { Command } from "../command.ts";
import { compile, hasErrors, sorted } from "../compile.ts";
import { exitStatus } from "../exit-status.ts";
import { findRecipe } from "../recipe-path.ts";
import { diagnosticsDocument } from "../reporters/json.ts";
import { printDiagnostics } from "../reporters/pretty-diagnostics.ts";

/** `galley check`: everything that can be found wrong without touching a host. */
export const check: Command = {
  name: "check",
  takes: "[PATH]",
  summary: "Find mistakes in a recipe; touches no host",
  details: [
    "Parses and type-checks the recipe and all it uses, in every branch, then compiles it for a recorded Debian 12 to find references to nothing, contradictions and cycles. Exit status: 0 clean, 1 errors.",
  ],
  options: [],
  async run(invocation, context) {
    const { program, diagnostics: found } = compile(
      findRecipe(invocation.positionals[0], context.workingDirectory),
      context,
    );
    const diagnostics = hasErrors(found) ? found : sorted([...found, ...compileForFixture(program)], program);
    if (flag(invocation, "json")) context.output.write(diagnosticsDocument(diagnostics));
    else printDiagnostics(diagnostics, context.output, { whenClean: `${program.root.source.path}: no mistakes found` });
    return hasErrors(diagnostics) ? exitStatus.error : exitStatus.ok;
  },
};

function compileForFixture(program: Program): readonly Diagnostic[] {
  const { catalog, diagnostics } = evaluate(program, { facts: debian12 }, { unobserved: "assume" });
  if (!catalog || hasErrors(diagnostics)) return diagnostics;
  return [...diagnostics, ...order(catalog, debian12).diagnostics];
}
