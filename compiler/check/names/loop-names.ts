import type { ForHead, Name } from "../../../grammar/ast.ts";
import type { Type } from "../../kind/type.ts";
import type { Checker } from "../checker.ts";
import { reportShadowing } from "./shadowing.ts";
import type { Binding, Scope, ValueBinding } from "./name-scope.ts";
import { stringType, unknownType } from "../types/types.ts";

/** What a loop's names are: one name is the element (of a map: its key), two are index or key and element. */
export function loopNames(
  head: ForHead,
  elements: { readonly first: Type; readonly second: Type; readonly keyed: boolean } | undefined,
  scope: Scope,
  checker: Checker,
): ReadonlyMap<string, Binding> {
  const names = new Map<string, Binding>();
  const [first, second] = head.names;
  const only = elements?.keyed ? stringType : elements?.second;
  const { observed, given } = checker.trace;
  const add = (name: Name | undefined, type: Type | undefined): void => {
    if (!name) return;
    reportShadowing(name, "a loop's name", names, scope, checker);
    names.set(name.text, plainValue(name, "a loop's name", type ?? unknownType, { observed, given }));
  };
  if (second) {
    add(first, elements?.first);
    add(second, elements?.second);
  } else add(first, only);
  return names;
}

/** A name whose type is known from the start. */
export function plainValue(
  name: Name,
  what: string,
  type: Type,
  depends: { readonly observed: boolean; readonly given: boolean },
): ValueBinding {
  return {
    type: "value",
    name: name.text,
    what,
    span: name.span,
    valueType: () => type,
    settle: () => {},
    settled: () => true,
    ...depends,
  };
}
