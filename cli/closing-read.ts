import type { Catalog } from "../compiler/catalog.ts";
import { diff, neededKeys } from "../compiler/diff.ts";
import { type Graph, order } from "../compiler/graph.ts";
import { readContextOf, readFacts, readObserves, readState } from "../runtime/read.ts";
import type { Session } from "../runtime/session.ts";

/** What a fresh read of everything found after a run. */
export interface Remaining {
  /** Resources that are not as they should be, each with why. */
  readonly differing: readonly string[];
  /** What could not be read or compared. */
  readonly problems: readonly string[];
}

/** What a host should be; the order is worked out when it is not known. */
export interface Wanted {
  readonly catalog: Catalog;
  readonly graph?: Graph;
}

/** Reads everything of a catalog again and compares it. */
export async function readAgain({ catalog, graph: known }: Wanted, session: Session): Promise<Remaining> {
  const frame0 = await readFacts(session);
  const ordered = known ? { graph: known, diagnostics: [] } : order(catalog, frame0.facts);
  const messages = (diagnostics: typeof ordered.diagnostics) =>
    diagnostics.filter((one) => one.severity === "error").map((one) => one.message);
  const { graph } = ordered;
  if (!graph) return { differing: [], problems: messages(ordered.diagnostics) };
  const observes = await readObserves(session, catalog.observes);
  const state = await readState(catalog, neededKeys(graph), session, frame0);
  const { plan, diagnostics } = diff(catalog, graph, { ...state, observes }, readContextOf(frame0, catalog));
  // A command that runs always has nothing to converge to, and `?` is no difference yet.
  const steps = (plan?.steps ?? []).filter((step) => step.certain && step.guard?.confirms !== false);
  return {
    differing: steps.map((step) => `${step.resource} (${step.because.map((why) => why.text).join(", ")})`),
    problems: messages(diagnostics),
  };
}
