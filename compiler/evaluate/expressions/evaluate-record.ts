import type { RecordExpression } from "../../../grammar/ast.ts";
import type { Span } from "../../../grammar/source.ts";
import type { Value } from "../../kind/value.ts";
import { failed, type Result } from "../state/failure.ts";
import type { Run } from "../state/run.ts";
import type { Scope } from "../state/scope.ts";
import { describe, isRecord } from "../values/values.ts";

/** A record in written order; of a spread and a key, or of two spreads, the later one wins, and no key is written twice. */
export function evaluateRecord(run: Run, expression: RecordExpression, scope: Scope): Result {
  const fields = new Map<string, Value>();
  const written = new Map<string, Span>();
  for (const entry of expression.entries) {
    const value = run.evaluate(entry.value, scope);
    if (failed(value)) return value;
    if (entry.type === "spread") {
      if (value === null || !isRecord(value))
        return run.report("T149", entry.value.span, { has: describe(value), into: "record" });
      for (const [name, field] of value) fields.set(name, field);
      continue;
    }
    const first = written.get(entry.key.text);
    if (first) {
      const related = [{ span: first, message: "first here" }];
      return run.report("T122", entry.key.span, { key: entry.key.text, what: "record" }, { related });
    }
    written.set(entry.key.text, entry.key.span);
    fields.set(entry.key.text, value);
  }
  return fields;
}
