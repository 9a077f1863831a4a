import { isRemoval } from "../footprint-index.ts";
import type { Resource } from "../catalog.ts";
import type { Action, Change, Have, Property, ReadContext } from "../kind/kind.ts";
import type { Value } from "../kind/value.ts";

/** Whether two values are the same: blobs by digest, records by their entries in any order. */
export function sameValue(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((value: Value, at) => sameValue(value, b[at] ?? null));
  }
  if (a instanceof Map || b instanceof Map) {
    if (!(a instanceof Map) || !(b instanceof Map) || a.size !== b.size) return false;
    return [...a].every(([key, value]) => b.has(key) && sameValue(value, b.get(key) ?? null));
  }
  if (!("type" in a) || !("type" in b)) return false;
  switch (a.type) {
    case "mode":
      return b.type === "mode" && a.bits === b.bits;
    case "duration":
      return b.type === "duration" && a.milliseconds === b.milliseconds;
    case "size":
      return b.type === "size" && a.bytes === b.bytes;
    case "blob":
      return b.type === "blob" && a.digest === b.digest;
    case "command":
      return b.type === "command" && a.script === b.script && sameValue(a.arguments, b.arguments);
    case "reference":
      return b.type === "reference" && a.kind === b.kind && a.title === b.title && a.event === b.event;
    default:
      return b.type === "candidate";
  }
}

/** The properties of a resource that are not as they are wanted. */
export function differenceOf(resource: Resource, have: Have, context: ReadContext): readonly Change[] {
  const { kind, want } = resource;
  if (kind.difference) return kind.difference(want, have, context);
  const wanted = want.properties["state"] ?? "present";
  if (wanted === "absent") {
    return have.state === "absent" ? [] : [{ property: "state", from: have.state, to: wanted }];
  }
  const managed = Object.entries(want.properties).filter(
    ([name, value]) => value !== null && kind.properties[name]?.role !== "control",
  );
  if (have.state === "absent") {
    const changes = managed.filter(([name]) => name !== "state").map(([property, to]) => ({ property, to }));
    return changes.length > 0 ? changes : [{ property: "state", from: "absent", to: wanted }];
  }
  return managed.flatMap(([property, to]) => {
    const from = have[property];
    return from === undefined || same(kind.properties[property], from, to) ? [] : [{ property, from, to }];
  });
}

function same(property: Property | undefined, a: Value, b: Value): boolean {
  const isSet =
    property?.type.type === "set" || (property?.type.type === "optional" && property.type.of.type === "set");
  if (!isSet || !Array.isArray(a) || !Array.isArray(b)) return sameValue(a, b);
  const rest: Value[] = [...b];
  return (
    a.length === b.length &&
    a.every((value: Value) => {
      const at = rest.findIndex((other) => sameValue(value, other));
      if (at !== -1) rest.splice(at, 1);
      return at !== -1;
    })
  );
}

/** What a step for these changes does. */
export function actionOf(resource: Resource, have: Have | undefined, changes: readonly Change[]): Action {
  const { kind, want } = resource;
  if (have === undefined) return "run";
  if (kind.action) return kind.action(want, have, changes);
  if (isRemoval(resource)) return "remove";
  return have.state === "absent" ? "create" : "update";
}
