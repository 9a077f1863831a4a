import type { Footprint } from "../../compiler/kind/footprint.ts";
import type { Action, Change, Have, Want } from "../../compiler/kind/kind.ts";
import type { Value } from "../../compiler/kind/value.ts";
import { modeOf } from "../values.ts";
import type { PathRecord } from "./path-records.ts";

/** The folder that holds a path; `/` is its own. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** A thing needs the folder it is in; the root is always there. */
export function parentFootprint(path: string): readonly Footprint[] {
  const parent = parentOf(path);
  return parent === "/" ? [] : [{ mode: "needs", key: `file:${parent}`, because: "it is inside it" }];
}

/** Whether the declaration says that nothing should be there. */
export function isAbsent(want: Want): boolean {
  return want.properties["state"] === "absent";
}

/** The state of a path where something else stands than the kind makes: `other:directory`. */
export function otherState(record: PathRecord): Have {
  return { state: `other:${record.type}` };
}

/** The change of state itself, when there is one. */
export function stateChanges(want: Want, have: Have): readonly Change[] {
  const wanted = isAbsent(want) ? "absent" : "present";
  return have.state === wanted ? [] : [{ property: "state", from: have.state, to: wanted }];
}

/** Whether something else stands at the path than the kind makes: then nothing of it is compared. */
export function isOther(have: Have): boolean {
  return have.state.startsWith("other:");
}

/** Why what stands at the path stays as it is; of the given types a kind takes the place. */
export function refusal(have: Have, replaced: readonly string[] = []): string | undefined {
  const type = isOther(have) ? have.state.slice("other:".length) : undefined;
  if (type === undefined || replaced.includes(type)) return undefined;
  return `${names.get(type) ?? `a ${type}`} stands there`;
}

const names = new Map([
  ["file", "a regular file"],
  ["link", "a symbolic link"],
  ["unknown", "something else"],
]);

/** What a step on a path does, in the words of a plan. */
export function pathAction(want: Want, have: Have): Action {
  if (isAbsent(want)) return "remove";
  return have.state === "absent" ? "create" : "update";
}

/** Mode and numeric owner and group, the part of a fingerprint that all paths have. */
export function ownershipFingerprint(have: Have): string {
  return `${modeOf(have["mode"])?.bits.toString(8) ?? "-"} ${word(have["uid"])} ${word(have["gid"])}`;
}

/** A value of the state as one word of a fingerprint; "-" when it was not read. */
export function word(value: Value | undefined): string {
  return typeof value === "number" || typeof value === "string" ? String(value) : "-";
}

/** Owner, group and mode as a kind's properties have them; the numbers stand beside, for accounts given by number. */
export function ownershipState(record: PathRecord): Readonly<Record<string, Value>> {
  return {
    owner: record.user || String(record.uid),
    group: record.group || String(record.gid),
    mode: { type: "mode", bits: record.mode },
    uid: record.uid,
    gid: record.gid,
  };
}
