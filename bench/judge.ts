import {
  LEAST_TIMES_ANSIBLE,
  MOST_CHECK,
  MOST_MEMORY,
  MOST_TIMES_SSH,
  type Case,
  type Figure,
  type Goal,
} from "./goals.ts";
import { median } from "./measure.ts";

/** Who is who among the figures. */
export interface Names {
  galley: string;
  ansible: string;
  yardstick: string;
}

/** Holds the figures against the goals; a goal whose figures were not asked for is left out. */
export function judge(figures: readonly Figure[], check: number | undefined, names: Names): Goal[] {
  const wall = (workload: string, contestant: string, name: Case): number | undefined => {
    const walls = figures.find(
      (one) => one.workload === workload && one.contestant === contestant && one.case === name,
    )?.walls;
    return walls && median(walls);
  };
  const goals: Goal[] = [];
  for (const [workload, most] of Object.entries(MOST_TIMES_SSH)) {
    const [ours, yardstick] = [names.galley, names.yardstick].map((who) => wall(workload, who, "nothing to change"));
    if (ours === undefined || yardstick === undefined) continue;
    goals.push({
      what: `${workload}, nothing to change, against ${names.yardstick}`,
      goal: `at most ${most} ×`,
      figure: `${(ours / yardstick).toFixed(2)} ×`,
      met: ours <= most * yardstick,
    });
  }
  const [ours, theirs] = [names.galley, names.ansible].map((who) => wall("W100", who, "nothing to change"));
  if (ours !== undefined && theirs !== undefined) {
    goals.push({
      what: `W100, nothing to change, against ${names.ansible}`,
      goal: `at least ${LEAST_TIMES_ANSIBLE} × faster`,
      figure: `${(theirs / ours).toFixed(1)} ×`,
      met: theirs >= LEAST_TIMES_ANSIBLE * ours,
    });
  }
  const memory = figures.filter(({ contestant }) => contestant === names.galley).map((figure) => figure.memory);
  if (memory.length > 0) {
    const most = Math.max(...memory);
    goals.push({
      what: "peak memory of the controller",
      goal: `at most ${MOST_MEMORY / 1e6} MB`,
      figure: `${Math.round(most / 1e6)} MB`,
      met: most <= MOST_MEMORY,
    });
  }
  if (check !== undefined) {
    goals.push({
      what: "check of 10,000 lines",
      goal: `at most ${MOST_CHECK / 1000} s`,
      figure: `${(check / 1000).toFixed(2)} s`,
      met: check <= MOST_CHECK,
    });
  }
  return goals;
}
