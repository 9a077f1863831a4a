import type {
  FileNode,
  FunctionDeclaration,
  Input,
  Item,
  Let,
  Name,
  ResourceDeclaration,
  TypeDeclaration,
} from "../grammar/ast.ts";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { SourceFile, Span } from "../grammar/source.ts";
import type { Kind } from "./kind/kind.ts";
import { diagnostic } from "./messages.ts";
import type { Module, UsedModule } from "./program.ts";

/** A module while its uses are still being followed. */
export interface Draft extends Module {
  readonly uses: Map<string, UsedModule>;
}

/** A name that a file declares at its top level, and a word for what it is. */
interface Declared {
  readonly name: Name;
  readonly what: string;
}

/** Collects the names that a file's top level declares; a name that stands twice is reported, and the first one counts. */
export function moduleOf(
  name: string,
  ast: FileNode,
  flags: { readonly isRoot: boolean; readonly incomplete: boolean },
  kinds: ReadonlyMap<string, Kind>,
  report: (diagnostic: Diagnostic) => void,
): Draft {
  const types = new Map<string, TypeDeclaration>();
  const functions = new Map<string, FunctionDeclaration>();
  const resources = new Map<string, ResourceDeclaration>();
  const lets = new Map<string, Let>();
  const inputs = new Map<string, Input>();
  const seenTypes = new Map<string, Declared>();
  const seenValues = new Map<string, Declared>();
  for (const item of ast.items) {
    const declared = declaredBy(item);
    if (!declared) continue;
    const seen = item.type === "type" ? seenTypes : seenValues;
    const before = seen.get(declared.name.text);
    if (before) {
      report(twice(declared, before));
      continue;
    }
    seen.set(declared.name.text, declared);
    if (item.type === "type") types.set(item.name.text, item);
    else if (item.type === "fn") functions.set(item.name.text, item);
    else if (item.type === "resource") resources.set(item.name.text, item);
    else if (item.type === "let") lets.set(item.name.text, item);
    else if (item.type === "input") inputs.set(item.field.name.text, item);
  }
  return { name, source: ast.file, ast, uses: new Map(), types, functions, resources, lets, inputs, kinds, ...flags };
}

/** Stands in for a file that could not be read, so that using it is the only mistake reported. */
export function unavailableModule(
  name: string,
  source: SourceFile,
  isRoot: boolean,
  kinds: ReadonlyMap<string, Kind>,
): Draft {
  const span: Span = { file: source, start: 0, end: 0 };
  const ast: FileNode = { type: "file", file: source, items: [], span };
  return { ...moduleOf(name, ast, { isRoot, incomplete: true }, kinds, () => {}), unavailable: true };
}

function declaredBy(item: Item): Declared | undefined {
  switch (item.type) {
    case "fn":
      return { name: item.name, what: "function" };
    case "input":
    case "observe":
    case "output":
      return { name: item.field.name, what: item.type };
    case "let":
    case "resource":
    case "stack":
    case "type":
      return { name: item.name, what: item.type };
    default:
      return undefined;
  }
}

function twice(declared: Declared, before: Declared): Diagnostic {
  const data = { name: declared.name.text, what: declared.what, other: before.what };
  return diagnostic("L105", declared.name.span, data, { related: [{ span: before.name.span, message: "first here" }] });
}
