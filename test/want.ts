import type { Change, Kind, ReadContext, Want } from "../compiler/kind/kind.ts";
import type { Value } from "../compiler/kind/value.ts";
import { debian12 } from "../stdlib/facts/debian-12.ts";

/** What kinds read with, for a Debian 12. */
export const debianContext: ReadContext = { facts: debian12, primaryGroup: () => undefined };

/** A resource as its declaration and the kind's defaults make it. */
export function wantOf(kind: Kind, title: string, given: Readonly<Record<string, Value>> = {}): Want {
  const defaults = Object.entries(kind.properties).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  return { title, properties: { ...Object.fromEntries(defaults), ...given }, stated: new Set(Object.keys(given)) };
}

/** Changes as short text: `version "1" -> "2"`. */
export function showChanges(changes: readonly Change[] | undefined): readonly string[] {
  return (changes ?? []).map(({ property, from, to }) =>
    from === undefined
      ? `${property} ${JSON.stringify(to)}`
      : `${property} ${JSON.stringify(from)} -> ${JSON.stringify(to)}`,
  );
}
