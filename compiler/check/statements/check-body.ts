import type { Body, Expression, MemberExpression, Name, Property, Relation } from "../../../grammar/ast.ts";
import { foreignProperty } from "../../../grammar/foreign-words.ts";
import { textOf, type Span } from "../../../grammar/source.ts";
import { partOfJoined } from "../../kind/joined-type.ts";
import type { Type } from "../../kind/type.ts";
import { diagnostic } from "../../messages.ts";
import { suggest } from "../../suggest.ts";
import { traced, type Checker } from "../checker.ts";
import { eventsOf } from "./events-of-kind.ts";
import { whyNotAssignable, unfitDiagnostic } from "../types/assignability.ts";
import { withoutSecret } from "../types/joined-types.ts";
import { anyOf } from "../types/known-values.ts";
import { literalText } from "../types/narrowed-types.ts";
import { scopeWhere } from "../names/narrowing.ts";
import { plainValue } from "../names/loop-names.ts";
import { isPlannedProperty } from "../names/planned.ts";
import { innerScope, type Binding, type Scope } from "../names/name-scope.ts";
import { refuseSecretWords } from "../expressions/infer-text.ts";
import { quotedType } from "../types/quoted-type.ts";
import { boolType, durationType } from "../types/types.ts";

/** One property or input, as a body may give it. */
interface Accepted {
  readonly type: Type;
  readonly required: boolean;
  /** Names that are known in its value only. */
  readonly scope: Readonly<Record<string, Type>>;
  /** Names a file beside the recipe. */
  readonly isSource: boolean;
}

/** What the declaration of a kind, or of a resource type of the recipe, takes. */
export interface Accepts {
  readonly name: string;
  readonly what: "input" | "property";
  readonly title: { readonly name: string; readonly type: Type } | undefined;
  readonly properties: ReadonlyMap<string, Accepted>;
  readonly isOwn: boolean;
}

/** Checks what stands between the braces of a declaration. */
export function checkBody(body: Body, accepts: Accepts, scope: Scope, checker: Checker): void {
  const seen = new Map<string, Span>();
  const clauses = new Set<string>();
  const within = accepts.isOwn ? scope : scopeOfProperties(body, scope, checker);
  for (const entry of body.entries) {
    switch (entry.type) {
      case "property":
        checkTwice(entry.name, seen, checker);
        checkProperty(entry, accepts, body, within, checker);
        break;
      case "require":
      case "before":
      case "notify":
        checkRelation(entry, scope, checker);
        break;
      case "when":
        checkClause(entry.type, entry.span, accepts, clauses, checker);
        checkWhen(entry.condition, scope, checker);
        break;
      case "retry":
        checkClause(entry.type, entry.span, accepts, clauses, checker);
        break;
      case "timeout":
        checkClause(entry.type, entry.span, accepts, clauses, checker);
        checker.expect(entry.after, durationType, scope, "`timeout`");
        break;
      case "body-spread":
        checkSpread(entry.value, accepts, within, checker);
        break;
    }
  }
}

/**
 * The scope of the properties: they are computed only where `when` holds. What contains other resources is carried out in any
 * case, so its inputs are not.
 */
function scopeOfProperties(body: Body, scope: Scope, checker: Checker): Scope {
  return body.entries.reduce(
    (inner, entry) => (entry.type === "when" ? scopeWhere(entry.condition, true, inner, checker) : inner),
    scope,
  );
}

function checkTwice(name: Name, seen: Map<string, Span>, checker: Checker): void {
  const before = seen.get(name.text);
  if (!before) {
    seen.set(name.text, name.span);
    return;
  }
  const related = [{ span: before, message: "first here" }];
  checker.report(diagnostic("R106", name.span, { property: name.text }, { related }));
}

function checkClause(
  clause: "retry" | "timeout" | "when",
  span: Span,
  accepts: Accepts,
  clauses: Set<string>,
  checker: Checker,
): void {
  const word = { ...span, end: span.start + clause.length };
  if (clauses.has(clause)) checker.report(diagnostic("R118", word, { clause }));
  else if (accepts.isOwn && clause !== "when") checker.report(diagnostic("E204", word, { clause, id: accepts.name }));
  clauses.add(clause);
}

function checkProperty(entry: Property, accepts: Accepts, body: Body, scope: Scope, checker: Checker): void {
  const name = entry.name.text;
  const accepted = accepts.properties.get(name);
  if (!accepted) {
    reportUnknown(entry, accepts, body, scope, checker);
    return;
  }
  const inner = withNames(accepted.scope, scope, entry.name);
  checker.expect(entry.value, partOfJoined(accepted.type), inner, `\`${name}\``);
  if (name === "run" && !accepts.isOwn) refuseSecretWords(entry.value, inner, checker);
  if (accepted.isSource) checkSource(entry.value, checker);
}

function reportUnknown(entry: Property, accepts: Accepts, body: Body, scope: Scope, checker: Checker): void {
  const property = entry.name.text;
  if (!accepts.isOwn && isPlannedProperty(accepts.name, property)) {
    checker.report(diagnostic("N001", entry.name.span, { what: `\`${property}\` of ${accepts.name}` }));
    return;
  }
  checker.infer(entry.value, scope);
  const known = [...accepts.properties.keys()];
  const suggestion = suggest(property, known);
  const form = foreignProperty(property, accepts.name);
  const data = { kind: accepts.name, property, suggestion, known, what: accepts.what, form };
  // Where the right name stands already, a second one of it would be no cure.
  const given = body.entries.some((other) => other.type === "property" && other.name.text === suggestion);
  const certain = suggestion !== undefined && !given && form === undefined;
  const fix = certain ? { fix: { span: entry.name.span, text: suggestion } } : {};
  checker.report(diagnostic("R101", entry.name.span, data, fix));
}

function withNames(types: Readonly<Record<string, Type>>, scope: Scope, at: Name): Scope {
  const entries = Object.entries(types);
  if (entries.length === 0) return scope;
  const names = new Map<string, Binding>();
  for (const [text, type] of entries) {
    const name = { text, span: at.span };
    names.set(text, plainValue(name, "a name of this property", type, { observed: false, given: false }));
  }
  return innerScope(scope, names);
}

/** A file named by a plain text is looked for at once, in whatever branch it stands. */
function checkSource(value: Expression, checker: Checker): void {
  const text = literalText(value);
  if (text === undefined) return;
  const { host } = checker.program;
  const path = host.resolve(value.span.file.path, text);
  const read = host.read(path);
  if ("bytes" in read) return;
  checker.report(diagnostic("E501", value.span, { path, problem: read.problem, detail: read.detail }));
}

function checkSpread(value: Expression, accepts: Accepts, scope: Scope, checker: Checker): void {
  const from = withoutSecret(checker.infer(value, scope));
  if (from.type === "unknown") return;
  if (from.type !== "record") {
    checker.report(diagnostic("T149", value.span, { has: quotedType(anyOf(from)), into: "body" }));
    return;
  }
  const known = [...accepts.properties.keys()];
  for (const [name, field] of Object.entries(from.fields)) {
    const accepted = accepts.properties.get(name);
    if (!accepted) {
      const data = { kind: accepts.name, property: name, suggestion: suggest(name, known), known, what: accepts.what };
      checker.report(diagnostic("R101", value.span, data));
      continue;
    }
    const unfit = whyNotAssignable(field.type, partOfJoined(accepted.type));
    if (unfit) checker.report(unfitDiagnostic(value.span, field.type, accepted.type, unfit, `\`${name}\``));
  }
}

/** `when` is for what is read on the target; what is known before is decided with `if`. */
function checkWhen(condition: Expression, scope: Scope, checker: Checker): void {
  const before = checker.reported();
  const { observed, given } = traced(checker, () => checker.expect(condition, boolType, scope, "`when`"));
  if (observed || given || checker.reported() > before) return;
  checker.report(diagnostic("R113", condition.span, {}));
}

function checkRelation(relation: Relation, scope: Scope, checker: Checker): void {
  for (const target of relation.targets) {
    if (relation.type === "notify") checkEvent(target, scope, checker);
    else checkTarget(target, relation.type, scope, checker);
  }
}

function checkTarget(target: Expression, clause: "before" | "require", scope: Scope, checker: Checker): void {
  const before = checker.reported();
  const type = checker.infer(target, scope);
  if (type.type === "resource" || type.type === "unknown" || checker.reported() > before) return;
  const text = literalText(target);
  const hint = text === undefined ? undefined : `a resource is named by kind and title: package["${text}"]`;
  checker.report(diagnostic("R111", target.span, { clause, has: quotedType(anyOf(type)), hint }));
}

/** `notify kind["title"].event`: the resource must have the event. */
function checkEvent(target: Expression, scope: Scope, checker: Checker): void {
  if (target.type === "member" && checkEventMember(target, scope, checker)) return;
  const before = checker.reported();
  const type = checker.infer(target, scope);
  if (type.type === "unknown" || checker.reported() > before) return;
  const known = type.type === "resource" ? eventsOf(type.kind, checker) : [];
  const has = type.type === "resource" ? "a resource without one" : quotedType(anyOf(type));
  const hint =
    known.length > 0 ? `write ${known.map((event) => `${textOf(target.span)}.${event}`).join(" or ")}` : undefined;
  checker.report(diagnostic("R111", target.span, { clause: "notify", has, hint }));
}

/** Whether the target is a resource and a name behind it, which is then checked as an event. */
function checkEventMember(target: MemberExpression, scope: Scope, checker: Checker): boolean {
  if (target.object.type === "name" && checker.isQualifier(target.object, scope)) return false;
  const before = checker.reported();
  const type = checker.infer(target.object, scope);
  if (type.type === "unknown" || checker.reported() > before) return true;
  if (type.type !== "resource") return false;
  const event = target.name.text;
  const known = eventsOf(type.kind, checker);
  if (known.includes(event)) return true;
  const data = { kind: type.kind, event, known, suggestion: suggest(event, known) };
  checker.report(diagnostic("R109", target.name.span, data));
  return true;
}
