import Handlebars from "handlebars";
import { FunctionProblem } from "./builtin-function.ts";
import { render } from "./evaluate/render.ts";
import { isList, isRecord } from "./evaluate/values.ts";
import type { RecordValue, Value } from "./kind/value.ts";

/** The helpers that a template may call, in alphabetical order; the checker refuses all others. */
export const knownHelpers = ["each", "eq", "if", "unless", "with"] as const;

/** Blocks within blocks beyond which a template is refused; Handlebars itself overflows the stack at some thousands. */
export const deepestTemplate = 100;

/** Why a template cannot be rendered. */
export class TemplateProblem {
  readonly message: string;
  /** The line of the template, counted from 1. */
  readonly line: number;
  constructor(message: string, line: number) {
    this.message = message;
    this.line = line;
  }
}

/** The tree of a template with the places of all its parts, or why it is no template. */
export function parseTemplate(source: string): hbs.AST.Program | TemplateProblem {
  const deep = tooDeep(source);
  if (deep !== undefined) return deep;
  try {
    return Handlebars.parse(source);
  } catch (error) {
    return problemOf(error);
  }
}

function tooDeep(source: string): TemplateProblem | undefined {
  let depth = 0;
  for (const mark of source.matchAll(/\{\{\{?\{?~?(?<sign>[#^/])|\(/g)) {
    const sign = mark.groups?.["sign"];
    // An unclosed `{{^}}` only makes this count too high, and such a template is rare enough to be split.
    if (sign === "/") depth -= 1;
    else if (sign !== undefined && !/^\{\{~?\^~?\}\}/.test(source.slice(mark.index, mark.index + 7))) depth += 1;
    if (depth > deepestTemplate)
      return new TemplateProblem(
        `blocks are nested more than ${deepestTemplate} deep`,
        source.slice(0, mark.index).split("\n").length,
      );
  }
  return undefined;
}

type Rendered = (context: object) => string;

const compiled = new Map<string, Rendered>();
/** Only our own helpers exist: a template cannot reach the ones that Handlebars itself brings along. */
const engine = Handlebars.create();
for (const name of Object.keys(engine.helpers)) {
  if (!["blockHelperMissing", "each", "helperMissing", "if", "unless", "with"].includes(name))
    engine.unregisterHelper(name);
}
engine.registerHelper("eq", (...args: readonly unknown[]) => {
  const [left, right] = args;
  return plainText(left) === plainText(right);
});

function plainText(value: unknown): string {
  return typeof value === "object" && value !== null && "text" in value ? String(value.text) : String(value);
}

/** A template with the values of a record in it: text for text, numbers as in a string, nothing escaped. */
export function renderTemplate(source: string, record: RecordValue): string | TemplateProblem {
  const template = compiled.get(source) ?? compile(source);
  if (template instanceof TemplateProblem) return template;
  try {
    return template(toContext(record));
  } catch (error) {
    return problemOf(error);
  }
}

function compile(source: string): Rendered | TemplateProblem {
  const tree = parseTemplate(source);
  if (tree instanceof TemplateProblem) return tree;
  const foreign = foreignPart(tree);
  if (foreign) return foreign;
  const template = engine.compile(tree, {
    noEscape: true,
    strict: true,
    knownHelpersOnly: true,
    knownHelpers: { each: true, eq: true, if: true, unless: true, with: true, log: false, lookup: false },
  });
  const rendered: Rendered = (context) => template(context);
  // A recipe has few templates; the limit is for an editor that stays open for days.
  if (compiled.size > 500) compiled.clear();
  compiled.set(source, rendered);
  return rendered;
}

/** Partials and decorators would bring in text that no record accounts for. */
function foreignPart(program: hbs.AST.Program): TemplateProblem | undefined {
  for (const statement of program.body) {
    if (/^Partial|^Decorator/.test(statement.type))
      return new TemplateProblem(
        "a template stands alone: it has no partials and no decorators",
        statement.loc.start.line,
      );
    if (statement.type !== "BlockStatement") continue;
    for (const inner of blocksOf(statement)) {
      const foreign = foreignPart(inner);
      if (foreign) return foreign;
    }
  }
  return undefined;
}

function blocksOf(statement: object): readonly hbs.AST.Program[] {
  const blocks: hbs.AST.Program[] = [];
  if ("program" in statement && isProgram(statement.program)) blocks.push(statement.program);
  if ("inverse" in statement && isProgram(statement.inverse)) blocks.push(statement.inverse);
  return blocks;
}

function isProgram(value: unknown): value is hbs.AST.Program {
  return typeof value === "object" && value !== null && "body" in value;
}

/** Objects without a prototype, so that no name but the record's own exists. */
function toContext(record: RecordValue): object {
  const context: Record<string, unknown> = Object.create(null);
  for (const [name, field] of record) context[name] = toTemplateValue(field);
  return context;
}

function toTemplateValue(value: Value): unknown {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string")
    return value;
  if (isList(value)) {
    const elements = value.map(toTemplateValue);
    // Handlebars would write a list with commas of its own choice.
    Object.defineProperty(elements, "toString", {
      value: () => {
        throw new Error("a list has no text of its own; go through it with {{#each}}");
      },
    });
    return elements;
  }
  if (isRecord(value)) return toContext(value);
  const text = render(value);
  if (text instanceof FunctionProblem) throw new Error(text.message);
  return text;
}

function problemOf(error: unknown): TemplateProblem {
  const text = error instanceof Error ? error.message : String(error);
  const line = /(?:on line |[- ])(\d+)(?::\d+)?/.exec(text)?.[1];
  const missing = /^"(.*)" not defined in/.exec(text)?.[1];
  const words =
    missing === undefined
      ? text.includes("primitive value")
        ? "a record has no text of its own; name one of its fields"
        : text.replace(/^Parse error on line \d+:\n/, "").split("\n")[0]
      : `there is no \`${missing}\` in what the template is given`;
  return new TemplateProblem(words ?? text, line === undefined ? 1 : Number(line));
}
