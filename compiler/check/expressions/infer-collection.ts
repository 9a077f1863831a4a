import type {
  Expression,
  ForHead,
  ListComprehension,
  ListExpression,
  RecordComprehension,
  RecordEntry,
  RecordExpression,
} from "../../../grammar/ast.ts";
import type { FieldType, Type } from "../../kind/type.ts";
import { diagnostic } from "../../messages.ts";
import type { Checker } from "../checker.ts";
import { joinAll, joinTypes, valuesOf, withoutSecret } from "../types/joined-types.ts";
import { anyOf } from "../types/known-values.ts";
import { loopNames } from "../names/loop-names.ts";
import { scopeWhere } from "../names/narrowing.ts";
import { elementTypes } from "./infer-operator.ts";
import { innerScope, type Scope } from "../names/name-scope.ts";
import { bounded } from "../types/type-size.ts";
import { quotedType } from "../types/quoted-type.ts";
import { boolType, stringType, unknownType } from "../types/types.ts";

/** The type of `[a, ...b]`. */
export function inferList(expression: ListExpression, scope: Scope, checker: Checker): Type {
  const types = expression.elements.map((element) =>
    element.spread ? inferSpreadList(element.value, scope, checker) : checker.infer(element.value, scope),
  );
  return bounded({ type: "list", of: joinAll(types) });
}

/** The type of the elements that `...xs` puts into a list. */
export function inferSpreadList(value: Expression, scope: Scope, checker: Checker): Type {
  const type = withoutSecret(checker.infer(value, scope));
  if (type.type === "list" || type.type === "set") return type.of;
  if (type.type !== "unknown") {
    checker.report(diagnostic("T149", value.span, { has: quotedType(anyOf(type)), into: "list" }));
  }
  return unknownType;
}

/** The type of `[for x in xs => …]`. */
export function inferListFor(expression: ListComprehension, scope: Scope, checker: Checker): Type {
  const inner = enterLoop(expression.head, scope, checker);
  return bounded({ type: "list", of: anyOf(checker.infer(expression.value, inner)) });
}

/** The type of `{ for k, v in xs => … = … }`. */
export function inferRecordFor(expression: RecordComprehension, scope: Scope, checker: Checker): Type {
  const inner = enterLoop(expression.head, scope, checker);
  checker.expect(expression.key, stringType, inner, "a key");
  return bounded({ type: "map", of: anyOf(checker.infer(expression.value, inner)) });
}

/** Checks the head of a loop and gives the scope inside it. */
export function enterLoop(head: ForHead, scope: Scope, checker: Checker): Scope {
  const source = checker.infer(head.source, scope);
  const elements = elementTypes(source);
  if (!elements) {
    checker.report(diagnostic("T145", head.source.span, { type: quotedType(anyOf(source)) }));
  }
  const names = loopNames(head, elements, scope, checker);
  const inner = innerScope(scope, names);
  if (!head.condition) return inner;
  checker.expect(head.condition, boolType, inner, "the condition of a loop");
  return scopeWhere(head.condition, true, inner, checker);
}

/** The type of `{ a = 1, ...b }`; the later of equal names wins. */
export function inferRecord(expression: RecordExpression, scope: Scope, checker: Checker): Type {
  const fields: Record<string, FieldType> = {};
  let others: Type | undefined;
  for (const entry of expression.entries) {
    if (entry.type === "entry") {
      setField(fields, entry.key.text, checker.infer(entry.value, scope));
      continue;
    }
    const type = withoutSecret(checker.infer(entry.value, scope));
    if (type.type === "record") {
      for (const [name, field] of Object.entries(type.fields)) setField(fields, name, field.type);
    } else if (type.type === "map") others = others ? joinTypes(others, type.of) : type.of;
    else if (type.type !== "unknown") {
      checker.report(diagnostic("T149", entry.value.span, { has: quotedType(anyOf(type)), into: "record" }));
    } else others ??= unknownType;
  }
  reportTwice(expression.entries, checker);
  const record = { type: "record", fields } as const;
  // With a map spread into it, the names are not known any more.
  return bounded(others ? { type: "map", of: joinTypes(valuesOf(record), others) } : record);
}

function setField(fields: Record<string, FieldType>, name: string, type: Type): void {
  Object.defineProperty(fields, name, { value: { type }, enumerable: true, configurable: true, writable: true });
}

/** A key that is written twice in one record is a slip. */
export function reportTwice(entries: readonly RecordEntry[], checker: Checker): void {
  const seen = new Map<string, RecordEntry>();
  for (const entry of entries) {
    if (entry.type !== "entry") continue;
    const before = seen.get(entry.key.text);
    if (before) {
      const related = [{ span: before.type === "entry" ? before.key.span : before.span, message: "first here" }];
      checker.report(diagnostic("T122", entry.key.span, { key: entry.key.text, what: "record" }, { related }));
    } else seen.set(entry.key.text, entry);
  }
}
