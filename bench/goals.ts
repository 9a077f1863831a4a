/** The cases in which a contestant is timed on a workload. */
export type Case = "first apply" | "nothing to change" | "one file changed";

/** The figures of a contestant on a workload in one case. */
export interface Figure {
  workload: string;
  contestant: string;
  case: Case;
  /** Wall times in milliseconds, in the order of the runs. */
  walls: number[];
  /** Most memory of one process, in bytes. */
  memory: number;
}

/** A promise in numbers, and whether this run kept it. */
export interface Goal {
  what: string;
  goal: string;
  figure: string;
  met: boolean;
}

/** Most that `ssh host true` may be exceeded by when nothing is to change, per workload. */
export const MOST_TIMES_SSH: Readonly<Record<string, number>> = { W100: 1.5, F1000: 3 };

/** Least that Ansible must be outrun by on W100 when nothing is to change. */
export const LEAST_TIMES_ANSIBLE = 30;

/** Most memory of the controller, in bytes. */
export const MOST_MEMORY = 150_000_000;

/** Most milliseconds for `check` of 10,000 lines. */
export const MOST_CHECK = 1000;
