import type { Expression, IndexExpression, MemberExpression } from "../../../grammar/ast.ts";
import { textOf } from "../../../grammar/source.ts";
import { hostsType, hostType } from "../../host-type.ts";
import { resolveType } from "../../resolve-type.ts";
import type { Kind } from "../../kind/kind.ts";
import type { Type } from "../../kind/type.ts";
import { diagnostic } from "../../messages.ts";
import { suggest } from "../../suggest.ts";
import type { Checker } from "../checker.ts";
import { entityOf } from "../names/entity.ts";
import { whyNotAssignable } from "../types/assignability.ts";
import { optionalOf, valuesOf, withoutNone, withoutSecret } from "../types/joined-types.ts";
import { anyOf, knownValues } from "../types/known-values.ts";
import { inferQualified, useValue } from "../names/infer-name.ts";
import { narrowedType } from "../names/name-scope.ts";
import type { Scope } from "../names/name-scope.ts";
import { pathOf } from "../names/narrowing.ts";
import type { OwnResource } from "../../own-resource.ts";
import { resourceType } from "../types/resource-type.ts";
import { quotedType } from "../types/quoted-type.ts";
import { intType, stringType, unknownType } from "../types/types.ts";

/** The type of `object.name` and `object?.name`. */
export function inferMember(expression: MemberExpression, scope: Scope, checker: Checker): Type {
  const qualified = inferQualified(expression, scope, checker);
  if (qualified) return narrowedHere(expression, scope) ?? qualified;
  const object = checker.infer(expression.object, scope);
  if (object.type === "unknown") return unknownType;
  if (object.type === "optional" || object.type === "none") {
    if (!expression.optional) {
      checker.report(diagnostic("T152", expression.name.span, { member: expression.name.text }));
      return unknownType;
    }
    const inner = object.type === "optional" ? memberOf(object.of, expression, checker) : unknownType;
    return narrowedHere(expression, scope) ?? optionalOf(inner);
  }
  const type = memberOf(object, expression, checker);
  return narrowedHere(expression, scope) ?? type;
}

function narrowedHere(expression: MemberExpression, scope: Scope): Type | undefined {
  if (!scope.narrows) return undefined;
  const path = pathOf(expression, scope);
  return path === undefined ? undefined : narrowedType(path, scope);
}

function memberOf(object: Type, expression: MemberExpression, checker: Checker): Type {
  const name = expression.name.text;
  switch (object.type) {
    case "unknown":
      return unknownType;
    case "record": {
      const field = Object.hasOwn(object.fields, name) ? object.fields[name] : undefined;
      if (field) return fieldType(field.type, expression, checker);
      return noMember(nameOf(expression.object) ?? quotedType(object), Object.keys(object.fields), expression, checker);
    }
    case "map":
      return object.of;
    case "resource":
      return resourceMember(object.kind, expression, checker);
    case "union": {
      const members = object.members.filter((member) => member.type === "record" || member.type === "map");
      if (members.length === object.members.length) {
        return valuesOf({
          type: "record",
          fields: Object.fromEntries(members.map((one, at) => [at, { type: memberOf(one, expression, checker) }])),
        });
      }
      return noMember(quotedType(object), [], expression, checker);
    }
    default:
      return noMember(quotedType(anyOf(object)), [], expression, checker);
  }
}

/** The type of a field; one that may be none may also be missing, which the evaluator then takes for none. */
function fieldType(type: Type, expression: IndexExpression | MemberExpression, checker: Checker): Type {
  if (type.type === "optional") checker.program.mayLack.add(expression);
  return type;
}

/** A name or chain of names as it is written; undefined for anything longer. */
function nameOf(expression: Expression): string | undefined {
  if (expression.type === "name") return `\`${expression.name}\``;
  const object = expression.type === "member" && nameOf(expression.object);
  return object && expression.type === "member" ? `${object.slice(0, -1)}.${expression.name.text}\`` : undefined;
}

function noMember(of: string, known: readonly string[], expression: MemberExpression, checker: Checker): Type {
  const member = expression.name.text;
  checker.report(diagnostic("T137", expression.name.span, { member, of, known, suggestion: suggest(member, known) }));
  return unknownType;
}

function resourceMember(kind: string, expression: MemberExpression, checker: Checker): Type {
  const own = checker.resources.get(kind);
  if (own) return ownMember(own, expression, checker);
  const builtin = checker.program.kinds.get(kind);
  return builtin ? kindMember(builtin, expression, checker) : unknownType;
}

function ownMember(resource: OwnResource, expression: MemberExpression, checker: Checker): Type {
  const name = expression.name.text;
  const isGroup = resource.node.type === "layer" || resource.node.type === "stack";
  if (isGroup && name === "hosts") return hostsType;
  const binding = checker.bodyScope(resource).names.get(name);
  if (binding?.type === "value" && (resource.outputs.has(name) || resource.title?.name.text === name)) {
    return useValue(binding, checker);
  }
  const known = [
    ...(isGroup ? ["hosts"] : []),
    ...(resource.title ? [resource.title.name.text] : []),
    ...resource.outputs.keys(),
  ];
  return noMember(`\`${resource.kind}\``, known, expression, checker);
}

function kindMember(kind: Kind, expression: MemberExpression, checker: Checker): Type {
  const name = expression.name.text;
  if (name === kind.title.name) return kind.title.type;
  const property = Object.hasOwn(kind.properties, name) ? kind.properties[name] : undefined;
  if (property) {
    return withoutNone(property.type).type === "command" ? printed(expression, checker) : property.type;
  }
  if (kind.events.includes(name)) {
    checker.report(diagnostic("R110", expression.span, { text: textOf(expression.span) }));
    return unknownType;
  }
  return noMember(`\`${kind.name}\``, [kind.title.name, ...Object.keys(kind.properties)], expression, checker);
}

/** A command of a resource, read back, is what it prints: known only once it has run. */
function printed(expression: MemberExpression, checker: Checker): Type {
  const { deciding } = checker.place;
  checker.report(
    deciding === undefined
      ? diagnostic("N001", expression.span, { what: "a value that is known only during the run" })
      : diagnostic("R301", expression.span, { word: deciding, type: "later<string>" }),
  );
  return unknownType;
}

/** The type of `xs[0]`, `map["key"]` and `kind["title"]`. */
export function inferIndex(expression: IndexExpression, scope: Scope, checker: Checker): Type {
  const entity = entityOf(expression.object, scope, checker);
  switch (entity?.type) {
    case "kind":
      checker.expect(
        expression.index,
        entity.kind.title.type,
        scope,
        `the ${entity.kind.title.name} of ${entity.kind.name}`,
      );
      return resourceType(entity.kind.name);
    case "own":
      return ownReference(entity.resource, expression, scope, checker);
    case "host":
      checker.expect(expression.index, stringType, scope, "the name of a host");
      return hostType;
    case "planned":
      checker.infer(expression.index, scope);
      checker.report(diagnostic("N001", expression.span, { what: entity.what }));
      return unknownType;
    default:
      return inferElement(expression, scope, checker);
  }
}

function ownReference(resource: OwnResource, expression: IndexExpression, scope: Scope, checker: Checker): Type {
  if (!resource.title) {
    checker.report(diagnostic("R108", expression.index.span, { kind: resource.kind }));
    return resourceType(resource.kind);
  }
  // Its own declaration says what is wrong with the type.
  const type = resolveType(resource.title.valueType, resource.module, () => {});
  checker.expect(expression.index, type, scope, `the ${resource.title.name.text} of ${resource.kind}`);
  return resourceType(resource.kind);
}

function inferElement(expression: IndexExpression, scope: Scope, checker: Checker): Type {
  const object = withoutSecret(checker.infer(expression.object, scope));
  const index = checker.infer(expression.index, scope);
  if (object.type === "unknown" || index.type === "unknown") return unknownType;
  if ((object.type === "list" || object.type === "set") && !whyNotAssignable(index, intType)) return object.of;
  if (object.type === "map" && !whyNotAssignable(index, stringType)) return object.of;
  if (object.type === "record" && !whyNotAssignable(index, stringType)) {
    const [key, ...others] = knownValues(index) ?? [];
    if (typeof key !== "string" || others.length > 0) return valuesOf(object);
    const field = Object.hasOwn(object.fields, key) ? object.fields[key] : undefined;
    if (field) return fieldType(field.type, expression, checker);
    const known = Object.keys(object.fields);
    const of = nameOf(expression.object) ?? quotedType(object);
    const data = { member: key, of, known, suggestion: suggest(key, known) };
    checker.report(diagnostic("T137", expression.index.span, data));
    return unknownType;
  }
  const indexWords = quotedType(anyOf(index));
  checker.report(diagnostic("T144", expression.span, { type: quotedType(anyOf(object)), index: indexWords }));
  return unknownType;
}
