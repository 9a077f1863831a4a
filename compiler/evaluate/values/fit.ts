import type { Expression } from "../../../grammar/ast.ts";
import type { Span } from "../../../grammar/source.ts";
import type { FieldType, Type } from "../../kind/type.ts";
import type { Value } from "../../kind/value.ts";
import { conform, Misfit, partOf } from "./conform.ts";
import type { Result } from "../state/failure.ts";
import type { Run } from "../state/run.ts";
import type { Scope } from "../state/scope.ts";

/** What a value is for, and where it is from, for the message when it does not fit. */
export interface Purpose {
  /** What takes the value, as code without its backticks: `people`, `listen`. */
  readonly subject: string;
  readonly span: Span;
  /** The expression it is the value of, in which the part that does not fit is looked for. */
  readonly expression?: Expression | undefined;
  readonly scope?: Scope | undefined;
}

/** The value in the form its type wants; what does not fit is reported where it was written. */
export function fit(run: Run, value: Value, type: Type, purpose: Purpose): Result {
  const result = conform(value, type, (field) => defaultOf(run, field));
  return result instanceof Misfit ? reportMisfit(run, result, purpose) : result;
}

/** The default of a record type's field. */
export function defaultOf(run: Run, field: FieldType): Result {
  if (!field.default) return null;
  const module = run.prepared.moduleOf(field.default.span.file);
  if (!module) throw new Error("a default from a file that is not part of the program");
  return run.evaluate(field.default, run.registry.letScope(module));
}

function reportMisfit(run: Run, misfit: Misfit, purpose: Purpose): Result {
  const origin =
    purpose.expression && purpose.scope
      ? originOf(purpose.expression, purpose.scope, misfit)
      : { span: purpose.span, elsewhere: false };
  const part = partOf(purpose.subject, misfit.path);
  // A title is called by words, everything else by its name.
  const data = { part: part.includes(" ") ? part : `\`${part}\``, problem: misfit.problem, hint: misfit.hint };
  const related = origin.elsewhere ? [{ span: purpose.span, message: "used here" }] : undefined;
  return run.report("E101", origin.span, data, related && { related });
}

/** The place where a part of an expression's value was written, through names as far as they lead. */
export function originOf(
  expression: Expression,
  scope: Scope,
  { path, key }: { readonly path: readonly (number | string)[]; readonly key?: string | undefined },
): { readonly span: Span; readonly elsewhere: boolean } {
  let at: Expression = expression;
  let within = scope;
  let steps = path;
  let elsewhere = false;
  // Each turn goes into a part or to another name; names in a cycle have no value, so this ends.
  for (;;) {
    const next = step(at, within, steps);
    if (!next) return { span: (key === undefined ? undefined : keyOf(at, key)) ?? at.span, elsewhere };
    elsewhere ||= at.type === "name";
    at = next.at;
    steps = next.steps;
    within = next.within;
  }
}

function keyOf(at: Expression, key: string): Span | undefined {
  const entries = at.type === "record" ? at.entries : [];
  const entry = entries.find((other) => other.type === "entry" && other.key.text === key);
  return entry?.type === "entry" ? entry.key.span : undefined;
}

interface Step {
  readonly at: Expression;
  readonly within: Scope;
  readonly steps: readonly (number | string)[];
}

function step(at: Expression, within: Scope, steps: readonly (number | string)[]): Step | undefined {
  const [first, ...rest] = steps;
  if (at.type === "name") {
    const source = within.lookup(at.name)?.source;
    return source && { at: source.expression, within: source.scope, steps };
  }
  if (at.type === "member") return { at: at.object, within, steps: [at.name.text, ...steps] };
  if (at.type === "list" && typeof first === "number") {
    const before = at.elements.slice(0, first + 1);
    const element = before[first];
    return element && !before.some((other) => other.spread) ? { at: element.value, within, steps: rest } : undefined;
  }
  if (at.type === "record" && typeof first === "string") {
    const entry = at.entries.findLast((other) => other.type === "entry" && other.key.text === first);
    const isSure = !at.entries.some((other) => other.type === "spread");
    return entry && isSure ? { at: entry.value, within, steps: rest } : undefined;
  }
  return undefined;
}
