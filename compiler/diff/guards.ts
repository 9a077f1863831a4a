import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Resource, ResourceId } from "../catalog.ts";
import { declaredAt, ledTo } from "../graph/places.ts";
import type { Guard } from "../kind/kind.ts";
import { planDiagnostic } from "../messages/plan.ts";
import type { Because } from "../plan.ts";
import type { GuardReading } from "../state.ts";
import type { Upstream } from "./draft.ts";
import { mayBringIt, mayChange, reasonOfGuard } from "./reasons.ts";

/** What a guard says of its step. */
export type GuardVerdict =
  | { readonly verdict: "run"; readonly certain: boolean; readonly because: readonly Because[] }
  | { readonly verdict: "rest" }
  | { readonly verdict: "error"; readonly diagnostic: Diagnostic };

/** What surrounds a guard: where it runs, what comes before it, and what of it may be moved by that. */
export interface GuardContext {
  readonly host: string;
  readonly upstream: Upstream;
  /** A step before it that writes what the guard looks at; undefined when what it looks at is not known or not touched. */
  readonly mover: ResourceId | undefined;
  /** Steps before it that certainly change what its `watch` names. */
  readonly watched: readonly ResourceId[];
  /** A package that comes later, for the hint. */
  readonly later: ResourceId | undefined;
}

/** Judges how a guard ended today in the light of what comes before its step. */
export function judgeGuard(
  resource: Resource,
  guard: Guard,
  reading: GuardReading | undefined,
  context: GuardContext,
): GuardVerdict {
  if (guard.property === "always") return { verdict: "run", certain: true, because: [reasonOfGuard(resource, guard)] };
  const moved = guard.property === "creates" ? context.mover : (context.mover ?? context.upstream.step);
  const { status, output } = reading ?? { status: -1, output: "" };
  const span = resource.origins.get(guard.property) ?? declaredAt(resource);
  const data = { resource: resource.id, property: guard.property, host: context.host };
  if (guard.property === "watch" && (status === 0 || status === 1) && context.watched.length > 0) {
    const because = context.watched.map((id): Because => ({ text: `${id} changes`, resource: id }));
    return { verdict: "run", certain: true, because };
  }
  switch (status) {
    case 0: {
      const because = reasonOfGuard(resource, guard);
      if (moved === undefined) return { verdict: "run", certain: true, because: [because] };
      return { verdict: "run", certain: false, because: [because, mayChange(moved)] };
    }
    case 1:
      return moved === undefined
        ? { verdict: "rest" }
        : { verdict: "run", certain: false, because: [mayChange(moved)] };
    case 127: {
      const bringer = context.upstream.pendingPackage ?? context.upstream.step;
      if (bringer !== undefined) return { verdict: "run", certain: false, because: [mayBringProgram(bringer)] };
      return {
        verdict: "error",
        diagnostic: planDiagnostic("P323", span, { ...data, later: context.later }, ledTo(resource)),
      };
    }
    default:
      if (moved !== undefined) return { verdict: "run", certain: false, because: [mayChange(moved)] };
      return {
        verdict: "error",
        diagnostic: reading
          ? planDiagnostic(
              "P322",
              span,
              {
                ...data,
                status,
                output: resource.want.properties["sensitive"] === true ? "" : lastLine(output),
              },
              ledTo(resource),
            )
          : planDiagnostic(
              "P320",
              span,
              {
                resource: resource.id,
                host: context.host,
                problem: "its guard was not read",
              },
              ledTo(resource),
            ),
      };
  }
}

function mayBringProgram(by: ResourceId): Because {
  return { ...mayBringIt(by), text: `${by} may bring the program of its guard` };
}

/** The last line that says something, at most 200 characters of it. */
export function lastLine(output: string): string {
  const lines = output.split("\n").map((line) => line.trim());
  return (lines.findLast((line) => line !== "") ?? "").slice(0, 200);
}
