import type { Set as SetNode } from "../../grammar/ast.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { parse } from "../../grammar/parser.ts";
import type { SourceFile } from "../../grammar/source.ts";
import type { Type } from "../kind/type.ts";
import type { OwnResources } from "../own-resource.ts";
import { resolveType } from "../resolve-type.ts";
import type { DataEntry } from "./data.ts";
import { findInput } from "./find-input.ts";
import { isLiteral } from "./literal.ts";

/** What the command line sets: `--set shop.revision=v1.3`. */
export interface Setting {
  /** `shop.revision`. */
  readonly name: string;
  /** As it was typed: text where the input takes text, else a value as a recipe has it. */
  readonly value: string;
}

/** The entry of a setting; what is wrong with it is reported at its own words. */
export function settingEntry(
  { name, value }: Setting,
  resources: OwnResources,
  report: (found: Diagnostic) => void,
): DataEntry | undefined {
  const asText = setIn(name, quoted(value));
  const target = asText && findInput(asText, resources, report);
  if (!target) return undefined;
  const owner = target.kind === resources.root.kind ? resources.root : resources.all.get(target.kind);
  const field = owner?.inputs.get(target.input)?.field;
  if (!owner || !field) return undefined;
  const isText = takesText(resolveType(field.valueType, owner.module, () => {})) && !/^(["'])[^]*\1$/.test(value);
  const asValue = isText ? undefined : setIn(name, value);
  // What is no value is text, which then does not fit the type: the message says what would.
  const node = asValue && isLiteral(asValue.value) ? asValue : asText;
  return { level: "command line", ...target, append: false, node };
}

function setIn(name: string, value: string): SetNode | undefined {
  const source: SourceFile = { path: `--set ${name}`, text: `set ${name} = ${value}` };
  const { file, diagnostics } = parse(source);
  const [item, ...others] = file.items;
  return diagnostics.length === 0 && others.length === 0 && item?.type === "set" ? item : undefined;
}

function takesText(type: Type): boolean {
  switch (type.type) {
    case "literals":
    case "string":
      return true;
    case "later":
    case "optional":
    case "secret":
      return takesText(type.of);
    case "union":
      return type.members.some(takesText);
    default:
      return false;
  }
}

/** Text as a literal of the language. */
function quoted(text: string): string {
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"')
    .replaceAll("$", "\\$")
    .replaceAll("\n", "\\n")
    .replaceAll("\t", "\\t");
  return `"${escaped}"`;
}
