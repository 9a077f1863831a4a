import type { Name, Use } from "../grammar/ast.ts";
import type { Diagnostic, Related } from "../grammar/diagnostic.ts";
import { checkSource } from "../grammar/check-source.ts";
import { parse } from "../grammar/parser.ts";
import type { SourceFile, Span } from "../grammar/source.ts";
import type { CompilerHost, FileRead } from "./compiler-host.ts";
import type { Kind } from "./kind/kind.ts";
import { loadData } from "./data/load-data.ts";
import type { Setting } from "./data/setting.ts";
import { diagnostic } from "./messages.ts";
import { moduleOf, unavailableModule, type Draft } from "./module.ts";
import { ownResources } from "./own-resource.ts";
import type { Program } from "./program.ts";

interface Loading {
  readonly rootPath: string;
  readonly host: CompilerHost;
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly diagnostics: Diagnostic[];
  readonly byPath: Map<string, Draft>;
  readonly byName: Map<string, Draft>;
}

/**
 * Reads and parses the root file and all files it uses, each once; what is wrong goes into the program's diagnostics.
 * Files may use each other in a cycle, for a `use` only makes names known.
 */
export function load(
  rootPath: string,
  host: CompilerHost,
  kinds: ReadonlyMap<string, Kind>,
  settings: readonly Setting[] = [],
): Program {
  const loading: Loading = { rootPath, host, kinds, diagnostics: [], byPath: new Map(), byName: new Map() };
  const root = loadRoot(loading);
  for (const module of loading.byPath.values()) followUses(module, loading);
  const modules = [...loading.byPath.values()].filter((module) => module.unavailable !== true || module.isRoot);
  const report = (found: Diagnostic): void => void loading.diagnostics.push(found);
  const data = loadData({ host, root }, ownResources({ root, modules }), settings, report);
  return { root, modules, kinds, host, data, diagnostics: loading.diagnostics, mayLack: new WeakSet() };
}

function loadRoot(loading: Loading): Draft {
  const read = loading.host.read(loading.rootPath);
  const name = baseName(loading.rootPath);
  if ("bytes" in read) return addModule(name, loading.rootPath, read.bytes, true, loading);
  const source: SourceFile = { path: loading.rootPath, text: "" };
  reportUnread({ file: source, start: 0, end: 0 }, loading.rootPath, read, "root", loading);
  const root = unavailableModule(name, source, true, loading.kinds);
  loading.byPath.set(loading.rootPath, root);
  return root;
}

function reportUnread(
  span: Span,
  path: string,
  read: Exclude<FileRead, { readonly bytes: Uint8Array }>,
  as: "root" | "used",
  loading: Loading,
): void {
  const found =
    read.problem === "missing"
      ? diagnostic(as === "root" ? "L107" : "L101", span, { path })
      : diagnostic("L103", span, { path, problem: read.problem, detail: read.detail });
  loading.diagnostics.push(found);
}

function addModule(name: string, path: string, bytes: Uint8Array, isRoot: boolean, loading: Loading): Draft {
  const source: SourceFile = { path, text: new TextDecoder().decode(bytes) };
  const refused = checkSource(source, bytes.length);
  const module = refused
    ? unavailableModule(name, source, isRoot, loading.kinds)
    : parsed(name, source, isRoot, loading);
  if (refused) loading.diagnostics.push(refused);
  loading.byPath.set(path, module);
  if (module.unavailable !== true) loading.byName.set(name, module);
  return module;
}

function parsed(name: string, source: SourceFile, isRoot: boolean, loading: Loading): Draft {
  const { file, diagnostics } = parse(source);
  loading.diagnostics.push(...diagnostics);
  const incomplete = diagnostics.some((found) => found.severity === "error");
  const report = (found: Diagnostic): void => void loading.diagnostics.push(found);
  return moduleOf(name, file, { isRoot, incomplete }, loading.kinds, report);
}

/** Follows the `use` statements of a module; the modules they name are added behind the others. */
function followUses(module: Draft, loading: Loading): void {
  for (const item of module.ast.items) if (item.type === "use") followUse(item, module, loading);
}

function followUse(use: Use, module: Draft, loading: Loading): void {
  const target = findTarget(use, module, loading);
  const localName = use.as ?? nameOf(use, target);
  if (!localName) return;
  const previous = module.uses.get(localName.text)?.localName ?? module.resources.get(localName.text)?.name;
  if (previous) {
    const other = module.uses.has(localName.text) ? "used file" : "resource";
    loading.diagnostics.push(
      diagnostic("L105", localName.span, { name: localName.text, what: "used file", other }, first(previous)),
    );
    return;
  }
  const used = target.path === undefined ? undefined : loadUsed(use, target.path, loading);
  const stand = (): Draft =>
    unavailableModule(localName.text, { path: target.path ?? localName.text, text: "" }, false, loading.kinds);
  if (used === module) loading.diagnostics.push(diagnostic("L108", use.source.span, {}));
  else module.uses.set(localName.text, { use, localName, module: used ?? stand() });
}

/** The path a `use` means; undefined when nothing is there, which has been reported. */
function findTarget(use: Use, module: Draft, loading: Loading): { readonly path: string | undefined } {
  const { source } = use;
  if ("parts" in source) {
    const relative = source.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
    return { path: loading.host.resolve(module.source.path, relative) };
  }
  const found = loading.host.cookbook(loading.rootPath, source.text);
  if ("path" in found) return found;
  loading.diagnostics.push(diagnostic("L102", source.span, { name: source.text, looked: found.looked }));
  return { path: undefined };
}

/** The local name of a used file without `as`: the cookbook's name or the file's base name, when that is a name. */
function nameOf(use: Use, target: { readonly path: string | undefined }): Name | undefined {
  return "parts" in use.source ? { span: use.source.span, text: baseName(target.path ?? "") } : use.source;
}

function loadUsed(use: Use, path: string, loading: Loading): Draft | undefined {
  const span = use.source.span;
  const known = loading.byPath.get(path);
  if (known) return known;
  const name = baseName(path);
  if (!use.as && !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    loading.diagnostics.push(diagnostic("L104", span, { base: name }));
    return undefined;
  }
  const read = loading.host.read(path);
  if (!("bytes" in read)) {
    reportUnread(span, path, read, "used", loading);
    const module = unavailableModule(name, { path, text: "" }, false, loading.kinds);
    loading.byPath.set(path, module);
    return module;
  }
  const rival = loading.byName.get(name);
  if (rival && !rival.isRoot) {
    const { path: other } = rival.source;
    loading.diagnostics.push(diagnostic("L106", span, { name, first: other, second: path }));
    return undefined;
  }
  return addModule(name, path, read.bytes, false, loading);
}

function first(name: Name): { readonly related: readonly Related[] } {
  return { related: [{ span: name.span, message: "first here" }] };
}

/** The file's name without folders and without `.recipe`. */
function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1).replace(/\.recipe$/, "");
}
