import type { Footprint } from "../../compiler/kind/footprint.ts";
import type { Change, Have, Property, ReadContext, Want } from "../../compiler/kind/kind.ts";
import { typed } from "../../compiler/kind/properties.ts";
import type { Type } from "../../compiler/kind/type.ts";
import type { Value } from "../../compiler/kind/value.ts";
import { modeOf } from "../values.ts";

/** An account by name or by number; a colon would end it in the account files. */
const account: Type = { type: "optional", of: { type: "string", pattern: "[^-:/\\s][^:/\\n]*" } };

/** The property `owner`, root unless stated. */
export const owner: Property = typed(account, {
  doc: "The user it belongs to, by name, or by number in quotes. `none` leaves owner and group as they are.",
  default: "root",
});

/** The property `group`. */
export const group: Property = typed(account, {
  doc: "The group it belongs to, by name, or by number in quotes. Unless stated it is the owner's primary group; for an owner given by number the group is left as it is.",
});

/**
 * The group that is wanted: a name or number, `null` when it is not managed, `undefined` when it is the owner's primary
 * group and the owner is not yet known to the host.
 */
export function wantedGroup(want: Want, context: ReadContext): string | null | undefined {
  const { owner: user, group: stated } = want.properties;
  if (typeof stated === "string") return stated;
  if (typeof user !== "string" || isNumber(user)) return null;
  return context.primaryGroup(user) ?? (user === "root" ? "root" : undefined);
}

/** Owner, group and mode that differ from what is wanted; all that are managed when nothing is there yet. */
export function ownershipChanges(want: Want, have: Have, context: ReadContext): readonly Change[] {
  const changes: Change[] = [];
  const { owner: user, mode } = want.properties;
  const wanted = wantedGroup(want, context);
  if (typeof user === "string" && !isAccount(user, have["owner"], have["uid"], context.userId)) {
    changes.push(change("owner", have["owner"], user));
  }
  if (typeof wanted === "string" && !isAccount(wanted, have["group"], have["gid"], context.groupId)) {
    changes.push(change("group", have["group"], wanted));
  }
  const bits = modeOf(mode);
  if (bits && modeOf(have["mode"])?.bits !== bits.bits) changes.push(change("mode", have["mode"], bits));
  return changes;
}

/** The three arguments OWNER GROUP MODE of the verbs: empty leaves it alone, the group `:` is the owner's primary one. */
export function ownershipArguments(want: Want, context: ReadContext): readonly [string, string, string] {
  const { owner: user, mode } = want.properties;
  return [
    typeof user === "string" ? user : "",
    wantedGroup(want, context) ?? unmanagedOrPrimary(want, context),
    modeOf(mode)?.bits.toString(8) ?? "",
  ];
}

/** Who must be there before a path can belong to them. */
export function ownershipFootprint(want: Want): readonly Footprint[] {
  const { owner: user, group: stated } = want.properties;
  const needed: Footprint[] = [];
  if (typeof user === "string" && user !== "root" && !isNumber(user)) {
    needed.push({ mode: "needs", key: `user:${user}`, because: "it is its owner" });
  }
  if (typeof stated === "string" && stated !== "root" && !isNumber(stated)) {
    needed.push({ mode: "needs", key: `group:${stated}`, because: "it is its group" });
  }
  return needed;
}

function unmanagedOrPrimary(want: Want, context: ReadContext): string {
  return wantedGroup(want, context) === undefined ? ":" : "";
}

function change(property: string, from: Value | undefined, to: Value): Change {
  return from === undefined ? { property, to } : { property, from, to };
}

/** Names are compared by number where the host knows it: `stat` prints only the first name of a number that has several. */
function isAccount(
  wanted: string,
  name: Value | undefined,
  id: Value | undefined,
  numberOf: ((name: string) => number | undefined) | undefined,
): boolean {
  if (isNumber(wanted)) return Number(wanted) === id;
  return wanted === name || (id !== undefined && numberOf?.(wanted) === id);
}

function isNumber(text: string): boolean {
  return /^[0-9]+$/.test(text);
}
