import { checkOnHosts } from "../../compiler/check-hosts.ts";
import { builtinFunctions } from "../../compiler/functions/table.ts";
import { checkTests } from "../../compiler/testing/check-tests.ts";
import { recordedFacts } from "../../stdlib/facts/index.ts";
import { flag } from "../arguments.ts";
import type { Command } from "../command.ts";
import { compile, hasErrors, sorted } from "../compile.ts";
import { exitStatus } from "../exit-status.ts";
import { planOptions } from "../plan-options.ts";
import { settingsOf } from "../settings.ts";
import { findRecipe } from "../recipe-path.ts";
import { diagnosticsDocument } from "../reporters/json.ts";
import { printDiagnostics } from "../reporters/pretty-diagnostics.ts";

/** `galley check`: everything that can be found wrong without touching a host. */
export const check: Command = {
  name: "check",
  takes: "[PATH]",
  summary: "Find mistakes in a recipe; touches no host",
  details: [
    "Parses and type-checks the recipe and all it uses, in every branch, then compiles it for recorded facts of Debian 11, 12 and 13, Ubuntu 24.04, Rocky Linux 9 and Alpine 3.20 to find references to nothing, contradictions and cycles. What is wrong on some of these only is a warning that names them; answers of observes are unknown, and nothing is said of what follows from one. Exit status: 0 clean, 1 errors.",
  ],
  options: planOptions.filter(({ name }) => name === "set"),
  async run(invocation, context) {
    const { program, diagnostics: found } = compile(
      findRecipe(invocation.positionals[0], context.workingDirectory),
      context,
      settingsOf(invocation),
    );
    const diagnostics = hasErrors(found)
      ? found
      : sorted(
          [
            ...found,
            ...checkTests(program, { functions: builtinFunctions, recorded: recordedFacts }),
            ...checkOnHosts(program, recordedFacts),
          ],
          program,
        );
    if (flag(invocation, "json")) context.output.write(diagnosticsDocument(diagnostics));
    else printDiagnostics(diagnostics, context.output, { whenClean: `${program.root.source.path}: no mistakes found` });
    return hasErrors(diagnostics) ? exitStatus.error : exitStatus.ok;
  },
};
