import type { Related } from "../../../grammar/diagnostic.ts";
import type { SourceFile } from "../../../grammar/source.ts";
import type { Type } from "../../kind/type.ts";
import { diagnostic } from "../../messages.ts";
import { knownHelpers } from "../../template.ts";
import type { Checker } from "../checker.ts";
import { valuesOf, withoutNone, withoutSecret } from "../types/joined-types.ts";
import { anyOf } from "../types/known-values.ts";
import { Template, type Frame } from "./template-paths.ts";
import { quotedType } from "../types/quoted-type.ts";
import { isRenderable, stringType, unknownType } from "../types/types.ts";

/** Checks a template against the type of the record it is given; whether a secret gets into its text. */
export function checkTemplate(
  tree: hbs.AST.Program,
  file: SourceFile,
  record: Type,
  given: Related,
  checker: Checker,
): boolean {
  const template = new Template(file, record, given, checker);
  checkProgram(tree, template.root, template);
  return template.secret;
}

function checkProgram(program: hbs.AST.Program | undefined, frame: Frame, template: Template): void {
  for (const statement of program?.body ?? []) {
    if (isMustache(statement)) checkMustache(statement, frame, template);
    else if (isBlock(statement)) checkBlock(statement, frame, template);
    else if (statement.type !== "ContentStatement" && statement.type !== "CommentStatement") {
      const what = statement.type.startsWith("Partial") ? "a partial, {{> …}}," : "a decorator, {{* …}},";
      template.report(diagnostic("N001", template.spanOf(statement), { what }));
    }
  }
}

function isMustache(node: hbs.AST.Node): node is hbs.AST.MustacheStatement {
  return node.type === "MustacheStatement";
}

function isBlock(node: hbs.AST.Node): node is hbs.AST.BlockStatement {
  return node.type === "BlockStatement";
}

function isPath(node: hbs.AST.Node): node is hbs.AST.PathExpression {
  return node.type === "PathExpression";
}

function isCall(node: hbs.AST.Node): node is hbs.AST.SubExpression {
  return node.type === "SubExpression";
}

/** The name of a helper when a path is a plain word that is one, or is used as one. */
function helperName(path: hbs.AST.Node): string | undefined {
  return isPath(path) && !path.data && path.depth === 0 && path.parts.length === 1 && /^[A-Za-z]/.test(path.original)
    ? path.original
    : undefined;
}

function isKnown(name: string | undefined): boolean {
  return knownHelpers.some((known) => known === name);
}

function checkMustache(node: hbs.AST.MustacheStatement, frame: Frame, template: Template): void {
  const { path } = node;
  const name = helperName(path);
  const isHelper = node.params.length > 0 || node.hash !== undefined || (name !== undefined && isKnown(name));
  if (isHelper) {
    checkCall({ path, params: node.params, loc: node.loc }, frame, template);
    return;
  }
  if (!isPath(path)) return;
  const type = template.typeOf(path, frame);
  if (type.type === "secret") template.secret = true;
  checkRendered(type, path, template);
}

function checkRendered(type: Type, path: hbs.AST.PathExpression, template: Template): void {
  if (isRenderable(type)) return;
  const name = path.original;
  if (type.type === "optional" || type.type === "none") {
    template.report(diagnostic("T112", template.spanOf(path), { name, optional: name }));
    return;
  }
  const inner = withoutSecret(type);
  const isList = inner.type === "list" || inner.type === "set";
  const cure = isList
    ? `iterate over it: {{#each ${name}}}{{this}}{{/each}}`
    : inner.type === "record" || inner.type === "map"
      ? `name one of its fields, or iterate over it: {{#each ${name}}}`
      : "give the template a text made from it";
  template.report(diagnostic("T111", template.spanOf(path), { name, type: quotedType(anyOf(type)), cure }));
}

interface Call {
  readonly path: hbs.AST.Node;
  readonly params: readonly hbs.AST.Expression[];
  readonly loc: hbs.AST.SourceLocation;
}

/** `eq a b`, the only helper that is a value. */
function checkCall(call: Call, frame: Frame, template: Template): void {
  const name = helperName(call.path) ?? (isPath(call.path) ? call.path.original : "this");
  if (name !== "eq") {
    const cure = isKnown(name) ? `it opens a block: {{#${name} …}}` : "compute it in the recipe and give it by name";
    template.report(diagnostic("T113", template.spanOf(call.path), { name, cure }));
  } else if (call.params.length !== 2) {
    const data = { helper: "eq", wants: "2 values", has: call.params.length };
    template.report(diagnostic("T116", template.spanOf(call), data));
  }
  for (const param of call.params) checkValue(param, frame, template);
}

/** The type of an argument of a helper. */
function checkValue(node: hbs.AST.Expression, frame: Frame, template: Template): Type {
  if (isPath(node)) return template.typeOf(node, frame);
  if (isCall(node)) {
    checkCall(node, frame, template);
    return { type: "bool" };
  }
  return node.type === "StringLiteral" ? stringType : unknownType;
}

function checkBlock(node: hbs.AST.BlockStatement, frame: Frame, template: Template): void {
  const name = helperName(node.path) ?? (isPath(node.path) ? node.path.original : "");
  if (name === "eq" || !isKnown(name)) {
    const cure = name === "eq" ? "it is a value: {{#if (eq a b)}}" : `write {{#each ${name}}} or {{#if ${name}}}`;
    template.report(diagnostic("T113", template.spanOf(node.path), { name, cure }));
    return;
  }
  const [param] = node.params;
  if (!param || node.params.length !== 1) {
    const data = { helper: name, wants: "one value", has: node.params.length };
    template.report(diagnostic("T116", template.spanOf(node.path), data));
    return;
  }
  const type = checkValue(param, frame, template);
  switch (name) {
    case "each":
      checkProgram(node.program, eachFrame(type, param, node.program?.blockParams ?? [], frame, template), template);
      checkProgram(node.inverse, frame, template);
      return;
    case "with":
      checkProgram(
        node.program,
        template.inside(frame, withoutNone(type), named(node.program?.blockParams ?? [], [withoutNone(type)])),
        template,
      );
      checkProgram(node.inverse, frame, template);
      return;
    default: {
      const holds = isPath(param) ? template.where(frame, param, type) : frame;
      const isIf = name === "if";
      checkProgram(node.program, isIf ? holds : frame, template);
      checkProgram(node.inverse, isIf ? frame : holds, template);
    }
  }
}

function eachFrame(
  type: Type,
  param: hbs.AST.Expression,
  names: readonly string[],
  frame: Frame,
  template: Template,
): Frame {
  const source = withoutSecret(withoutNone(type));
  let element: Type = unknownType;
  let key: Type = unknownType;
  if (source.type === "list" || source.type === "set") {
    element = source.of;
    key = { type: "int" };
  } else if (source.type === "map" || source.type === "record") {
    element = valuesOf(source);
    key = stringType;
  } else if (source.type !== "unknown") {
    const name = isPath(param) ? param.original : "this";
    template.report(diagnostic("T115", template.spanOf(param), { name, type: quotedType(anyOf(source)) }));
  }
  const secret = type.type === "secret";
  const inner: Type = secret ? { type: "secret", of: element } : element;
  return template.inside(frame, inner, named(names, [inner, key]), { index: { type: "int" }, key, isLoop: true });
}

function named(names: readonly string[], types: readonly Type[]): ReadonlyMap<string, Type> {
  return new Map(names.map((name, index) => [name, types[index] ?? unknownType]));
}
