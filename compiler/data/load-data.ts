import type { Item, Set as SetNode } from "../../grammar/ast.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { parse } from "../../grammar/parser.ts";
import { checkSource } from "../../grammar/check-source.ts";
import type { SourceFile } from "../../grammar/source.ts";
import { diagnostic } from "../messages.ts";
import type { OwnResources } from "../own-resource.ts";
import type { Program } from "../program.ts";
import { suggest } from "../suggest.ts";
import { type Data, type DataEntry, type DataLevel, dataOf } from "./data.ts";
import { findInput } from "./find-input.ts";
import { type Setting, settingEntry } from "./setting.ts";

/** What of a recipe is needed to read its data. */
type Recipe = Pick<Program, "host" | "root">;

/** Reads the folder `data` beside the root file, and what the command line sets; what is wrong is reported. */
export function loadData(
  recipe: Recipe,
  resources: OwnResources,
  settings: readonly Setting[],
  report: (found: Diagnostic) => void,
): Data {
  const { host, root } = recipe;
  const files: SourceFile[] = [];
  const entries: DataEntry[] = [];
  for (const name of host.dataFiles(root.source.path)) {
    const path = host.resolve(root.source.path, `data/${name}`);
    const read = host.read(path);
    if (!("bytes" in read)) {
      const span = { file: { path, text: "" }, start: 0, end: 0 };
      const problem = read.problem === "missing" ? "unreadable" : read.problem;
      report(diagnostic("L103", span, { path, problem, detail: read.detail }));
      continue;
    }
    const source: SourceFile = { path, text: new TextDecoder().decode(read.bytes) };
    files.push(source);
    const refused = checkSource(source, read.bytes.length);
    const place = placeOf(name, resources);
    if (refused) report(refused);
    else if ("problem" in place) {
      const span = { file: source, start: 0, end: 0 };
      report(diagnostic("D102", span, { path, ...place }));
    } else entries.push(...entriesIn(source, place, resources, report));
  }
  for (const setting of settings) {
    const entry = settingEntry(setting, resources, report);
    if (entry) {
      files.push(entry.node.span.file);
      entries.push(entry);
    }
  }
  return dataOf(files, entries);
}

interface Place {
  readonly level: DataLevel;
  readonly of?: string;
}

/** Whose data a file is, by its name; hosts are compared later, when it is known which there are. */
function placeOf(
  name: string,
  resources: OwnResources,
):
  | Place
  | {
      readonly problem: "folder" | "layer" | "stack";
      readonly name: string;
      readonly suggestion?: string | undefined;
    } {
  if (name === "common.recipe") return { level: "common" };
  const [, level, of = ""] = /^(host|layer|stack)\/([^/]+)\.recipe$/.exec(name) ?? [];
  switch (level) {
    case "host":
      return { level, of };
    case "layer": {
      const layers = [...resources.root.groups.values()].flatMap((stack) => [...stack.groups.values()]);
      const known = layers.flatMap(({ kind }) => [kind, kind.slice(kind.indexOf(".") + 1)]);
      if (known.includes(of)) return { level, of };
      return { problem: "layer", name: of, suggestion: suggest(of, known) };
    }
    case "stack": {
      const known = [...resources.root.groups.keys()];
      return known.includes(of) ? { level, of } : { problem: "stack", name: of, suggestion: suggest(of, known) };
    }
    default:
      return { problem: "folder", name };
  }
}

function entriesIn(
  source: SourceFile,
  place: Place,
  resources: OwnResources,
  report: (found: Diagnostic) => void,
): readonly DataEntry[] {
  const { file, diagnostics } = parse(source);
  for (const found of diagnostics) report(found);
  const entries: DataEntry[] = [];
  const seen = new Map<string, SetNode>();
  for (const item of file.items) {
    if (item.type !== "set") {
      report(diagnostic("D101", firstLineOf(item), {}));
      continue;
    }
    const target = findInput(item, resources, report);
    if (!target) continue;
    const key = `${target.kind}.${target.input}`;
    const before = seen.get(key);
    if (before && !item.append) {
      const related = [{ span: before.target.span, message: "first here" }];
      report(diagnostic("D108", item.target.span, { name: key }, { related }));
      continue;
    }
    seen.set(key, item);
    entries.push({ ...place, ...target, append: item.append, node: item });
  }
  return entries;
}

function firstLineOf(item: Item): Item["span"] {
  const { file, start, end } = item.span;
  const line = file.text.indexOf("\n", start);
  return { file, start, end: line < 0 ? end : Math.min(end, line) };
}
