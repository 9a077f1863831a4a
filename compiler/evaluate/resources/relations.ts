import type { Expression, Relation } from "../../../grammar/ast.ts";
import { textOf } from "../../../grammar/source.ts";
import type { Edge, ResourceId } from "../../catalog.ts";
import type { LifeCycleEvent } from "../../life-cycle.ts";
import { eventOfGroup } from "./life-cycle-order.ts";
import type { Reference, Value } from "../../kind/value.ts";
import type { Composite, Declaring, Primitive } from "../state/declared-resource.ts";
import { failed } from "../state/failure.ts";
import { evaluateEvent } from "../expressions/evaluate-member.ts";
import { resourceId } from "../state/resource-id.ts";
import type { Run } from "../state/run.ts";
import { describe, isTagged } from "../values/values.ts";

/** The resources directly inside each resource of the person's own. */
export type Members = ReadonlyMap<Composite, readonly Primitive[]>;

/** Groups resources by what directly contains them. */
export function membersOf(primitives: readonly Primitive[]): Members {
  const members = new Map<Composite, Primitive[]>();
  for (const primitive of primitives) {
    for (const container of new Set(primitive.declarings.map((declaring) => declaring.container))) {
      const known = members.get(container);
      if (known) known.push(primitive);
      else members.set(container, [primitive]);
    }
  }
  return members;
}

/** The edges that the clauses `require`, `before` and `notify` of one declaration state. */
export function relationEdges(run: Run, id: ResourceId, declaring: Declaring, members: Members): readonly Edge[] {
  const { given, event } = declaring;
  const edges: Edge[] = [];
  for (const entry of given.entries) {
    if (entry.type !== "require" && entry.type !== "before" && entry.type !== "notify") continue;
    for (const target of entry.targets) {
      const { result } = run.settle(() =>
        entry.type === "notify" ? evaluateEvent(run, target, given.scope) : run.evaluate(target, given.scope),
      );
      if (failed(result)) {
        run.observes.miss(result);
        continue;
      }
      const reference = referenceIn(run, entry, target, result);
      if (reference) edges.push(...edgesTo(run, { id, event }, entry, target, reference, members));
    }
  }
  return edges;
}

function referenceIn(run: Run, { type }: Relation, target: Expression, value: Value): Reference | undefined {
  const reference = value !== null && isTagged(value) && value.type === "reference" ? value : undefined;
  const isEvent = reference?.event !== undefined;
  if (reference && isEvent === (type === "notify")) return reference;
  const hint = type === "notify" ? eventHint(run, reference) : isEvent ? "an event is told with `notify`" : undefined;
  run.report("R111", target.span, { clause: type, has: describe(value), hint });
  return undefined;
}

function eventHint(run: Run, reference: Reference | undefined): string | undefined {
  if (!reference) return undefined;
  const { kind } = reference;
  const events = run.registry.kinds.get(kind)?.events ?? [];
  return events.length === 0
    ? `\`${kind}\` has no events`
    : `${kind} takes: ${events.map((event) => `.${event}`).join(", ")}`;
}

function edgesTo(
  run: Run,
  { id, event: ownEvent }: { readonly id: ResourceId; readonly event: LifeCycleEvent },
  { type }: Relation,
  { span }: Expression,
  reference: Reference,
  members: Members,
): readonly Edge[] {
  const group = run.prepared.definitions.get(reference.kind)?.outer;
  // Of a stack or a layer, what belongs to the same event.
  const target = group ? eventOfGroup(reference.kind, ownEvent) : resourceId(reference.kind, reference.title);
  const because = `you wrote \`${type}\``;
  if (type === "require") return [{ from: target, to: id, reason: "require", because, span }];
  if (type === "before") return [{ from: id, to: target, reason: "before", because, span }];
  const { event } = reference;
  const resource = run.registry.find(reference.kind, reference.title);
  if (event === undefined || !resource) return [];
  if (resource.type === "primitive") return [{ from: id, to: target, reason: "notify", event, because, span }];
  const inside = members.get(resource) ?? [];
  const takers = inside.filter(({ kind }) => kind.events.includes(event));
  if (takers.length === 0 && !run.skipped.mayTake(event))
    run.report("E203", span, { id: target, event, members: inside.length });
  return takers.map((taker): Edge => ({
    from: id,
    to: taker.id,
    reason: "notify",
    event,
    because: `you wrote \`notify ${textOf(span)}\``,
    span,
  }));
}
