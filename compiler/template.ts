import Handlebars from "handlebars";
import { render } from "./evaluate/values/render.ts";
import { isList, isRecord } from "./evaluate/values/values.ts";
import { longestText } from "./functions/texts.ts";
import type { RecordValue, Value } from "./kind/value.ts";
import { deepestTemplate, tooDeepAt } from "./template-depth.ts";

/** The helpers that a template may call, in alphabetical order; the checker refuses all others. */
export const knownHelpers = ["each", "eq", "if", "unless", "with"] as const;

/** Turns of all loops of one rendering together, as in a recipe. */
const mostTurns = 1_000_000;

/** Why a template cannot be rendered. */
export class TemplateProblem {
  readonly message: string;
  /** The line of the template, counted from 1. */
  readonly line: number;
  /** The text was not even parsed, and must not be: that might never end. */
  readonly unparsed: boolean;
  constructor(message: string, line: number, unparsed = false) {
    this.message = message;
    this.line = line;
    this.unparsed = unparsed;
  }
}

/** The tree of a template with the places of all its parts, or why it is no template. */
export function parseTemplate(source: string): hbs.AST.Program | TemplateProblem {
  const deep = tooDeepAt(source);
  if (deep !== undefined) {
    const line = source.slice(0, deep).split("\n").length;
    return new TemplateProblem(`it is nested more than ${deepestTemplate} deep`, line, true);
  }
  try {
    return Handlebars.parse(source);
  } catch (error) {
    return problemOf(error);
  }
}

/** Where a helper is called. */
interface Located {
  readonly loc: hbs.AST.SourceLocation;
}

type Rendered = (context: object) => string;

const compiled = new Map<string, Rendered>();
/** Only our own helpers exist: a template cannot reach the ones that Handlebars itself brings along. */
const engine = Handlebars.create();
for (const name of Object.keys(engine.helpers)) {
  if (!["blockHelperMissing", "each", "helperMissing", "if", "unless", "with"].includes(name))
    engine.unregisterHelper(name);
}
const { each } = engine.helpers;
/** Turns of all loops of the rendering under way: loops within loops could go on without end. */
let turns = 0;
engine.registerHelper("each", function (this: unknown, list: unknown, options: Handlebars.HelperOptions & Located) {
  const at = { type: "BlockStatement", loc: options.loc };
  let length = 0;
  const fn: Handlebars.HelperOptions["fn"] = (...args) => {
    const text = options.fn(...args);
    turns += 1;
    length += text.length;
    if (turns > mostTurns) throw new Handlebars.Exception(`its loops take more than ${mostTurns} turns`, at);
    if (length > longestText) throw new Handlebars.Exception("the text would be longer than 64 MiB", at);
    return text;
  };
  return String(each?.call(this, list, { ...options, fn }));
});
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
  const wrong: string[] = [];
  turns = 0;
  try {
    const text = template(toContext(record, "the record", wrong));
    const problem = wrong[Number(/\0([0-9]+)\0/.exec(text)?.[1])];
    return problem === undefined ? text : new TemplateProblem(problem, lineOf(source, problem));
  } catch (error) {
    return problemOf(error);
  }
}

/** The line that names the part a message is about; the first line when it is named in no plain way. */
function lineOf(source: string, message: string): number {
  const name = /^`([^`]*)`/.exec(message)?.[1]?.split(".").at(-1);
  const at = name === undefined ? -1 : source.search(new RegExp(`\\{\\{[^}]*\\b${name}\\b`));
  return at === -1 ? 1 : source.slice(0, at).split("\n").length;
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

/**
 * Objects without a prototype, so that no name but the record's own exists. Handlebars would write a list with commas of its own
 * choice and a record as `[object Object]`: what has no text has a mark instead, the number of a message in `wrong`.
 */
function toContext(record: RecordValue, name: string, wrong: string[]): object {
  const context: Record<string, unknown> = Object.create(null);
  for (const [key, field] of record) context[key] = toTemplateValue(field, key, wrong);
  return withoutText(context, `\`${name}\` is a record, which has no text of its own; name one of its fields`, wrong);
}

function toTemplateValue(value: Value, name: string, wrong: string[]): unknown {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string")
    return value;
  if (isList(value)) {
    const elements = value.map((element) => toTemplateValue(element, name, wrong));
    return withoutText(
      elements,
      `\`${name}\` is a list, which cannot be converted to text; iterate over it with {{#each}}`,
      wrong,
    );
  }
  if (isRecord(value)) return toContext(value, name, wrong);
  const text = render(value);
  if (typeof text === "string") return text;
  return withoutText(Object.create(null), `\`${name}\`: ${text.message}`, wrong);
}

function withoutText(object: object, message: string, wrong: string[]): object {
  const mark = `\0${wrong.length}\0`;
  wrong.push(message);
  // Handlebars asks for the text also when it only compares, so being asked is no mistake yet.
  return Object.defineProperty(object, "toString", { value: () => mark });
}

function problemOf(error: unknown): TemplateProblem {
  const text = error instanceof Error ? error.message : String(error);
  const parse = /^Parse error on line (\d+):/.exec(text);
  if (parse) {
    const words = text.includes("got 'EOF'")
      ? "the template ends before something in it is closed"
      : `this cannot be read: ${text.split("\n")[1]?.trim() ?? ""}`;
    return new TemplateProblem(words, Number(parse[1]));
  }
  // Handlebars ends such messages with " - line:column".
  const place = / - (\d+):\d+$/.exec(text);
  const named = typeof error === "object" && error !== null && "lineNumber" in error ? Number(error.lineNumber) : 1;
  const line = place ? Number(place[1]) : named || 1;
  const bare = place ? text.slice(0, place.index) : text;
  const missing = /^"(.*)" not defined in/s.exec(bare)?.[1];
  if (missing !== undefined) return new TemplateProblem(`there is no \`${missing}\` in what it is given`, line);
  const helper = /unknown helper (.*)$/s.exec(bare)?.[1];
  if (helper !== undefined) {
    return new TemplateProblem(`there is no helper \`${helper}\`; there are ${knownHelpers.join(", ")}`, line);
  }
  const [, opened, closed] = /^(.*) doesn't match (.*)$/s.exec(bare) ?? [];
  return new TemplateProblem(opened === undefined ? bare : `{{#${opened}}} is closed by {{/${closed ?? ""}}}`, line);
}
