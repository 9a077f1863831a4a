import { describe, expect, test } from "vitest";
import { syntaxProblem } from "./check/templates/template-syntax.ts";
import type { Value } from "./kind/value.ts";
import { parseTemplate, renderTemplate, TemplateProblem } from "./template.ts";

const values: ReadonlyMap<string, Value> = new Map<string, Value>([
  ["html", "<a href='x'>&</a>"],
  ["list", ["x", "y"]],
  ["mode", { type: "mode", bits: 0o640 }],
  ["none", null],
  ["off", false],
  ["port", 0],
  ["record", new Map<string, Value>([["deep", new Map([["value", "v"]])]])],
  ["size", { type: "size", bytes: 1024 }],
  ["text", "t"],
]);

function render(source: string): string {
  const result = renderTemplate(source, values);
  return result instanceof TemplateProblem ? `${result.line}: ${result.message}` : result;
}

test.each([
  ["{{text}} {{port}} {{off}} {{size}} {{mode}}", "t 0 false 1024 0640"],
  ["{{html}} {{{html}}}", "<a href='x'>&</a> <a href='x'>&</a>"],
  ["{{record.deep.value}}", "v"],
  ["{{#if none}}yes{{else}}no{{/if}}", "no"],
  ["{{#unless off}}x{{/unless}}", "x"],
  ["{{#each list}}{{@index}}={{this}}{{#unless @last}}, {{/unless}}{{/each}}", "0=x, 1=y"],
  ["{{#each list}}{{this}}{{../text}}{{/each}}", "xtyt"],
  ["{{#each record}}{{@key}}{{/each}}", "deep"],
  ["{{#with record}}{{deep.value}}{{/with}}", "v"],
  ['{{#if (eq text "t")}}same{{/if}}', "same"],
  ["{{#if (eq port 0)}}zero{{/if}}", "zero"],
  ["{{!-- comment --}}x", "x"],
  ["a\n{{#if text}}\nb\n{{/if}}\nc\n", "a\nb\nc\n"],
])("%s gives %j", (source, result) => {
  expect(render(source)).toBe(result);
});

test.each([
  ["a\n{{missing}}", "2: there is no `missing` in what it is given"],
  ["{{record.nothing}}", "1: there is no `nothing` in what it is given"],
  ["{{constructor}}", "1: there is no `constructor` in what it is given"],
  ["{{__proto__}}", "1: there is no `__proto__` in what it is given"],
  ["a\n{{list}}", "2: `list` is a list, which cannot be converted to text; iterate over it with {{#each}}"],
  ["{{record}}", "1: `record` is a record, which has no text of its own; name one of its fields"],
  ["{{lookup list 0}}", "1: there is no helper `lookup`; there are each, eq, if, unless, with"],
  ["\n{{log text}}", "2: there is no helper `log`; there are each, eq, if, unless, with"],
  ["{{#if text}}", "1: the template ends before something in it is closed"],
  ["{{#if text}}{{/each}}", "1: {{#if}} is closed by {{/each}}"],
  ["a\n{{> other}}", "2: a template stands alone: it has no partials and no decorators"],
  ["{{#if text}}{{> other}}{{/if}}", "1: a template stands alone: it has no partials and no decorators"],
  ["{{* x}}", "1: a template stands alone: it has no partials and no decorators"],
])("%j is refused: %s", (source, message) => {
  expect(render(source)).toBe(message);
});

describe("a template nested deeper than any needs to be is refused before it is read", () => {
  const blocks = (depth: number) => `${"{{#if text}}".repeat(depth)}x${"{{/if}}".repeat(depth)}`;
  test("one that is not is rendered", () => {
    expect(render(blocks(100))).toBe("x");
    expect(render("{{#if text}}x{{/if}}{{! ( }}\\{{#if".repeat(200))).toContain("x");
  });

  test.each([
    ["blocks", blocks(20_000)],
    ["inverse blocks", `${"{{^text}}".repeat(20_000)}x${"{{/text}}".repeat(20_000)}`],
    ["alternatives", `{{#if text}}x${"{{else if text}}y".repeat(20_000)}{{/if}}`],
    ["parentheses", `{{#if ${"(eq ".repeat(20_000)}text${" text)".repeat(20_000)}}}x{{/if}}`],
    ["blocks that comments seem to close", "{{!-- {{/if}} --}}".repeat(20_000) + blocks(20_000)],
    [
      "blocks that escaped braces seem to close",
      `${"\\{{/if}} {{#if text}}".repeat(20_000)}${"{{/if}}".repeat(20_000)}`,
    ],
    [
      "blocks that texts seem to close",
      `${'{{eq text "{{/if}}"}}{{#if text}}'.repeat(20_000)}${"{{/if}}".repeat(20_000)}`,
    ],
  ])("%s", (_, source) => {
    expect(render(source)).toBe("1: it is nested more than 100 deep");
    const problem = parseTemplate(source);
    if (!(problem instanceof TemplateProblem)) throw new Error("a template was expected to be refused");
    // The wording for the checker is found without parsing either.
    expect(syntaxProblem({ path: "x.hbs", text: source }, problem).problem).toMatch(
      /nested more than 100|closes nothing/,
    );
  });
});

test("loops within loops have a limit of turns, and a rendering one of length", () => {
  const many = new Map<string, Value>([["x", Array.from({ length: 1500 }, () => "y")]]);
  const nested = renderTemplate("\n{{#each x}}{{#each ../x}}z{{/each}}{{/each}}", many);
  expect(nested).toMatchObject({ message: "its loops take more than 1000000 turns" });
  const long = renderTemplate(`{{#each x}}${"z".repeat(100_000)}{{/each}}`, many);
  expect(long).toMatchObject({ message: "the text would be longer than 64 MiB", line: 1 });
  // Each rendering counts from zero.
  expect(renderTemplate("{{#each x}}z{{/each}}", many)).toHaveLength(1500);
  expect(nested).toMatchObject({ line: 2 });
});
