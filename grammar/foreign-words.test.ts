import { expect, test } from "vitest";
import { foreignWords } from "./foreign-words.ts";
import { parse } from "./parser.ts";

/** Every form that a message offers, in the place for which it is offered. */
const offered = [...foreignWords].flatMap(([word, { property, statement, value }]) => [
  ...Object.entries(property ?? {}).map(([kind, form]) => ({ word, place: `property of ${kind}`, form })),
  ...(statement ? [{ word, place: "statement", form: statement }] : []),
  ...(value ? [{ word, place: "value", form: value }] : []),
]);

const surroundings: Readonly<Record<string, (form: string) => string>> = {
  statement: (form) => `${form}\n`,
  value: (form) => `let x = ${form}\n`,
};

/** Forms that stand outside the body in which the word stood. */
const isStatement = (form: string): boolean => /^(for|observe|let|input) /.test(form);

for (const { word, place, form } of offered) {
  const { write } = form;
  if (write === undefined) continue;
  test(`what is offered for \`${word}\` as a ${place} parses: ${write}`, () => {
    const around =
      surroundings[place] ?? ((text: string) => (isStatement(text) ? text : `file "/x" {\n  ${text}\n}\n`));
    const { diagnostics } = parse({ path: "x.recipe", text: around(write) });
    expect(diagnostics).toEqual([]);
  });
}

test("every word says something for each place", () => {
  expect(offered.filter(({ form }) => form.write === undefined && form.why === undefined)).toEqual([]);
});
