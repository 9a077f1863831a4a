import type { Change } from "../../compiler/kind/kind.ts";

/** Changes as short text: `version "1" -> "2"`. */
export function showChanges(changes: readonly Change[] | undefined): readonly string[] {
  return (changes ?? []).map(({ property, from, to }) =>
    from === undefined
      ? `${property} ${JSON.stringify(to)}`
      : `${property} ${JSON.stringify(from)} -> ${JSON.stringify(to)}`,
  );
}
