import type { Expression } from "../../../grammar/ast.ts";
import { textOf } from "../../../grammar/source.ts";
import type { Catalog } from "../../catalog.ts";
import { order } from "../../graph.ts";
import type { Facts } from "../../kind/facts.ts";
import { failed, isUnknown } from "../state/failure.ts";
import type { Expectation, Run } from "../state/run.ts";
import { show } from "../values/render.ts";
import { describe } from "../values/values.ts";

/** Most characters of a value that a failed expectation shows. */
const shownAtMost = 300;

/**
 * Reports every `expect` that does not hold, with both sides of its comparison. One that depends on an answer which is not known
 * is left out, unless `mustBeKnown`.
 */
export function checkExpectations(run: Run, catalog: Catalog, facts: Facts, mustBeKnown: boolean): void {
  if (run.expectations.length === 0) return;
  run.precedes = precedenceIn(catalog, facts);
  for (const expectation of run.expectations)
    run.inside(expectation.within, () => judge(run, expectation, mustBeKnown));
}

function judge(run: Run, { condition, scope }: Expectation, mustBeKnown: boolean): void {
  const { result } = run.settle(() => run.evaluate(condition, scope));
  if (result === true) return;
  if (failed(result)) {
    if (mustBeKnown && isUnknown(result)) run.report("E209", condition.span, {});
    return;
  }
  if (result !== false) {
    run.report("E108", condition.span, { subject: "`expect`", wants: "true or false", has: describe(result) });
    return;
  }
  const sides = condition.type === "binary" ? [condition.left, condition.right] : [];
  const shown = sides.flatMap((side) => sideOf(run, side, scope));
  run.report("E208", condition.span, { sides: shown });
}

/** What one side of a comparison is; nothing where that stands there already. */
function sideOf(
  run: Run,
  side: Expression,
  scope: Expectation["scope"],
): readonly { readonly text: string; readonly value: string }[] {
  const { result } = run.settle(() => run.evaluate(side, scope));
  if (failed(result)) return [];
  const text = textOf(side.span);
  const value = show(result, shownAtMost);
  return text === value ? [] : [{ text, value }];
}

/**
 * Whether edges lead from one resource to another; that one merely stands before the other in the source is no order. What
 * contains others comes before or after with all of them.
 */
function precedenceIn(catalog: Catalog, facts: Facts): (first: string, then: string) => boolean {
  const { graph } = order(catalog, facts);
  if (!graph) return () => false;
  const before = (id: string): ReadonlySet<string> => {
    const seen = new Set(graph.before(id).map(({ from }) => from));
    for (const one of seen) for (const { from } of graph.before(one)) seen.add(from);
    return seen;
  };
  return (first, then) => {
    const earlier = resourcesOf(catalog, first);
    const later = resourcesOf(catalog, then).map(before);
    const isOrdered = later.every((seen) => earlier.every((id) => seen.has(id)));
    return earlier.length > 0 && later.length > 0 && isOrdered;
  };
}

/** A resource itself, or all that a resource of the person's own contains. */
function resourcesOf({ containers, resources }: Catalog, id: string): readonly string[] {
  const inside = new Set([id]);
  for (const outer of inside) {
    for (const container of containers) if (container.containers.includes(outer)) inside.add(container.id);
  }
  return resources
    .filter((resource) => resource.id === id || resource.containers.some((container) => inside.has(container)))
    .map((resource) => resource.id);
}
