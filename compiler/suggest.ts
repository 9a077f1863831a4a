export { suggest } from "../grammar/suggest.ts";

/** Names as a person lists them: `a, b, c`, at most `limit` of them and then `…`. */
export function listed(names: Iterable<string>, limit = 12): string {
  const all = [...names];
  return all.length > limit ? `${all.slice(0, limit).join(", ")} …` : all.join(", ");
}

/** A cycle of names as it is read, `a > b > a`; of a long one only its beginning. */
export function cycleOf(names: readonly string[]): string {
  const shown = names.length > 8 ? [...names.slice(0, 7), "…"] : names;
  return [...shown, ...names.slice(0, 1)].join(" > ");
}

/** "did you mean `x`?" for a suggestion, nothing without one. */
export function didYouMean(suggestion: string | undefined): string | undefined {
  return suggestion === undefined ? undefined : `did you mean \`${suggestion}\`?`;
}
