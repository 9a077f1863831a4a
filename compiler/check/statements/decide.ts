import type { Expression } from "../../../grammar/ast.ts";
import { deciding, traced, type Checker, type Decision } from "../checker.ts";
import type { OwnResource } from "../../own-resource.ts";
import type { Binding } from "../names/name-scope.ts";

/** Checks an expression that decides which resources exist, and keeps what it uses. */
export function decide<Result>(
  what: Decision["what"],
  words: string,
  expression: Expression,
  body: OwnResource,
  checker: Checker,
  run: () => Result,
): { readonly result: Result; readonly observed: boolean } {
  const decision: Binding = { type: "module", name: words, module: body.module };
  const found = checker.making(decision, () => deciding(checker, words, () => traced(checker, run)));
  const uses = checker.needs.get(decision);
  if (uses) checker.decisions.push({ what, span: expression.span, body, uses });
  checker.needs.delete(decision);
  return found;
}
