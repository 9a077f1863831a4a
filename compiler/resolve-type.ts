import type { Field, NamedTypeNode, TypeDeclaration, TypeNode, TypeSuffix } from "../grammar/ast.ts";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import { textOf } from "../grammar/source.ts";
import { isTooLarge } from "./check/types/type-size.ts";
import { quotedType } from "./check/types/quoted-type.ts";
import type { FieldType, Range, Type } from "./kind/type.ts";
import { diagnostic } from "./messages.ts";
import { compilePattern } from "./evaluate/values/pattern.ts";
import type { Module } from "./program.ts";
import { suggest } from "./suggest.ts";

type Report = (diagnostic: Diagnostic) => void;

const silent: Report = () => {};
const unknown: Type = { type: "unknown" };

/** The scalar types of the language by the names people write. */
const scalars: Readonly<Record<string, Type>> = {
  bool: { type: "bool" },
  cidr: { type: "string", refinement: "cidr" },
  command: { type: "command" },
  duration: { type: "duration" },
  hostname: { type: "string", refinement: "hostname" },
  int: { type: "int" },
  ip: { type: "string", refinement: "ip" },
  mode: { type: "mode" },
  path: { type: "string", refinement: "path" },
  port: { type: "int", refinement: "port" },
  size: { type: "size" },
  ssh_key: { type: "string", refinement: "ssh_key" },
  string: { type: "string" },
  url: { type: "string", refinement: "url" },
  version: { type: "string", refinement: "version" },
};

/** How many types each container takes in angle brackets. */
const containers: Readonly<Record<string, number>> = { later: 1, list: 1, map: 2, secret: 1, set: 1 };

/** Names of all built-in types, for suggestions and completion. */
export const builtinTypeNames: readonly string[] = [...Object.keys(scalars), ...Object.keys(containers)].sort();

/** Declared types within declared types beyond which none is gone into. */
const deepestTypes = 100;

const declared = new WeakMap<TypeDeclaration, Type>();
/** Types that contain themselves, by the one of each cycle that stands first. */
const cycles = new WeakMap<TypeDeclaration, readonly string[]>();
/** What a written type means in a module; mistakes are reported and become `unknown`, which fits everything. */
export function resolveType(node: TypeNode, module: Module, report: Report): Type {
  const size = { exceeded: false };
  const type = resolve(node, { module, report, within: [], size });
  if (size.exceeded) report(diagnostic("T119", node.span, {}));
  return type;
}

/** What a `type` statement declares; its mistakes are reported here only, not where the type is used. */
export function resolveTypeDeclaration(declaration: TypeDeclaration, module: Module, report: Report): Type {
  const size = { exceeded: false };
  const type = resolve(declaration.definition, { module, report, within: [declaration], size });
  if (size.exceeded) report(diagnostic("T119", declaration.name.span, {}));
  const names = cycles.get(declaration);
  if (names) report(diagnostic("T102", declaration.name.span, { names }));
  return type;
}

interface Context {
  readonly module: Module;
  readonly report: Report;
  /** Declarations being resolved, the outermost first. */
  readonly within: readonly TypeDeclaration[];
  /** Set when a type turns out too large to be worked with. */
  readonly size: { exceeded: boolean };
}

function resolve(node: TypeNode, context: Context): Type {
  switch (node.type) {
    case "literal-type":
      return refine({ type: "literals", values: [node.value] }, node, context);
    case "record-type":
      return refine(recordType(node.fields, context), node, context);
    case "named-type":
      return refine(namedType(node, context), node, context);
    case "union-type":
      return unionOf(node.members.map((member) => resolve(member, context)));
  }
}

function recordType(fields: readonly Field[], context: Context): Type {
  const result: Record<string, FieldType> = {};
  for (const field of fields) {
    const type = resolve(field.valueType, context);
    const fieldType: FieldType = field.default ? { type, hasDefault: true, default: field.default } : { type };
    if (Object.hasOwn(result, field.name.text)) {
      context.report(diagnostic("T122", field.name.span, { key: field.name.text, what: "type" }));
    }
    Object.defineProperty(result, field.name.text, { value: fieldType, enumerable: true, configurable: true });
  }
  return limited({ type: "record", fields: result }, context);
}

/** The type itself, or unknown when it is too large; that is said where a declaration comes to it. */
function limited(type: Type, context: Context): Type {
  if (!isTooLarge(type)) return type;
  context.size.exceeded = true;
  return unknown;
}

function namedType(node: NamedTypeNode, context: Context): Type {
  const parts = node.name.parts.map((part) => part.text);
  const name = parts.join(".");
  const own = parts.length === 1 ? context.module.types.get(name) : undefined;
  if (own) return plain(node, name, userType(own, context.module, context), context);
  if (parts.length === 1) {
    const scalar = Object.hasOwn(scalars, name) ? scalars[name] : undefined;
    if (scalar) return plain(node, name, scalar, context);
    if (Object.hasOwn(containers, name)) return containerType(node, name, context);
  }
  const [first = "", second = ""] = parts;
  const used = context.module.uses.get(first)?.module;
  if (used && parts.length === 2) {
    const declaration = used.types.get(second);
    if (declaration) return plain(node, name, userType(declaration, used, context), context);
    if (used.resources.has(second)) return plain(node, name, resourceType(used, second), context);
    if (used.unavailable || mayDeclare(used, "type", second)) return unknown;
    return noSuchType(
      node,
      name,
      [...used.types.keys()].map((type) => `${first}.${type}`),
      context,
    );
  }
  if (parts.length === 1) {
    if (context.module.resources.has(name)) return plain(node, name, resourceType(context.module, name), context);
    if (used) return plain(node, name, { type: "resource", kind: used.name }, context);
    if (context.module.kinds.has(name)) return plain(node, name, { type: "resource", kind: name }, context);
    if (mayDeclare(context.module, "type", name)) return unknown;
  }
  return noSuchType(node, name, [...context.module.types.keys()], context);
}

/** The qualified name by which a module's resource is known in a catalog. */
export function qualifiedKind(module: Module, name: string): string {
  // One of the root's own that covers a built-in kind would otherwise have the same names as what it is made of.
  return module.isRoot && !module.kinds.has(name) ? name : `${module.name}.${name}`;
}

/** Whether a statement that could not be parsed seems to declare the name, so that its uses are no mistakes of their own. */
export function mayDeclare(module: Module, word: string, name: string): boolean {
  if (module.incomplete !== true) return false;
  // A misspelt word of a statement: `lett x = 2`, `resorce app(name: string) {`.
  const misspelt = `^[ \\t]*[A-Za-z_]\\w*[ \\t]+${name}[ \\t]*[=:({]`;
  return new RegExp(`\\b(?:${word})\\s+${name}\\b|${misspelt}`, "m").test(module.source.text);
}

function resourceType(module: Module, name: string): Type {
  return { type: "resource", kind: qualifiedKind(module, name) };
}

function noSuchType(node: NamedTypeNode, name: string, own: readonly string[], context: Context): Type {
  const suggestion = suggest(name, [...own, ...builtinTypeNames]);
  context.report(diagnostic("T101", node.name.span, { name, suggestion, own }));
  return unknown;
}

function plain(node: NamedTypeNode, name: string, type: Type, context: Context): Type {
  if (node.arguments.length > 0) {
    context.report(diagnostic("T103", node.span, { name, wants: 0, has: node.arguments.length }));
  }
  return type;
}

function userType(declaration: TypeDeclaration, module: Module, context: Context): Type {
  const known = declared.get(declaration);
  if (known) return known;
  const start = context.within.indexOf(declaration);
  if (start >= 0) {
    const cycle = context.within.slice(start);
    const first = cycle.reduce((a, b) => (b.span.start < a.span.start ? b : a));
    cycles.set(
      first,
      cycle.map((type) => type.name.text),
    );
    for (const member of cycle) declared.set(member, unknown);
    return unknown;
  }
  if (context.within.length > deepestTypes) {
    context.size.exceeded = true;
    return unknown;
  }
  // What is wrong inside it is said where it is declared, not at each use.
  const within = [...context.within, declaration];
  const type = resolve(declaration.definition, { module, report: silent, within, size: context.size });
  const result =
    declared.get(declaration) ?? (type.type === "record" ? { ...type, name: declaration.name.text } : type);
  declared.set(declaration, result);
  return result;
}

function containerType(node: NamedTypeNode, name: string, context: Context): Type {
  const wants = containers[name] ?? 1;
  const [first, second] = node.arguments;
  if (node.arguments.length !== wants || !first) {
    context.report(diagnostic("T103", node.span, { name, wants, has: node.arguments.length }));
    return unknown;
  }
  const inner = resolve(first, context);
  switch (name) {
    case "list":
    case "set":
    case "secret":
    case "later":
      return limited({ type: name, of: inner }, context);
    default:
      return limited(mapType(inner, first, second, context), context);
  }
}

function mapType(key: Type, keyNode: TypeNode, valueNode: TypeNode | undefined, context: Context): Type {
  const of = valueNode ? resolve(valueNode, context) : unknown;
  if (key.type !== "string" && key.type !== "unknown") {
    context.report(diagnostic("T108", keyNode.span, { type: quotedType(key) }));
  }
  return key.type === "string" && key.pattern !== undefined
    ? { type: "map", of, keyPattern: key.pattern }
    : { type: "map", of };
}

/** Several types side by side: texts become one list of texts, and one optional member makes the whole optional. */
function unionOf(members: readonly Type[]): Type {
  const values: string[] = [];
  const others: Type[] = [];
  let optional = false;
  for (const member of members) {
    const inner = member.type === "optional" ? member.of : member;
    if (member.type === "optional") optional = true;
    if (inner.type === "literals") values.push(...inner.values.filter((value) => !values.includes(value)));
    else if (inner.type === "union") others.push(...inner.members);
    else others.push(inner);
  }
  const all: Type[] = values.length > 0 ? [{ type: "literals", values }, ...others] : others;
  const [only] = all;
  const type: Type = all.length === 1 && only ? only : { type: "union", members: all };
  return optional ? { type: "optional", of: type } : type;
}

function refine(type: Type, node: TypeSuffix & { readonly span: TypeNode["span"] }, context: Context): Type {
  let result = type;
  if (node.range) result = withRange(result, node.range, context);
  if (node.pattern) result = withPattern(result, node.pattern, context);
  return node.optional && result.type !== "optional" ? { type: "optional", of: result } : result;
}

function withRange(type: Type, written: NonNullable<TypeSuffix["range"]>, context: Context): Type {
  const range: Range = {
    ...(written.min === undefined ? {} : { min: written.min }),
    ...(written.max === undefined ? {} : { max: written.max }),
  };
  if (range.min !== undefined && range.max !== undefined && range.min > range.max) {
    const [min = "", max = ""] = textOf(written.span).split("..");
    context.report(diagnostic("T106", written.span, { min: min.trim(), max: max.trim() }));
    return type;
  }
  const unit = type.type === "size" || type.type === "duration" ? type.type : "number";
  const units = [...textOf(written.span).matchAll(/[A-Za-z]+/g)].map(([letters]) =>
    letters.endsWith("B") ? "size" : "duration",
  );
  const wrong = unit === "number" ? units.length > 0 : units.length === 0 || units.some((found) => found !== unit);
  switch (type.type) {
    case "int":
    case "size":
    case "duration":
      if (wrong) break;
      return { ...type, range: narrower(type.range, range) };
    case "string":
    case "list":
    case "set":
    case "map":
      if (wrong) break;
      return { ...type, length: narrower(type.length, range) };
    case "unknown":
      return type;
    default:
      context.report(diagnostic("T104", written.span, { what: "limits", type: quotedType(type) }));
      return type;
  }
  context.report(diagnostic("T107", written.span, { type: quotedType(type), unit }));
  return type;
}

function narrower(one: Range | undefined, other: Range): Range {
  if (!one) return other;
  const min = Math.max(one.min ?? -Infinity, other.min ?? -Infinity);
  const max = Math.min(one.max ?? Infinity, other.max ?? Infinity);
  return { ...(min === -Infinity ? {} : { min }), ...(max === Infinity ? {} : { max }) };
}

function withPattern(type: Type, node: NonNullable<TypeSuffix["pattern"]>, context: Context): Type {
  const pattern = node.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
  const result = compilePattern(pattern);
  if ("problem" in result) {
    context.report(diagnostic("T105", node.span, { pattern, problem: result.problem }));
    return type;
  }
  if (type.type === "unknown") return type;
  if (type.type !== "string") {
    context.report(diagnostic("T104", node.span, { what: "pattern", type: quotedType(type) }));
    return type;
  }
  if (type.pattern !== undefined && type.pattern !== pattern) {
    context.report(diagnostic("T109", node.span, { pattern: type.pattern }));
    return type;
  }
  return { ...type, pattern };
}
