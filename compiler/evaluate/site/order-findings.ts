import type { Diagnostic } from "../../../grammar/diagnostic.ts";
import { diagnostic } from "../../messages.ts";
import type { LayerOrder, Site } from "../../site.ts";
import { wavesOf } from "../../site-waves.ts";

/** What is wrong with the order of layers: a cycle, or one that shared hosts cannot keep. */
export function orderFindings(site: Omit<Site, "diagnostics">): readonly Diagnostic[] {
  const cycle = cycleIn(site.order);
  if (cycle) {
    const names = cycle.map(({ first }) => first.slice(first.indexOf(".") + 1));
    const last = cycle.at(-1);
    return last ? [diagnostic("H108", last.span, { names })] : [];
  }
  return wavesOf(site).knots.map(({ hosts, order: { first, then, span } }) =>
    diagnostic("H113", span, { hosts, first: shortName(first), then: shortName(then) }),
  );
}

function shortName(kind: string): string {
  return kind.slice(kind.indexOf(".") + 1);
}

/** Orders of which each begins where the one before ends, and the last ends where the first begins. */
function cycleIn(order: readonly LayerOrder[]): readonly LayerOrder[] | undefined {
  const done = new Set<string>();
  const follow = (kind: string, path: readonly LayerOrder[]): readonly LayerOrder[] | undefined => {
    const at = path.findIndex(({ first }) => first === kind);
    if (at >= 0) return path.slice(at);
    if (done.has(kind)) return undefined;
    for (const next of order) {
      if (next.first !== kind) continue;
      const found = follow(next.then, [...path, next]);
      if (found) return found;
    }
    done.add(kind);
    return undefined;
  };
  for (const { first } of order) {
    const found = follow(first, []);
    if (found) return found;
  }
  return undefined;
}
