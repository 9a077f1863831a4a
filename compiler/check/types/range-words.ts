import type { Range } from "../../kind/type.ts";

/** Inclusive limits of a count in words: "1 to 3 items", "at least 1 item". */
export function rangeWords(range: Range, unit: string): string {
  const plural = (count: number): string => `${count} ${unit}${count === 1 ? "" : "s"}`;
  if (range.min !== undefined && range.max !== undefined) {
    return range.min === range.max ? `exactly ${plural(range.min)}` : `${range.min} to ${plural(range.max)}`;
  }
  return range.min === undefined ? `at most ${plural(range.max ?? 0)}` : `at least ${plural(range.min)}`;
}
