import type { Declaration } from "../../grammar/ast.ts";
import { positionAt, type Span, textOf } from "../../grammar/source.ts";
import type { Program } from "../program.ts";
import { ownResources, type OwnResource } from "../own-resource.ts";
import { quotedType } from "../check/types/quoted-type.ts";
import { lookupKind } from "../evaluate/state/lookup.ts";
import { resolveType } from "../resolve-type.ts";
import { suggest } from "../suggest.ts";
import type { DataEntry, DataLevel } from "./data.ts";

/** One place that gives an input a value. */
export interface Origin {
  readonly level: DataLevel | "default" | "recipe";
  /** The stack, layer or host whose data it is. */
  readonly of?: string;
  readonly span: Span;
  /** As it is written there: `= 800`, `+= ["status"]`. */
  readonly text: string;
  readonly entry?: DataEntry;
}

/** Where an input gets its value, and where that is used. */
export interface ExplainedInput {
  readonly name: string;
  readonly type: string;
  /** The strongest first. */
  readonly origins: readonly Origin[];
  readonly uses: readonly Span[];
}

/** What a recipe and its data say of an input; the name that was probably meant when there is none of this name. */
export function explainInput(program: Program, name: string): ExplainedInput | { readonly suggestion?: string } {
  const resources = ownResources(program);
  const owners = [resources.root, ...resources.all.values()];
  const dot = name.lastIndexOf(".");
  const owner = owners.find(({ kind }) => kind === name.slice(0, Math.max(dot, 0)));
  const input = owner?.inputs.get(name.slice(dot + 1));
  if (!owner || !input) {
    const known = owners.flatMap(({ inputs, kind }) => [...inputs.keys()].map((one) => `${kind}.${one}`));
    const suggestion = suggest(name, known);
    return suggestion === undefined ? {} : { suggestion };
  }
  const { field } = input;
  const entries = program.data.of(owner.kind, field.name.text).toReversed();
  const ofLevel = (isSetting: boolean) =>
    entries.filter(({ level }) => (level === "command line") === isSetting).map(originOf);
  const fallback: readonly Origin[] = field.default
    ? [{ level: "default", span: field.default.span, text: `= ${textOf(field.default.span)}` }]
    : [];
  return {
    name,
    type: quotedType(resolveType(field.valueType, owner.module, () => {})).slice(1, -1),
    origins: [...ofLevel(true), ...callsOf(owner, field.name.text, owners, program), ...ofLevel(false), ...fallback],
    uses: usesOf(owner, field.name.text),
  };
}

function originOf(entry: DataEntry): Origin {
  const { append, level, node, of } = entry;
  const text = `${append ? "+=" : "="} ${textOf(node.value.span)}`;
  return { level, span: node.target.span, text, entry, ...(of === undefined ? {} : { of }) };
}

/** Every declaration of the recipe that gives the input. */
function callsOf(
  owner: OwnResource,
  input: string,
  owners: readonly OwnResource[],
  { kinds }: Program,
): readonly Origin[] {
  const definitions = new Map(owners.map((one) => [one.kind, one]));
  const isOfOwner = ({ kind }: Declaration, from: OwnResource): boolean => {
    const named = lookupKind(kind, from.module, { definitions, kinds });
    return named !== undefined && "definition" in named && named.definition === owner;
  };
  return owners.flatMap((from) =>
    from.declarations
      .filter((declaration) => isOfOwner(declaration, from))
      .flatMap(({ body }) => body?.entries ?? [])
      .flatMap((entry): Origin[] =>
        entry.type === "property" && entry.name.text === input
          ? [{ level: "recipe", span: entry.name.span, text: `= ${textOf(entry.value.span)}` }]
          : [],
      ),
  );
}

/** The places in a body that use one of its names; names cannot be covered, so each of them means it. */
function usesOf({ items }: OwnResource, name: string): readonly Span[] {
  const found: Span[] = [];
  const pending: unknown[] = [...items];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (typeof node !== "object" || node === null) continue;
    if (isNameNode(node, name)) found.push(node.span);
    for (const [key, value] of Object.entries(node)) if (key !== "span" && key !== "file") pending.push(value);
  }
  return found.toSorted((a, b) => a.start - b.start);
}

function isNameNode(node: object, name: string): node is { readonly span: Span } {
  if (!("type" in node) || !("span" in node)) return false;
  return node.type === "name" && "name" in node && node.name === name;
}

/** A place as a list shows it: `data/common.recipe:9`. */
export function placeText({ file, start }: Span): string {
  return `${file.path}:${positionAt(file, start).line}`;
}
