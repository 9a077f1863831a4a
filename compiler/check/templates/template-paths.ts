import type { Diagnostic, Related } from "../../../grammar/diagnostic.ts";
import { startsOfLines, type SourceFile, type Span } from "../../../grammar/source.ts";
import type { Type } from "../../kind/type.ts";
import { diagnostic } from "../../messages.ts";
import { suggest } from "../../suggest.ts";
import type { Checker } from "../checker.ts";
import { optionalOf } from "../types/joined-types.ts";
import { anyOf } from "../types/known-values.ts";
import { quotedType } from "../types/quoted-type.ts";
import { boolType, intType, unknownType } from "../types/types.ts";

/** What names mean at one place of a template. */
export interface Frame {
  /** The value that plain names are looked up in. */
  readonly context: Type;
  /** The frame that `../` leads to. */
  readonly parent: Frame | undefined;
  /** Names given by `as |x i|`, here and outside. */
  readonly named: ReadonlyMap<string, Type>;
  /** `@index` and `@key`, inside a loop. */
  readonly loop: { readonly index: Type; readonly key: Type } | undefined;
  /** Paths that a condition has shown not to be none. */
  readonly present: ReadonlySet<string>;
  /** Tells contexts apart in such paths. */
  readonly depth: number;
}

const noNames: ReadonlyMap<string, Type> = new Map();
const nothing: ReadonlySet<string> = new Set();

/** One check of a template for one call. */
export class Template {
  readonly root: Frame;
  secret = false;
  private readonly missed = new Set<string>();
  private readonly file: SourceFile;
  private readonly given: Related;
  private readonly checker: Checker;

  constructor(file: SourceFile, record: Type, given: Related, checker: Checker) {
    this.file = file;
    this.given = given;
    this.checker = checker;
    this.root = { context: record, parent: undefined, named: noNames, loop: undefined, present: nothing, depth: 0 };
  }

  /** Reports a finding, with the place of the call beside it. */
  report(found: Diagnostic): void {
    this.checker.report({ ...found, related: [...(found.related ?? []), this.given] });
  }

  /** The place of a node in the template's file. */
  spanOf(node: { readonly loc: hbs.AST.SourceLocation }): Span {
    const { start, end } = node.loc;
    return { file: this.file, start: this.offset(start), end: this.offset(end) };
  }

  private offset(position: hbs.AST.Position): number {
    return (startsOfLines(this.file)[position.line - 1] ?? 0) + position.column;
  }

  /** A frame with another context. */
  inside(
    frame: Frame,
    context: Type,
    named: ReadonlyMap<string, Type>,
    loop?: { readonly index: Type; readonly key: Type; readonly isLoop: true },
  ): Frame {
    return {
      context,
      parent: frame,
      named: new Map([...frame.named, ...named]),
      loop: loop ?? frame.loop,
      present: frame.present,
      depth: frame.depth + 1,
    };
  }

  /** The frame in which a path is known not to be none. */
  where(frame: Frame, path: hbs.AST.PathExpression, type: Type): Frame {
    return type.type === "optional" ? { ...frame, present: new Set([...frame.present, keyOf(path, frame)]) } : frame;
  }

  /** The type of a path such as `a.b`, `../x`, `@index`; a name that does not exist is reported. */
  typeOf(path: hbs.AST.PathExpression, frame: Frame): Type {
    const parts = path.parts.map(String);
    if (path.data) return this.dataType(path, parts, frame);
    const [first = ""] = parts;
    const named = path.depth === 0 && !/^(?:this\b|\.)/.test(path.original) ? frame.named.get(first) : undefined;
    if (named) return this.follow(named, path, parts, 1, frame);
    let at: Frame | undefined = frame;
    for (let up = 0; up < path.depth; up++) at = at?.parent;
    if (!at) {
      this.report(diagnostic("T110", this.spanOf(path), { name: path.original, of: "anything around this" }));
      return unknownType;
    }
    return this.follow(at.context, path, parts, 0, frame);
  }

  private dataType(path: hbs.AST.PathExpression, parts: readonly string[], frame: Frame): Type {
    const [name = ""] = parts;
    if (name === "root") return this.follow(this.root.context, path, parts, 1, frame);
    const loop = loopAround(frame, path.depth);
    if (parts.length === 1 && loop) {
      if (name === "index") return loop.index;
      if (name === "key") return loop.key;
      if (name === "first" || name === "last") return boolType;
    }
    const known = ["index", "key", "first", "last"].includes(name);
    const here = path.depth > 0 ? "this place: no {{#each}} is that far out" : "this place: it exists inside {{#each}}";
    const of = known ? here : "a template";
    const suggestion = known ? undefined : suggest(`@${name}`, ["@index", "@key", "@first", "@last", "@root"]);
    this.report(diagnostic("T110", this.spanOf(path), { name: path.original, of, suggestion }));
    return unknownType;
  }

  private follow(
    start: Type,
    path: hbs.AST.PathExpression,
    parts: readonly string[],
    from: number,
    frame: Frame,
  ): Type {
    let type = start;
    let secret = false;
    for (let index = from; index <= parts.length; index++) {
      if (type.type === "optional" && frame.present.has(prefixKey(path, parts, index, frame))) type = type.of;
      if (type.type === "secret") {
        secret = true;
        type = type.of;
      }
      if (index === parts.length) break;
      const next = this.member(type, path, parts, index, frame);
      if (!next) return unknownType;
      type = next;
    }
    if (!secret) return type;
    return type.type === "optional" ? optionalOf({ type: "secret", of: type.of }) : { type: "secret", of: type };
  }

  private member(
    type: Type,
    path: hbs.AST.PathExpression,
    parts: readonly string[],
    index: number,
    frame: Frame,
  ): Type | undefined {
    const name = parts[index] ?? "";
    switch (type.type) {
      case "unknown":
        return unknownType;
      case "optional":
      case "none": {
        const data = { name: path.original, optional: written(path, parts, index) };
        this.report(diagnostic("T112", this.spanOf(path), data));
        return undefined;
      }
      case "map":
        return type.of;
      case "list":
      case "set":
        if (/^\d+$/.test(name)) return type.of;
        if (name === "length") return intType;
        break;
      case "record": {
        const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
        if (field) return field.type;
        break;
      }
      default:
        break;
    }
    this.missing(type, path, parts, index, frame);
    return undefined;
  }

  private missing(
    type: Type,
    path: hbs.AST.PathExpression,
    parts: readonly string[],
    index: number,
    frame: Frame,
  ): void {
    const name = parts[index] ?? "";
    // A name that is not given is one mistake, however often the template uses it.
    const place = `${frame.depth - path.depth} ${written(path, parts, index + 1)}`;
    if (this.missed.has(place)) return;
    this.missed.add(place);
    const known = type.type === "record" ? Object.keys(type.fields) : [];
    const outside = index === 0 && path.depth === 0 ? ownerOf(name, frame) : undefined;
    const suggestion = outside ?? suggest(name, [...known, ...(index === 0 ? frame.named.keys() : [])]);
    const of = type.type === "record" && type.name === undefined ? `{ ${known.join(", ")} }` : quotedType(anyOf(type));
    const hint =
      outside === undefined && type.type === "record" && type.name !== undefined
        ? `it has: ${known.join(", ")}`
        : undefined;
    this.report(diagnostic("T110", this.partSpan(path, name), { name, of, suggestion, hint }));
  }

  /** The place of one name within a path. */
  private partSpan(path: hbs.AST.PathExpression, name: string): Span {
    const span = this.spanOf(path);
    const text = this.file.text.slice(span.start, span.end);
    const at = text.search(
      new RegExp(`(?<![A-Za-z0-9_])${name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![A-Za-z0-9_])`),
    );
    return at < 0 ? span : { ...span, start: span.start + at, end: span.start + at + name.length };
  }
}

/** The loop that `@index` means, or behind `../` that of a loop around it. */
function loopAround(frame: Frame, up: number): Frame["loop"] {
  let at: Frame | undefined = frame;
  for (let step = 0; step < up && at; step++) {
    const { loop }: Frame = at;
    while (at?.loop === loop && at) at = at.parent;
  }
  return at?.loop;
}

/** The way from here to an outer context that has the name: `../name`. */
function ownerOf(name: string, frame: Frame): string | undefined {
  let way = "../";
  for (let at = frame.parent; at; at = at.parent) {
    if (at.context.type === "record" && Object.hasOwn(at.context.fields, name)) return `${way}${name}`;
    way += "../";
  }
  return undefined;
}

function written(path: hbs.AST.PathExpression, parts: readonly string[], count: number): string {
  const up = "../".repeat(path.depth);
  return `${path.data ? "@" : ""}${up}${parts.slice(0, count).join(".")}`;
}

function keyOf(path: hbs.AST.PathExpression, frame: Frame): string {
  return prefixKey(path, path.parts.map(String), path.parts.length, frame);
}

/** A text that is equal for equal paths to the same context. */
function prefixKey(path: hbs.AST.PathExpression, parts: readonly string[], count: number, frame: Frame): string {
  const [first = ""] = parts;
  const isNamed = path.depth === 0 && !path.data && frame.named.has(first);
  const where = path.data ? "@" : isNamed ? "as" : String(frame.depth - path.depth);
  return `${where}:${parts.slice(0, count).join(".")}`;
}
