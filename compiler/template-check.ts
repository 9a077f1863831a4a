import type { CallExpression, Expression } from "../grammar/ast.ts";
import { directionalCharacters } from "../grammar/check-source.ts";
import type { Related } from "../grammar/diagnostic.ts";
import type { SourceFile } from "../grammar/source.ts";
import type { Checker } from "./check/checker.ts";
import { whyNotAssignable, unfitDiagnostic } from "./check/types/assignability.ts";
import { withoutSecret } from "./check/types/joined-types.ts";
import { anyOf, knownValues } from "./check/types/known-values.ts";
import type { Scope } from "./check/names/name-scope.ts";
import { warnOfForeignTemplate } from "./check/expressions/foreign-holes.ts";
import { checkTemplate } from "./check/templates/template-body.ts";
import { syntaxProblem } from "./check/templates/template-syntax.ts";
import { holdsSecret } from "./check/expressions/infer-text.ts";
import { quotedType } from "./check/types/quoted-type.ts";
import { stringType, unknownType } from "./check/types/types.ts";
import type { Type } from "./kind/type.ts";
import { diagnostic } from "./messages.ts";
import { parseTemplate, TemplateProblem } from "./template.ts";

interface ParsedTemplate {
  readonly file: SourceFile;
  /** Undefined when it could not be read as a template, which has been reported. */
  readonly tree: hbs.AST.Program | undefined;
}

/** Templates by path, for one run of the checker. */
const parsed = new WeakMap<Checker, Map<string, ParsedTemplate | undefined>>();

/**
 * Checks `template("x.hbs", { … })`: the file is read and every name in it is compared with the type of the record that
 * this call gives. Tells whether the text holds a secret.
 */
export function checkTemplateCall(expression: CallExpression, scope: Scope, checker: Checker): boolean {
  const [pathNode, recordNode] = expression.arguments;
  if (!pathNode || !recordNode) return false;
  const names = templateNames(pathNode, scope, checker);
  const given = checker.infer(recordNode, scope);
  const record = withoutSecret(given);
  if (record.type !== "record" && record.type !== "map" && record.type !== "unknown") {
    const wants: Type = { type: "map", of: unknownType };
    const unfit = whyNotAssignable(given, wants) ?? { why: "type" };
    checker.report(unfitDiagnostic(recordNode.span, given, wants, unfit, "`template`"));
    return false;
  }
  let secret = false;
  for (const name of names) {
    const template = findTemplate(name, pathNode, checker);
    if (!template?.tree) continue;
    const related: Related = { span: recordNode.span, message: "given here" };
    // What a map holds is known only for a host; the evaluator looks then.
    if (record.type === "record") {
      if (checkTemplate(template.tree, template.file, record, related, checker)) secret = true;
    } else if (holdsSecret(given)) secret = true;
  }
  return secret || given.type === "secret";
}

function templateNames(node: Expression, scope: Scope, checker: Checker): readonly string[] {
  const type = checker.infer(node, scope);
  if (type.type === "unknown") return [];
  const unfit = whyNotAssignable(type, stringType);
  if (unfit) {
    checker.report(unfitDiagnostic(node.span, type, stringType, unfit, "the name of a template"));
    return [];
  }
  const names = type.type === "literals" ? type.values : knownValues(type);
  if (!names) checker.report(diagnostic("T117", node.span, { type: quotedType(anyOf(type)) }));
  return (names ?? []).map(String);
}

function findTemplate(name: string, node: Expression, checker: Checker): ParsedTemplate | undefined {
  const { host } = checker.program;
  const path = host.resolve(node.span.file.path, name);
  const known = parsed.get(checker) ?? new Map<string, ParsedTemplate | undefined>();
  parsed.set(checker, known);
  if (!known.has(path)) known.set(path, readTemplate(path, node, checker));
  return known.get(path);
}

function readTemplate(path: string, node: Expression, checker: Checker): ParsedTemplate | undefined {
  const read = checker.program.host.read(path);
  if (!("bytes" in read)) {
    checker.report(diagnostic("E501", node.span, { path, problem: read.problem, detail: read.detail }));
    return undefined;
  }
  const text = decode(read.bytes);
  if (text === undefined) {
    checker.report(diagnostic("E502", node.span, { path }));
    return undefined;
  }
  const file: SourceFile = { path, text };
  const tree = parseTemplate(text);
  for (const found of directionalCharacters(file)) checker.report(found);
  warnOfForeignTemplate(file, checker);
  if (!(tree instanceof TemplateProblem)) return { file, tree };
  const { span, problem, label } = syntaxProblem(file, tree);
  const related = [{ span: node.span, message: "used here" }];
  checker.report(diagnostic("T114", span, { problem, label }, { related }));
  return { file, tree: undefined };
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
