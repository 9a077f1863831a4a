import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { builtinFunctions } from "../compiler/functions/table.ts";
import { hostFacts, osFacts } from "../compiler/host-type.ts";
import { generatedFiles } from "../grammar/generate.ts";
import { kinds } from "../stdlib/index.ts";
import { referencePages } from "../stdlib/reference.ts";
import { factsPage } from "./facts-page.ts";
import { functionsPage } from "./functions-page.ts";

const root = join(import.meta.dirname, "..");

// Everything that is derived from the token table, the grammar and the kinds; CI fails when a file here is not what this writes.
const files = {
  ...generatedFiles(),
  ...referencePages(kinds),
  ...factsPage(hostFacts, osFacts),
  ...functionsPage(builtinFunctions),
};
for (const [path, text] of Object.entries(files)) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), text);
  process.stdout.write(`${path}\n`);
}
