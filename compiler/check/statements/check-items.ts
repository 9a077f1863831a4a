import type {
  Declaration,
  Expect,
  Field,
  Group,
  If,
  Item,
  Name,
  Observe,
  On,
  Statement,
} from "../../../grammar/ast.ts";
import type { Span } from "../../../grammar/source.ts";
import { diagnostic } from "../../messages.ts";
import { resolveType } from "../../resolve-type.ts";
import type { Type } from "../../kind/type.ts";
import type { Checker } from "../checker.ts";
import { enterLoop } from "../expressions/infer-collection.ts";
import { decide } from "./decide.ts";
import { checkDeclaration, checkHost } from "./check-declaration.ts";
import { checkEventName, checkLayer, checkLayerProperty, checkOrder } from "./check-group.ts";
import { blockScope, checkReadable } from "../names/body-scopes.ts";
import { enterMatch } from "../expressions/infer-match.ts";
import { scopeWhere } from "../names/narrowing.ts";
import type { OwnResource } from "../../own-resource.ts";
import { lookUp, observedScope, type Scope } from "../names/name-scope.ts";
import { checkTypeNode } from "../types/type-nodes.ts";
import { boolType } from "../types/types.ts";

/** Where a statement stands: at the top of a file, directly in a resource, stack or layer, or in a block inside one of them. */
export type Level = "block" | "file" | "layer" | "resource" | "stack";

/** Checks the statements of a body or block whose names are already in the scope. */
export function checkItems(
  items: readonly Item[],
  scope: Scope,
  level: Level,
  body: OwnResource,
  checker: Checker,
): void {
  for (const item of items) {
    if (item.type === "property" && level === "layer") checkLayerProperty(item, scope, checker);
    else if (item.type === "property") {
      checker.infer(item.value, scope);
      checker.report(
        diagnostic("R119", item.name.span, { name: item.name.text, isKind: checker.program.kinds.has(item.name.text) }),
      );
    } else checkStatement(item, scope, level, body, checker);
  }
}

function checkStatement(item: Statement, scope: Scope, level: Level, body: OwnResource, checker: Checker): void {
  switch (item.type) {
    case "declaration":
      return isHost(item, scope, checker)
        ? checkHost(item, scope, body, checker)
        : checkDeclaration(item, scope, body, checker);
    case "let":
      if (item.valueType) checkTypeNode(item.valueType, scope, checker);
      return settle(item.name, scope);
    case "observe":
      return checkObserve(item, scope, checker);
    case "input":
    case "output":
      if (level === "block") return misplaced(item.span, item.type, "directly in a file or a resource", checker);
      checkField(item.field, scope, checker);
      if (item.type === "output" && !item.field.default) {
        checker.report(diagnostic("R120", item.field.span, { word: "output", name: item.field.name.text }));
      }
      return settle(item.field.name, scope);
    case "if-statement":
      return checkIf(item, scope, body, checker);
    case "for-statement": {
      const loop = decide("loop", "a loop", item.head.source, body, checker, () =>
        enterLoop(item.head, scope, checker),
      );
      const inner = loop.observed ? observedScope(loop.result) : loop.result;
      return checkBlock(item.body.items, inner, body, checker);
    }
    case "match-statement": {
      const patterns = item.arms.map((arm) => arm.pattern);
      const found = decide("condition", "`match`", item.subject, body, checker, () =>
        enterMatch(item.subject, patterns, item.span, scope, checker),
      );
      for (const [index, arm] of item.arms.entries()) {
        const inner = found.result[index] ?? scope;
        checkBlock(arm.body.items, found.observed ? observedScope(inner) : inner, body, checker);
      }
      return;
    }
    case "fn":
    case "resource":
    case "type":
    case "use":
      if (level !== "file") misplaced(item.span, item.type, "at the top of a file", checker);
      return;
    case "expect":
      return checkExpect(item, scope, checker);
    case "test":
      // A test is checked as a recipe of its own.
      if (level !== "file") return misplaced(item.span, "test", "at the top of a file", checker);
      return;
    case "layer":
      if (level !== "stack") return misplaced(item.span, "layer", "directly in a stack", checker);
      return checkGroup(item, body, checker);
    case "stack":
      if (level !== "file" || !scope.module.isRoot)
        return misplaced(item.span, "stack", "at the top of the root file", checker);
      return checkGroup(item, body, checker);
    case "on":
      return checkOn(item, scope, body, checker);
    case "order":
      if (level !== "stack") {
        checker.report(diagnostic("R117", item.span, { word: "->", where: "between layers, directly in a stack" }));
        return undefined;
      }
      return checkOrder(item, body, checker);
    case "set":
      return misplaced(item.span, "set", "in a file of the folder `data` beside the root recipe", checker);
  }
}

/** `expect CONDITION`: what must hold once everything has been declared. */
function checkExpect({ condition, span }: Expect, scope: Scope, checker: Checker): void {
  if (!condition) {
    checker.report(
      diagnostic("R117", firstWord(span, "expect"), { word: "expect error", where: "directly in a test" }),
    );
    return;
  }
  const outer = checker.place.inExpect;
  checker.place.inExpect = true;
  checker.expect(condition, boolType, scope, "`expect`");
  checker.place.inExpect = outer;
}

function isHost(item: Declaration, { module }: Scope, checker: Checker): boolean {
  return checker.findHead(item.kind, module)?.type === "host";
}

/** The statements of a stack or a layer. */
function checkGroup(item: Group, outer: OwnResource, checker: Checker): void {
  const group = outer.groups.get(item.name.text);
  if (group?.node !== item) {
    // A second stack of a name is reported with the other names of the file.
    if (item.type === "layer" && group?.node.type === "layer") reportTwin(item, group.node, checker);
    return;
  }
  checkItems(item.body.items, checker.bodyScope(group), item.type, group, checker);
  if (item.type === "layer") checkLayer(item, checker);
}

function reportTwin(item: Group, first: Group, checker: Checker): void {
  const related = [{ span: first.name.span, message: "first here" }];
  const data = { name: item.name.text, what: "layer", other: "layer" };
  checker.report(diagnostic("L105", item.name.span, data, { related }));
}

/** `on setup, deploy { … }`: what is done at events of the life cycle. */
function checkOn(item: On, scope: Scope, body: OwnResource, checker: Checker): void {
  if (checker.place.inEvent) return misplaced(item.span, "on", "outside another `on`", checker);
  for (const event of item.events) checkEventName(event, checker);
  checker.place.inEvent = true;
  checkBlock(item.body.items, scope, body, checker);
  checker.place.inEvent = false;
}

function misplaced(span: Span, word: string, where: string, checker: Checker): void {
  checker.report(diagnostic("R117", firstWord(span, word), { word, where }));
}

function firstWord(span: Span, word: string): Span {
  return { ...span, end: Math.min(span.end, span.start + word.length) };
}

function settle(name: Name, scope: Scope): void {
  const binding = lookUp(name.text, scope);
  if (binding?.type === "value") binding.settle();
}

function checkField(field: Field, scope: Scope, checker: Checker): Type {
  checkTypeNode(field.valueType, scope, checker);
  return resolveType(field.valueType, scope.module, () => {});
}

function checkObserve(item: Observe, scope: Scope, checker: Checker): void {
  const type = checkField(item.field, scope, checker);
  checkReadable(item, type, checker);
  const name = item.field.name.text;
  if (!item.field.default) {
    checker.report(diagnostic("R120", item.field.span, { word: "observe", name }));
  }
  if (scope.underObserved) checker.report(diagnostic("R112", item.field.name.span, { name, how: "under" }));
  settle(item.field.name, scope);
}

function checkIf(item: If, scope: Scope, body: OwnResource, checker: Checker): void {
  const { condition } = item;
  const { observed } = decide("condition", "`if`", condition, body, checker, () =>
    checker.expect(condition, boolType, scope, "`if`"),
  );
  const under = (holds: boolean): Scope => {
    const inner = scopeWhere(condition, holds, scope, checker);
    return observed ? observedScope(inner) : inner;
  };
  checkBlock(item.then.items, under(true), body, checker);
  if (!item.else) return;
  if ("items" in item.else) checkBlock(item.else.items, under(false), body, checker);
  else checkIf(item.else, under(false), body, checker);
}

function checkBlock(items: readonly Item[], parent: Scope, body: OwnResource, checker: Checker): void {
  checkItems(items, blockScope(items, parent, checker), "block", body, checker);
}
