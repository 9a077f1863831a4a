import type { Span } from "../../../grammar/source.ts";
import type { ResourceId } from "../../catalog.ts";
import type { Reference } from "../../kind/value.ts";
import { suggest } from "../../suggest.ts";
import type { AnyResource } from "../state/declared-resource.ts";
import { type Failure, withheld } from "../state/failure.ts";
import { placeOf, throughOf, way } from "./source-places.ts";
import { resourceId } from "../state/resource-id.ts";
import type { Run } from "../state/run.ts";

/** A reference to a resource; whether it exists is asked at once when everything has been declared, else in the end. */
export function refer(run: Run, kind: string, title: string | null, span: Span): Reference | Failure {
  const resource = run.registry.find(kind, title);
  if (!resource || (resource.declarings.length === 0 && run.registry.complete)) {
    if (run.skipped.has(kind, title)) return withheld;
    return reportUnknown(run, resourceId(kind, title), kind, title, span);
  }
  if (resource.declarings.length === 0) resource.referredAt.push({ span, within: run.within });
  return { type: "reference", kind, title };
}

/** Reports each place that refers to something that nothing has declared. */
export function reportPhantoms(run: Run): void {
  for (const resource of run.registry.all()) {
    if (resource.declarings.length > 0) continue;
    const isPrimitive = resource.type === "primitive";
    const kind = isPrimitive ? resource.kind.name : resource.definition.kind;
    const title = isPrimitive ? resource.title : resource.titleText;
    if (run.skipped.has(kind, title)) continue;
    const seen = new Set<string>();
    for (const { span, within } of resource.referredAt) {
      const place = `${span.file.path}:${span.start}`;
      if (seen.has(place)) continue;
      seen.add(place);
      run.inside(within, () => reportUnknown(run, resource.id, kind, title, span));
    }
  }
}

/** Says that nothing of this name exists, and what of the same kind is called nearly so. */
export function reportUnknown(run: Run, id: ResourceId, kind: string, title: string | null, span: Span): Failure {
  const declared = new Map<string, AnyResource>();
  for (const resource of run.registry.all()) {
    if (resource.declarings.length === 0) continue;
    const own = resource.type === "composite";
    const sameKind = (own ? resource.definition.kind : resource.kind.name) === kind;
    const text = own ? resource.titleText : resource.title;
    if (sameKind && text !== null) declared.set(text, resource);
  }
  const near = title === null ? undefined : nearest(title, declared);
  const first = near?.declarings[0];
  return run.report("R201", span, {
    host: run.hostName,
    id,
    suggestion: near?.id,
    declared: first && `${placeOf(first.span)}${way(throughOf(first), "through")}`,
    single: title === null,
    kinds: [...declared.values()].slice(0, 5).map((resource) => resource.id),
  });
}

function nearest(title: string, declared: ReadonlyMap<string, AnyResource>): AnyResource | undefined {
  const suggestion = suggest(title, declared.keys());
  return suggestion === undefined ? undefined : declared.get(suggestion);
}
