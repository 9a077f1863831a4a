import type { Expression, IntLiteral, ListExpression, RecordExpression, StringLiteral } from "../../../grammar/ast.ts";
import { textOf } from "../../../grammar/source.ts";
import { conform, Misfit, noDefaults } from "../../evaluate/values/conform.ts";
import { compilePattern } from "../../evaluate/values/pattern.ts";
import type { Range, Type } from "../../kind/type.ts";
import type { Value } from "../../kind/value.ts";
import { diagnostic } from "../../messages.ts";
import { suggest } from "../../suggest.ts";
import type { Checker } from "../checker.ts";
import { enterLoop, inferSpreadList, reportTwice } from "./infer-collection.ts";
import { entityOf } from "../names/entity.ts";
import { badValueDiagnostic, whyNotAssignable, unfitDiagnostic } from "../types/assignability.ts";
import { withoutSecret } from "../types/joined-types.ts";
import { enterMatch } from "./infer-match.ts";
import { inferName } from "../names/infer-name.ts";
import { literalText } from "../types/narrowed-types.ts";
import { scopeWhere } from "../names/narrowing.ts";
import type { Scope } from "../names/name-scope.ts";
import { quotedType } from "../types/quoted-type.ts";
import { rangeWords } from "../types/range-words.ts";
import { boolType, stringType } from "../types/types.ts";

/** Checks that an expression fits a type, going into literals so that the mistake is shown where it stands. */
export function expect(expression: Expression, type: Type, scope: Scope, subject: string, checker: Checker): void {
  const target = targetFor(expression, type);
  switch (expression.type) {
    case "int":
      return expectInt(expression, type, target, subject, checker);
    case "duration":
    case "size":
      if (target.type === expression.type && target.range) {
        const value: Value =
          expression.type === "size"
            ? { type: "size", bytes: expression.bytes }
            : { type: "duration", milliseconds: expression.milliseconds };
        const made = conform(value, target, noDefaults);
        if (made instanceof Misfit) checker.report(badValueDiagnostic(expression.span, value, target, subject));
        return;
      }
      break;
    case "string":
      if (target.type === "string" && literalText(expression) === undefined) {
        expectPartlyKnown(expression, target, subject, checker);
      }
      break;
    case "name":
      if (target.type === "literals" && !entityOf(expression, scope, checker)) {
        const meant = target.values.includes(expression.name);
        inferName(expression, scope, checker, meant ? `a word is written in quotes: "${expression.name}"` : undefined);
        return;
      }
      break;
    case "list":
      if (target.type === "list" || target.type === "set")
        return expectList(expression, target, scope, subject, checker);
      break;
    case "list-for":
      if (target.type === "list" || target.type === "set") {
        const inner = enterLoop(expression.head, scope, checker);
        return checker.expect(expression.value, target.of, inner, elementOf(subject));
      }
      break;
    case "record":
      if (target.type === "record") return expectRecord(expression, target, scope, subject, checker);
      if (target.type === "map") return expectMap(expression, target, scope, subject, checker);
      break;
    case "record-for":
      if (target.type === "map") {
        const inner = enterLoop(expression.head, scope, checker);
        checker.expect(expression.key, keyType(target), inner, `a key of ${subject}`);
        return checker.expect(expression.value, target.of, inner, elementOf(subject));
      }
      break;
    case "if":
      checker.expect(expression.condition, boolType, scope, "`if`");
      checker.expect(expression.then, type, scopeWhere(expression.condition, true, scope, checker), subject);
      checker.expect(expression.else, type, scopeWhere(expression.condition, false, scope, checker), subject);
      return;
    case "match": {
      const patterns = expression.arms.map((arm) => arm.pattern);
      const scopes = enterMatch(expression.subject, patterns, expression.span, scope, checker);
      for (const [index, arm] of expression.arms.entries()) {
        checker.expect(arm.value, type, scopes[index] ?? scope, subject);
      }
      return;
    }
    default:
      break;
  }
  const from = checker.infer(expression, scope);
  const unfit = whyNotAssignable(from, type);
  if (unfit) checker.report(unfitDiagnostic(expression.span, from, type, unfit, subject));
}

/** What a literal is measured by: the member of a union that has its form, without `none`. */
function targetFor(expression: Expression, type: Type): Type {
  switch (type.type) {
    case "optional":
      return expression.type === "none" ? type : targetFor(expression, type.of);
    case "later":
      return targetFor(expression, type.of);
    case "union": {
      const forms = type.members.filter((member) => hasForm(expression, withoutSecret(member)));
      const [only] = forms;
      return forms.length === 1 && only ? only : type;
    }
    default:
      return type;
  }
}

function hasForm(expression: Expression, type: Type): boolean {
  switch (expression.type) {
    case "list":
    case "list-for":
      return type.type === "list" || type.type === "set";
    case "record":
    case "record-for":
      return type.type === "record" || type.type === "map";
    case "string":
      return type.type === "string" || type.type === "literals";
    default:
      return type.type === expression.type;
  }
}

function expectInt(expression: IntLiteral, type: Type, target: Type, subject: string, checker: Checker): void {
  if (target.type === "mode") {
    const written = textOf(expression.span);
    // Only what would be digits of a mode has a certain cure.
    const fixable = /^[0-7]{3,4}$/.test(written);
    const fix = fixable ? { fix: { span: expression.span, text: `0${written}` } } : {};
    checker.report(diagnostic("R102", expression.span, { written: fixable ? written : "644" }, fix));
    return;
  }
  const from: Type = { type: "int" };
  const unfit = whyNotAssignable(from, type);
  if (unfit) checker.report(unfitDiagnostic(expression.span, from, type, unfit, subject));
  else if (target.type === "int") {
    const made = conform(expression.value, target, noDefaults);
    if (made instanceof Misfit) checker.report(badValueDiagnostic(expression.span, expression.value, target, subject));
  }
}

/** What the known beginning and middle of a text with holes already rule out. */
function expectPartlyKnown(
  expression: StringLiteral,
  target: Extract<Type, { readonly type: "string" }>,
  subject: string,
  checker: Checker,
): void {
  if (target.refinement !== "path") return;
  const [first] = expression.parts;
  if (first?.type === "text" && !first.text.startsWith("/")) {
    checker.report(badValueDiagnostic(expression.span, first.text, target, subject));
  } else if (expression.parts.some((part) => part.type === "text" && part.text.includes("/../"))) {
    checker.report(badValueDiagnostic(expression.span, "/..", target, subject));
  }
}

/** What takes an element of what takes the whole. */
function elementOf(subject: string): string {
  return subject.startsWith("an element of ") || subject.startsWith("a value of ")
    ? subject
    : `an element of ${subject}`;
}

function expectList(
  expression: ListExpression,
  target: Extract<Type, { readonly type: "list" | "set" }>,
  scope: Scope,
  subject: string,
  checker: Checker,
): void {
  let open = false;
  for (const element of expression.elements) {
    if (!element.spread) {
      checker.expect(element.value, target.of, scope, elementOf(subject));
      continue;
    }
    open = true;
    const value = element.value.type === "list" || element.value.type === "if" ? element.value : undefined;
    if (value) {
      checker.expect(value, { type: target.type, of: target.of }, scope, subject);
      continue;
    }
    const from = inferSpreadList(element.value, scope, checker);
    const unfit = whyNotAssignable(from, target.of);
    if (unfit) checker.report(unfitDiagnostic(element.value.span, from, target.of, unfit, elementOf(subject)));
  }
  if (!open) checkLength(expression.elements.length, target.length, "element", expression, subject, checker);
}

function checkLength(
  has: number,
  length: Range | undefined,
  unit: string,
  expression: Expression,
  subject: string,
  checker: Checker,
): void {
  if (!length) return;
  if (has >= (length.min ?? 0) && has <= (length.max ?? Infinity)) return;
  checker.report(diagnostic("T147", expression.span, { subject, wants: rangeWords(length, unit), has, unit }));
}

function expectRecord(
  expression: RecordExpression,
  target: Extract<Type, { readonly type: "record" }>,
  scope: Scope,
  subject: string,
  checker: Checker,
): void {
  const known = Object.keys(target.fields);
  const given = new Set<string>();
  let open = false;
  for (const entry of expression.entries) {
    if (entry.type === "spread") {
      const from = withoutSecret(checker.infer(entry.value, scope));
      if (from.type === "record") {
        for (const name of Object.keys(from.fields)) given.add(name);
        const part: Type = {
          type: "record",
          fields: Object.fromEntries(
            known
              .filter((name) => Object.hasOwn(from.fields, name))
              .map((name) => [name, target.fields[name] ?? { type: from }]),
          ),
        };
        const unfit = whyNotAssignable(from, part);
        if (unfit)
          checker.report(
            unfitDiagnostic(entry.value.span, from, unfit.why === "extra" ? target : part, unfit, subject),
          );
      } else if (from.type === "unknown") open = true;
      else checker.report(diagnostic("T149", entry.value.span, { has: quotedType(from), into: "record" }));
      continue;
    }
    const name = entry.key.text;
    given.add(name);
    const field = Object.hasOwn(target.fields, name) ? target.fields[name] : undefined;
    if (field) checker.expect(entry.value, field.type, scope, `\`${name}\``);
    else {
      checker.infer(entry.value, scope);
      const data = { subject, field: name, known, suggestion: suggest(name, known) };
      checker.report(diagnostic("T134", entry.key.span, data));
    }
  }
  reportTwice(expression.entries, checker);
  const missing = known.filter((name) => {
    const field = target.fields[name];
    return field && !given.has(name) && field.hasDefault !== true && field.type.type !== "optional";
  });
  if (missing.length === 0 || open) return;
  checker.report(diagnostic("T133", expression.span, { subject, missing, type: quotedType(target) }));
}

function expectMap(
  expression: RecordExpression,
  target: Extract<Type, { readonly type: "map" }>,
  scope: Scope,
  subject: string,
  checker: Checker,
): void {
  let open = false;
  const pattern = target.keyPattern === undefined ? undefined : compilePattern(target.keyPattern);
  for (const entry of expression.entries) {
    if (entry.type === "spread") {
      open = true;
      const from = checker.infer(entry.value, scope);
      const unfit = whyNotAssignable(from, { type: "map", of: target.of });
      if (unfit) checker.report(unfitDiagnostic(entry.value.span, from, target, unfit, subject));
      continue;
    }
    checker.expect(entry.value, target.of, scope, `\`${entry.key.text}\``);
    if (pattern && "test" in pattern && !pattern.test(entry.key.text)) {
      checker.report(badValueDiagnostic(entry.key.span, entry.key.text, keyType(target), `a key of ${subject}`));
    }
  }
  reportTwice(expression.entries, checker);
  if (!open) checkLength(expression.entries.length, target.length, "entry", expression, subject, checker);
}

function keyType(target: Extract<Type, { readonly type: "map" }>): Type {
  return target.keyPattern === undefined ? stringType : { type: "string", pattern: target.keyPattern };
}
