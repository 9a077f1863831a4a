import type { Expression, IndexExpression, MemberExpression } from "../../../grammar/ast.ts";
import type { Span } from "../../../grammar/source.ts";
import type { Reference, Value } from "../../kind/value.ts";
import { suggest } from "../../suggest.ts";
import { HostValue } from "../values/host-value.ts";
import { type Composite, isGroup, type Primitive } from "../state/declared-resource.ts";
import { failed, type Result } from "../state/failure.ts";
import { lookup, lookupPath, type Named } from "../state/lookup.ts";
import { propertyThunk } from "../resources/property-thunk.ts";
import { refer } from "../resources/references.ts";
import { show } from "../values/render.ts";
import type { Run } from "../state/run.ts";
import type { Scope } from "../state/scope.ts";
import { titleText } from "../values/title-text.ts";
import { describe, isList, isRecord, isTagged } from "../values/values.ts";

/** The value that a name refers to, when it refers to a value. */
export function namedValue(run: Run, named: Named, name: string, span: Span): Result {
  switch (named.type) {
    case "value":
      return run.force(named.thunk);
    case "host":
      return run.machine ?? run.report("H103", span, { what: "`host`" });
    case "own":
    case "file":
      if (!named.definition || named.definition.title)
        return run.report("T148", span, { name, what: named.definition ? "resource" : "file" });
      return refer(run, named.definition.kind, null, span);
    case "kind":
    case "std":
      return run.report("T148", span, { name, what: named.type });
    case "builtin":
    case "function":
    case "ordered":
    case "template":
      return run.report("T148", span, { name, what: "function" });
    case "later":
      return run.report("N001", span, { what: `${name}(…)` });
  }
}

/** `object.name` and `object?.name`; a field that a map does not have is an error, or none where that is asked for. */
export function evaluateMember(run: Run, expression: MemberExpression, scope: Scope, orNone = false): Result {
  const { object, name } = expression;
  const named = lookupPath(expression, scope, run.registry);
  if (named && object.type === "name") return namedValue(run, named, `${object.name}.${name.text}`, expression.span);
  if (object.type === "name" && lookup(object.name, scope, run.registry)?.type === "std")
    return run.report("T137", name.span, { member: name.text, of: "`std`", known: [] });
  const value = run.evaluate(object, scope);
  if (failed(value)) return value;
  if (value === null) return expression.optional ? null : run.report("T152", name.span, { member: name.text });
  if (isRecord(value)) {
    const mayLack = orNone || run.program.mayLack.has(expression);
    return mayLack && !value.has(name.text) ? null : fieldOf(run, value, name.text, name.span);
  }
  if (isTagged(value) && value.type === "reference" && value.event === undefined)
    return referenceMember(run, value, expression);
  return run.report("T137", name.span, { member: name.text, of: describe(value), known: [] });
}

/** What `notify` names: behind a resource first of all an event, so that `execute["x"].run` is not the property `run`. */
export function evaluateEvent(run: Run, target: Expression, scope: Scope): Result {
  if (target.type !== "member") return run.evaluate(target, scope);
  const { object } = target;
  if (object.type === "name" && lookup(object.name, scope, run.registry)?.type !== "value")
    return run.evaluate(target, scope);
  const value = run.evaluate(object, scope);
  if (failed(value) || value === null || !isTagged(value) || value.type !== "reference") {
    return failed(value) ? value : run.evaluate(target, scope);
  }
  const resource = run.registry.find(value.kind, value.title);
  const isEvent = resource?.type === "primitive" && resource.kind.events.includes(target.name.text);
  return isEvent ? { ...value, event: target.name.text } : run.evaluate(target, scope);
}

function fieldOf(run: Run, record: ReadonlyMap<string, Value>, name: string, span: Span): Result {
  if (!run.machine && record instanceof HostValue && record.has(name) && !record.knows(name))
    return run.report("H111", span, { host: record.hostName, fact: name });
  const value = record.get(name);
  if (value !== undefined) return value;
  const known = [...record.keys()];
  return run.report("T137", span, { member: name, of: "this", known, suggestion: suggest(name, known) });
}

function referenceMember(run: Run, reference: Reference, expression: MemberExpression): Result {
  const resource = run.registry.find(reference.kind, reference.title);
  if (resource?.type === "composite") return outputOf(run, resource, reference, expression);
  if (resource) return propertyOf(run, resource, reference, expression);
  // Another spelling of a title that nothing ever named; `refer` has reported it.
  return run.report("T137", expression.name.span, { member: expression.name.text, of: show(reference), known: [] });
}

function propertyOf(run: Run, resource: Primitive, reference: Reference, expression: MemberExpression): Result {
  const { name, object } = expression;
  const { kind } = resource;
  if (name.text === kind.title.name) {
    run.touchReference(resource.id, object.span);
    return resource.title;
  }
  if (Object.hasOwn(kind.properties, name.text)) {
    const value = run.force(propertyThunk(run, resource, name.text, expression.span));
    run.touchReference(resource.id, object.span);
    if (!failed(value) && value !== null && isTagged(value) && value.type === "command")
      return run.report("N001", expression.span, { what: "a value that is known only during the run" });
    return value;
  }
  if (kind.events.includes(name.text)) return { ...reference, event: name.text };
  const known = [kind.title.name, ...Object.keys(kind.properties), ...kind.events];
  return unknownMember(run, expression, kind.name, known);
}

function outputOf(run: Run, resource: Composite, reference: Reference, expression: MemberExpression): Result {
  const { name } = expression;
  const { definition } = resource;
  if (definition.title?.name.text === name.text) return resource.title;
  if (name.text === "hosts" && isGroup(resource)) return run.hosts.ofGroup(definition.kind);
  const output = definition.outputs.has(name.text) ? resource.scope.own(name.text) : undefined;
  if (output) return run.force(output);
  // Whether something inside takes the event is known once everything inside has been declared.
  for (const kind of run.registry.kinds.values()) {
    if (kind.events.includes(name.text)) return { ...reference, event: name.text };
  }
  const known = [...(definition.title ? [definition.title.name.text] : []), ...definition.outputs.keys()];
  return unknownMember(run, expression, definition.kind, known);
}

function unknownMember(run: Run, { name }: MemberExpression, kind: string, known: readonly string[]): Result {
  const suggestion = suggest(name.text, known);
  return run.report("T137", name.span, { member: name.text, of: `\`${kind}\``, known, suggestion });
}

/** `host["web1"]`: a machine that the recipe declares. */
function namedHost(run: Run, index: Expression, scope: Scope): Result {
  const name = run.evaluate(index, scope);
  if (failed(name)) return name;
  if (typeof name !== "string")
    return run.report("E108", index.span, { subject: "the name of a host", wants: "text", has: describe(name) });
  const host = run.hosts.get(name);
  if (host) return host;
  const known = [...run.hosts.all.keys()];
  return run.report("H101", index.span, { host: name, suggestion: suggest(name, known), known });
}

/** `xs[0]`, `map["key"]`, and the reference `kind["title"]`; what is not there is an error, or none where that is asked for. */
export function evaluateIndex(run: Run, expression: IndexExpression, scope: Scope, orNone = false): Result {
  const { object, index } = expression;
  const named = lookupPath(object, scope, run.registry);
  if (named?.type === "host") return namedHost(run, index, scope);
  if (named?.type === "kind" || named?.type === "own") {
    const title = run.evaluate(index, scope);
    if (failed(title)) return title;
    const text = titleText(run, named, title, { subject: "", span: index.span, expression: index, scope });
    if (failed(text)) return text;
    if (named.type === "own" && !run.registry.complete) run.registry.composite(named.definition, text.value, text.text);
    return refer(run, text.kind, text.text, expression.span);
  }
  const value = run.evaluate(object, scope);
  if (failed(value)) return value;
  const key = run.evaluate(index, scope);
  if (failed(key)) return key;
  if (isList(value) && typeof key === "number") {
    const element = value[key];
    if (element !== undefined || orNone) return element ?? null;
    const has = value.length === 0 ? "it is empty" : `it has ${value.length}, counted from 0`;
    return run.report("E105", index.span, { problem: `the list has no element ${key}: ${has}` });
  }
  if (value !== null && isRecord(value) && typeof key === "string") {
    const entry = value.get(key);
    if (entry !== undefined || orNone || run.program.mayLack.has(expression)) return entry ?? null;
    const near = suggest(key, value.keys());
    const hint = near === undefined ? undefined : `did you mean ${JSON.stringify(near)}?`;
    return run.report("E105", index.span, { problem: `there is no key ${JSON.stringify(key)} in this`, hint });
  }
  return run.report("T144", expression.span, { type: describe(value), index: describe(key) });
}
