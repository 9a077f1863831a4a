import type { Kind, Property } from "../compiler/kind/kind.ts";
import { typeText, valueText } from "../compiler/kind/type-text.ts";

const folder = "stdlib/reference";

/** The reference of the kinds in Markdown, by path from the project's root: a page for each, and one that lists them. */
export function referencePages(kinds: readonly Kind[]): Record<string, string> {
  const pages = kinds.map((kind) => [`${folder}/${kind.name}.md`, page(kind)] as const);
  return Object.fromEntries([[`${folder}/README.md`, index(kinds)] as const, ...pages]);
}

function index(kinds: readonly Kind[]): string {
  const rows = kinds.map(
    (kind) => `| [\`${kind.name}\`](${kind.name}.md) | ${kind.title.name} | ${summary(kind.doc)} |`,
  );
  return [
    "# Kinds",
    "",
    'Every declaration in a recipe begins with a kind and a title: `file "/etc/motd" { … }`.',
    "These pages are written by `npm run generate` from the kinds themselves.",
    "",
    "| kind | title | what it is |",
    "|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}

function page(kind: Kind): string {
  const properties = Object.entries(kind.properties).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [
    `# ${kind.name}`,
    "",
    kind.doc,
    "",
    "```recipe",
    kind.example,
    "```",
    "",
    `**Title**: ${kind.title.name}, \`${typeText(kind.title.type)}\`. ${kind.title.doc}`,
    "",
    "## Properties",
    "",
    ...properties.flatMap(([name, property]) => [
      `### ${name}`,
      "",
      `\`${typeText(property.type)}\`${standing(property)}`,
      "",
      property.doc,
      "",
    ]),
    ...(kind.events.length === 0 ? [] : ["## Events", "", events(kind), ""]),
  ].join("\n");
}

function standing(property: Property): string {
  if (property.required) return ", must be given";
  return property.default === undefined ? "" : `, \`${valueText(property.default)}\` unless stated`;
}

function events(kind: Kind): string {
  const named = kind.events.map((event) => `\`${event}\``).join(", ");
  const example = kind.events.at(-1) ?? "";
  const order =
    kind.events.length > 1
      ? " From the weakest to the strongest; of several in one run only the strongest is taken."
      : "";
  return `${named}, sent by \`notify ${kind.name}["…"].${example}\`.${order}`;
}

function summary(doc: string): string {
  return doc.split("\n", 1)[0]?.replace(/^(.*?\.)(\s.*)?$/, "$1") ?? "";
}
