import type { Declaration, Title } from "../../../grammar/ast.ts";
import { foreignProperty, propertyOf } from "../../../grammar/foreign-words.ts";
import type { Span } from "../../../grammar/source.ts";
import { spanFrom } from "../../../grammar/source.ts";
import { hostProperties } from "../../host-type.ts";
import type { Type } from "../../kind/type.ts";
import { diagnostic } from "../../messages.ts";
import { suggest } from "../../suggest.ts";
import { checkBody, type Accepts } from "./check-body.ts";
import type { Checker, Head } from "../checker.ts";
import { decide } from "./decide.ts";
import { silently } from "../names/body-scopes.ts";
import { isBroken } from "../program/echoes.ts";
import { whyNotAssignable, unfitDiagnostic } from "../types/assignability.ts";
import { anyOf } from "../types/known-values.ts";
import { literalText } from "../types/narrowed-types.ts";
import type { OwnResource } from "../../own-resource.ts";
import type { Scope } from "../names/name-scope.ts";
import { holdsSecret } from "../expressions/infer-text.ts";
import { quotedType } from "../types/quoted-type.ts";

/** Checks `kind "title" { … }`. */
export function checkDeclaration(node: Declaration, scope: Scope, body: OwnResource, checker: Checker): void {
  const head = checker.resolveHead(node.kind, scope.module);
  if (!head || head.type === "unknown" || head.type === "host") {
    // What is inside may still hold mistakes of its own.
    if (head) for (const title of node.titles) checker.infer(title.value, scope);
    return;
  }
  const accepts = acceptedBy(head);
  checkTitles(node, accepts, scope, body, checker);
  if (head.type === "own" && scope.underObserved && observesAnything(head.resource, checker)) {
    checker.report(diagnostic("R112", node.kind.span, { name: accepts.name, how: "declares" }));
  }
  if (node.body) checkBody(node.body, accepts, scope, checker);
  checkRequired(node, accepts, checker);
}

/** Checks `host "web1" { … }`, which declares a machine. */
export function checkHost(node: Declaration, scope: Scope, body: OwnResource, checker: Checker): void {
  if (body.node.type !== "file" || !body.module.isRoot) {
    const where = "in the root file, outside resources, stacks and layers";
    checker.report(diagnostic("R117", node.kind.span, { word: "host", where }));
    return;
  }
  checkTitles(node, hostAccepts, scope, body, checker);
  for (const entry of node.body?.entries ?? []) {
    if (entry.type === "property" || entry.type === "body-spread") continue;
    checker.report(
      diagnostic("H110", { ...entry.span, end: entry.span.start + entry.type.length }, { clause: entry.type }),
    );
  }
  if (node.body) checkBody(node.body, hostAccepts, scope, checker);
}

const hostAccepts: Accepts = {
  name: "host",
  what: "property",
  title: { name: "name", type: { type: "string" } },
  properties: new Map(
    Object.entries(hostProperties).map(([name, type]) => [name, { type, required: false, scope: {}, isSource: false }]),
  ),
  isOwn: false,
};

const accepted = new WeakMap<object, Accepts>();

type DeclaredHead = Extract<Head, { readonly type: "kind" | "own" }>;

/** What a kind or a resource type of the recipe takes. */
function acceptedBy(head: DeclaredHead): Accepts {
  const key = head.type === "kind" ? head.kind : head.resource;
  const known = accepted.get(key);
  if (known) return known;
  const made = describeAccepted(head);
  accepted.set(key, made);
  return made;
}

function describeAccepted(head: DeclaredHead): Accepts {
  if (head.type === "kind") {
    const { kind } = head;
    const properties = new Map(
      Object.entries(kind.properties).map(([name, property]) => [
        name,
        {
          type: property.reads === "source" ? sourceType : property.type,
          required: property.required === true,
          scope: property.scope ?? {},
          isSource: property.reads === "source",
        },
      ]),
    );
    return {
      name: kind.name,
      what: "property",
      title: { name: kind.title.name, type: kind.title.type },
      properties,
      isOwn: false,
    };
  }
  const { resource } = head;
  const properties = new Map(
    [...resource.inputs].map(([name, { field }]) => {
      const type = silently(field.valueType, resource.module);
      const required = !field.default && type.type !== "optional" && type.type !== "unknown";
      return [name, { type, required, scope: {}, isSource: false }] as const;
    }),
  );
  const title = resource.title && {
    name: resource.title.name.text,
    type: silently(resource.title.valueType, resource.module),
  };
  return { name: resource.kind, what: "input", title, properties, isOwn: true };
}

const sourceType: Type = { type: "string" };

function checkTitles(node: Declaration, accepts: Accepts, scope: Scope, body: OwnResource, checker: Checker): void {
  const { title } = accepts;
  const [first] = node.titles;
  if (!title) {
    if (first) checker.report(diagnostic("R108", titlesSpan(node, first), { kind: accepts.name }));
    return;
  }
  if (!first) {
    checker.report(diagnostic("R107", node.kind.span, { kind: accepts.name, title: title.name }));
    return;
  }
  const subject = `the ${title.name} of ${accepts.name}`;
  for (const one of node.titles) {
    decide("title", "a title", one.value, body, checker, () => checkTitle(one, title.type, subject, scope, checker));
  }
}

function titlesSpan(node: Declaration, first: Title): Span {
  return spanFrom(first.span, node.titles.at(-1)?.span ?? first.span);
}

function checkTitle(title: Title, type: Type, subject: string, scope: Scope, checker: Checker): void {
  const { value } = title;
  const before = checker.reported();
  const from = checker.infer(value, scope);
  if (checker.reported() > before) return;
  if (holdsSecret(from)) {
    checker.report(diagnostic("S108", value.span, { what: "a title" }));
    return;
  }
  if (!title.spread) {
    // A second look goes into the literal for the exact place.
    if (value.type === "string" || whyNotAssignable(from, type)) checker.expect(value, type, scope, subject);
    return;
  }
  if (from.type === "unknown") return;
  if (from.type !== "list" && from.type !== "set") {
    checker.report(diagnostic("T149", value.span, { has: quotedType(anyOf(from)), into: "titles" }));
    return;
  }
  const unfit = whyNotAssignable(from.of, type);
  if (unfit) checker.report(unfitDiagnostic(value.span, from.of, type, unfit, subject));
}

/** Whether a resource, or one that it declares, reads something on the target. */
function observesAnything(resource: OwnResource, checker: Checker): boolean {
  const seen = new Set([resource]);
  for (const one of seen) {
    if (one.observes) return true;
    for (const declaration of one.declarations) {
      const head = checker.findHead(declaration.kind, one.module);
      if (head?.type === "own") seen.add(head.resource);
    }
  }
  return false;
}

/** Reports what is needed and given neither here nor, as far as can be told, by another declaration of the same resource. */
function checkRequired(node: Declaration, accepts: Accepts, checker: Checker): void {
  const required = [...accepts.properties].filter(([, property]) => property.required).map(([name]) => name);
  if (required.length === 0) return;
  const entries = node.body?.entries ?? [];
  const spreads = entries.some((entry) => entry.type === "body-spread");
  const absent = entries.some(
    (entry) => entry.type === "property" && entry.name.text === "state" && literalText(entry.value) === "absent",
  );
  if (spreads || (absent && !accepts.isOwn)) return;
  const missing = required.filter(
    (name) => !gives(node, name, accepts) && !givenElsewhere(node, name, accepts, checker),
  );
  if (missing.length === 0 || isBroken(node.span, checker.program.diagnostics)) return;
  const titles = node.titles.map((title) => literalText(title.value));
  const [only] = titles;
  const resource =
    titles.length === 1 && only !== undefined
      ? `${accepts.name}["${only}"]`
      : accepts.title
        ? `\`${accepts.name}\``
        : accepts.name;
  checker.report(diagnostic("R105", node.kind.span, { resource, missing }));
}

function gives(node: Declaration, property: string, accepts: Accepts): boolean {
  return (node.body?.entries ?? []).some(
    (entry) =>
      entry.type === "body-spread" || (entry.type === "property" && isMeant(entry.name.text, property, accepts)),
  );
}

/** Whether a name that is written gives the property, or was meant to: the unknown name is reported, and its absence is no second mistake. */
function isMeant(written: string, property: string, accepts: Accepts): boolean {
  if (written === property) return true;
  if (accepts.properties.has(written)) return false;
  const meant = propertyOf(foreignProperty(written, accepts.name)) ?? suggest(written, accepts.properties.keys());
  return meant === property;
}

/** Another declaration may be of the same resource unless both say by which titles they are not. */
function givenElsewhere(node: Declaration, property: string, accepts: Accepts, checker: Checker): boolean {
  const titles = literalTitles(node);
  return checker.declarationsOf(accepts.name).some((other) => {
    if (other === node || !gives(other, property, accepts)) return false;
    const others = literalTitles(other);
    return !titles || !others || !accepts.title || titles.some((title) => others.includes(title));
  });
}

function literalTitles(node: Declaration): readonly string[] | undefined {
  const titles = node.titles.map((title) => (title.spread ? undefined : literalText(title.value)));
  return titles.every((title) => title !== undefined) ? titles : undefined;
}
