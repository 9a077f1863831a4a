import type { Figure, Goal } from "./goals.ts";
import { median } from "./measure.ts";

/** The figures as a table a person reads: medians, their spread, and how many yardsticks each is long. */
export function figureTable(figures: readonly Figure[], yardstick: string): string {
  const rows = figures.map((figure) => {
    const middle = median(figure.walls);
    const measure = figures.find((one) => one.workload === figure.workload && one.contestant === yardstick);
    return [
      figure.workload,
      figure.case,
      figure.contestant,
      seconds(middle),
      `${seconds(Math.min(...figure.walls))} – ${seconds(Math.max(...figure.walls))}`,
      String(figure.walls.length),
      measure ? (middle / median(measure.walls)).toFixed(2) : "",
      `${Math.round(figure.memory / 1e6)} MB`,
    ];
  });
  const head = ["workload", "case", "contestant", "median", "least – most", "runs", `× ${yardstick}`, "memory"];
  return layOut([head, ...rows], [0, 1, 2]);
}

/** The goals beside what was reached. */
export function goalTable(goals: readonly Goal[]): string {
  const rows = goals.map(({ what, goal, figure, met }) => [what, goal, figure, met ? "met" : "MISSED"]);
  return layOut([["goal", "wanted", "reached", ""], ...rows], [0, 1, 3]);
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(milliseconds < 10_000 ? 3 : 1)} s`;
}

function layOut(rows: readonly (readonly string[])[], left: readonly number[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        left.includes(column) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join("  ")
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join("");
}
