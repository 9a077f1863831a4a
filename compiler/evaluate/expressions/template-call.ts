import type { CallExpression } from "../../../grammar/ast.ts";
import { TemplateProblem, renderTemplate } from "../../template.ts";
import { failed, type Result } from "../state/failure.ts";
import { readSource } from "./source-files.ts";
import { type Run } from "../state/run.ts";
import type { Scope } from "../state/scope.ts";
import { describe, isRecord } from "../values/values.ts";

/** `template("x.hbs", { … })`: the file beside the one that names it, with the record's values in it. */
export function evaluateTemplate(run: Run, expression: CallExpression, scope: Scope): Result {
  const [nameNode, recordNode] = expression.arguments;
  if (!nameNode || !recordNode || expression.arguments.length > 2) {
    const signature = 'template("name.hbs", { … })';
    return run.report("T139", expression.span, {
      name: "template",
      min: 2,
      max: 2,
      has: expression.arguments.length,
      signature,
    });
  }
  const name = run.evaluate(nameNode, scope);
  if (failed(name)) return name;
  if (typeof name !== "string")
    return run.report("E108", nameNode.span, { subject: "the name of a template", wants: "text", has: describe(name) });
  const record = run.evaluate(recordNode, scope);
  if (failed(record)) return record;
  if (record === null || !isRecord(record))
    return run.report("E108", recordNode.span, {
      subject: "what a template is given",
      wants: "a record",
      has: describe(record),
    });
  const source = readSource(run, name, nameNode.span);
  if (failed(source)) return source;
  const text = decode(source.bytes);
  if (text === undefined) return run.report("E502", nameNode.span, { path: source.path });
  const rendered = renderTemplate(text, record);
  if (!(rendered instanceof TemplateProblem)) return rendered;
  const { line, message } = rendered;
  return run.report("E503", expression.span, { path: source.path, line, problem: message });
}

/** The text of bytes in UTF-8; undefined for bytes that are none, or hold a NUL. */
function decode(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return text.includes("\0") ? undefined : text;
  } catch {
    return undefined;
  }
}
