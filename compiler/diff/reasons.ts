import { isRemoval } from "../footprint-index.ts";
import type { Resource, ResourceId } from "../catalog.ts";
import type { Change, Guard, Have } from "../kind/kind.ts";
import type { Because } from "../plan.ts";
import { showValue } from "../show-value.ts";

/** Why a difference makes a step: what is not as it is wanted. */
export function reasonsOfChanges(
  resource: Resource,
  have: Have | undefined,
  changes: readonly Change[],
): readonly Because[] {
  if (changes.length === 0) return [];
  if (isRemoval(resource)) return [{ text: "it is there" }];
  if (have?.state === "absent") return [{ text: "it is not there" }];
  return changes.map(({ property, from, because }) => {
    if (because !== undefined) return { text: because };
    if (property === "state" && from !== undefined) return { text: `it is ${stateWord(showValue(from))}` };
    return { text: `${property} differs` };
  });
}

/** What stands at the path instead: `other:directory` is a directory. */
function stateWord(state: string): string {
  const other = /^other:(.*)$/.exec(state);
  return other ? `a ${other[1]}` : state;
}

/** Why a guard lets its step run. */
export function reasonOfGuard(resource: Resource, guard: Guard): Because {
  const value = resource.want.properties[guard.property];
  switch (guard.property) {
    case "always":
      return { text: typeof value === "string" ? `it runs always: ${value}` : "it runs always" };
    case "creates":
      return { text: typeof value === "string" ? `${value} is not there` : "what it creates is not there" };
    case "only_if":
      return { text: "`only_if` holds" };
    case "unless":
      return { text: "`unless` does not hold" };
    case "watch":
      return { text: "a watched file has changed since it last ran" };
    default:
      return { text: `\`${guard.property}\` asks for it` };
  }
}

/** An earlier step may change what this one finds. */
export function mayChange(by: ResourceId): Because {
  return { text: `${by} may change it`, resource: by };
}

/** An earlier step may bring the thing itself. */
export function mayBringIt(by: ResourceId): Because {
  return { text: `${by} may bring it`, resource: by };
}
