import type { BinaryExpression, Expression } from "../../../grammar/ast.ts";
import type { Value } from "../../kind/value.ts";
import { lookup } from "../state/lookup.ts";
import type { Run } from "../state/run.ts";
import type { Scope } from "../state/scope.ts";

const names = { hostname: "name", name: "hostname" } as const;

/**
 * Warns of a comparison with `host.name` or `host.hostname` that would come out otherwise with the other one: what the machine is
 * called from outside is easily taken for what it calls itself. `compare` gives the result for another operand.
 */
export function warnOfHostNames(
  run: Run,
  node: BinaryExpression,
  scope: Scope,
  result: Value,
  compare: (side: "left" | "right", operand: Value) => unknown,
): void {
  const sides = (["left", "right"] as const).map((side) => ({ side, used: hostNameIn(node[side], run, scope) }));
  if (sides.every(({ used }) => used !== undefined)) return;
  for (const { side, used } of sides) {
    if (used === undefined) continue;
    const other = names[used];
    const [is, otherwise] = [run.machine?.get(used), run.machine?.get(other)];
    if (typeof is !== "string" || typeof otherwise !== "string" || is === otherwise) continue;
    if (compare(side, otherwise) === result) continue;
    const data = { used, other, is, otherwise, result: result === true };
    run.reportOnce("E184", node.span, data);
  }
}

function hostNameIn(operand: Expression, run: Run, scope: Scope): "hostname" | "name" | undefined {
  if (operand.type !== "member" || operand.object.type !== "name" || operand.object.name !== "host") return undefined;
  const name = operand.name.text;
  if (name !== "hostname" && name !== "name") return undefined;
  return lookup("host", scope, run.registry)?.type === "host" ? name : undefined;
}
