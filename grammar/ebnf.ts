import type { ISerializedGast } from "chevrotain";
import { RecipeParser } from "./recipe-parser.ts";

const widest = 132;

/** The rules of the parser as EBNF: the file first, then statements, types and expressions. */
export function ebnf(): string {
  const rules = new RecipeParser().getSerializedGastProductions().filter((part) => isRule(part));
  // The parser has them the other way round, since its classes build on each other.
  const starts = ["recipe", "declaration", "qualifiedName"].map((name) =>
    rules.findIndex((rule) => rule.name === name),
  );
  const ordered = [...starts, 0].flatMap((start, index) => rules.slice(start, starts[index - 1]));
  const width = Math.max(...ordered.map((rule) => rule.name.length));
  return ordered.map((rule) => line(rule, width)).join("\n");
}

interface Part extends ISerializedGast {
  readonly definition?: Part[];
  readonly name?: string;
  readonly label?: string;
}

interface Rule extends Part {
  readonly name: string;
}

function isRule(part: Part): part is Rule {
  return part.type === "Rule" && part.name !== undefined;
}

/** One rule; a choice that is too long for a line has one alternative a line. */
function line(rule: Rule, width: number): string {
  const [only, ...others] = rule.definition ?? [];
  const choices =
    only?.type === "Alternation" && others.length === 0 ? alternatives(only) : [sequence(rule.definition)];
  const short = `${rule.name.padEnd(width)} = ${choices.join(" | ")} ;`;
  if (short.length <= widest) return short;
  const indent = `\n${" ".repeat(width)} `;
  return `${rule.name.padEnd(width)} = ${choices.join(`${indent}| `)}${indent};`;
}

function alternatives(part: Part): string[] {
  return (part.definition ?? []).map((alternative) => sequence(alternative.definition));
}

function sequence(parts: readonly Part[] = []): string {
  return parts.map((part) => show(part)).join(" ");
}

function show(part: Part): string {
  switch (part.type) {
    case "Terminal":
      return part.label === undefined || part.label === part.name ? String(part.name) : `"${part.label}"`;
    case "Alternation":
      return `( ${alternatives(part).join(" | ")} )`;
    case "Option":
      return `[ ${sequence(part.definition)} ]`;
    case "Repetition":
      return `{ ${sequence(part.definition)} }`;
    case "RepetitionMandatory":
      return `${sequence(part.definition)} { ${sequence(part.definition)} }`;
    default:
      return String(part.name);
  }
}
