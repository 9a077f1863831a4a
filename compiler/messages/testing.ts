import { didYouMean, listed } from "../suggest.ts";
import { hints, type Wording } from "../wording.ts";

/** Messages about tests. */
export const testMessages = {
  E209: (): Wording => ({
    message: "whether this holds depends on what a machine answers, and a test asks none",
    label: "expect something that facts and values decide",
  }),
  E210: (d: { words: string; found: readonly string[] }): Wording => ({
    message:
      d.found.length === 0
        ? "an error was expected here, and there is none"
        : `no error here has the words ${JSON.stringify(d.words)}`,
    label: `expected: ${d.words}`,
    hints: d.found.slice(0, 5).map((message) => `found: ${message}`),
  }),
  E211: (d: { names: readonly string[] }): Wording => ({
    message: "the machine of a test is named by its facts",
    label: `write host = facts("${d.names[0] ?? "debian-12"}")`,
    hints: [`recorded: ${listed(d.names)}; facts("x") also reads facts/x.json beside the recipe`],
  }),
  E212: (d: { name: string; suggestion?: string | undefined; names: readonly string[] }): Wording => ({
    message: `there are no facts ${JSON.stringify(d.name)}`,
    label: didYouMean(d.suggestion) ?? `no file facts/${d.name}.json beside the recipe, and none are recorded`,
    hints: hints(`recorded: ${listed(d.names)}`),
  }),
  E213: (d: { path: string; problem: string }): Wording => ({
    message: `${d.path} holds no facts of a machine: ${d.problem}`,
    label: "named here",
  }),
};
