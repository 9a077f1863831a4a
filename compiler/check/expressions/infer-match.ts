import type { Expression, Pattern } from "../../../grammar/ast.ts";
import { textOf } from "../../../grammar/source.ts";
import type { Type } from "../../kind/type.ts";
import { diagnostic } from "../../messages.ts";
import { suggest } from "../../suggest.ts";
import type { Checker } from "../checker.ts";
import { withoutNone } from "../types/joined-types.ts";
import { anyOf } from "../types/known-values.ts";
import { literalText } from "../types/narrowed-types.ts";
import { pathOf, scopeOfArm } from "../names/narrowing.ts";
import type { Scope } from "../names/name-scope.ts";
import { quotedType } from "../types/quoted-type.ts";

/** Checks the patterns of a match against its subject's type, and gives the scope of each arm. */
export function enterMatch(
  subject: Expression,
  patterns: readonly Pattern[],
  span: Expression["span"],
  scope: Scope,
  checker: Checker,
): readonly Scope[] {
  const type = checker.infer(subject, scope);
  const seen = new Set<string>();
  let closed = false;
  const scopes = patterns.map((pattern, index) => {
    if (closed) {
      const data = { pattern: textOf(pattern.span), type: "", twice: true };
      checker.report(diagnostic("T142", pattern.span, data));
    }
    if (pattern.else) closed = true;
    for (const value of pattern.values) checkPattern(value, type, seen, checker);
    return scopeOfArm(subject, type, pattern, patterns.slice(0, index), scope, checker);
  });
  // What machines there are is not for the recipe to list: one that no arm is for is an error of its own plan.
  const isFact = pathOf(subject, scope)?.startsWith("host.") === true;
  if (!closed && !isFact) checkComplete(type, seen, span, subject, checker);
  return scopes;
}

type PatternValue = Pattern["values"][number];

function checkPattern(value: PatternValue, type: Type, seen: Set<string>, checker: Checker): void {
  const key = keyOf(value);
  const words = { pattern: key, type: quotedType(anyOf(type)) };
  if (seen.has(key)) checker.report(diagnostic("T142", value.span, { ...words, twice: true }));
  else if (!mayBe(value, type)) {
    const text = value.type === "string" ? literalText(value) : undefined;
    const inner = withoutNone(type);
    const suggestion = text !== undefined && inner.type === "literals" ? suggest(text, inner.values) : undefined;
    checker.report(diagnostic("T142", value.span, { ...words, twice: false, suggestion }));
  }
  seen.add(key);
}

function keyOf(value: PatternValue): string {
  switch (value.type) {
    case "string":
      return JSON.stringify(literalText(value) ?? "");
    case "int":
    case "bool":
      return String(value.value);
    case "none":
      return "none";
  }
}

function mayBe(value: PatternValue, type: Type): boolean {
  switch (type.type) {
    case "unknown":
      return true;
    case "optional":
      return value.type === "none" || mayBe(value, type.of);
    case "secret":
    case "later":
      return mayBe(value, type.of);
    case "union":
      return type.members.some((member) => mayBe(value, member));
    case "literals":
      return value.type === "string" && type.values.includes(literalText(value) ?? "");
    default:
      return value.type === type.type;
  }
}

function checkComplete(
  type: Type,
  seen: ReadonlySet<string>,
  span: Expression["span"],
  subject: Expression,
  checker: Checker,
): void {
  const all = allValues(type);
  if (all === undefined) checker.report(diagnostic("T141", headOf(span, subject), { missing: [], open: true }));
  else {
    const missing = all.filter((value) => !seen.has(value));
    if (missing.length > 0) checker.report(diagnostic("T141", headOf(span, subject), { missing, open: false }));
  }
}

/** `match subject`, without the arms. */
function headOf(span: Expression["span"], subject: Expression): Expression["span"] {
  return { ...span, end: subject.span.end };
}

/** All values of a type as patterns; undefined when they cannot be counted, empty for what is not known. */
function allValues(type: Type): readonly string[] | undefined {
  switch (type.type) {
    case "unknown":
      return [];
    case "bool":
      return ["true", "false"];
    case "none":
      return ["none"];
    case "literals":
      return type.values.map((value) => JSON.stringify(value));
    case "optional": {
      const inner = allValues(type.of);
      return inner && [...inner, "none"];
    }
    case "union": {
      const members = type.members.map(allValues);
      return members.every((values) => values !== undefined) ? members.flat() : undefined;
    }
    default:
      return undefined;
  }
}
