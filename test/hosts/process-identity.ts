import { readFileSync } from "node:fs";

/** A process told apart from a later one with the same number. */
export interface ProcessIdentity {
  pid: number;
  /** Clock ticks between boot and the start of the process. */
  start: string;
}

/** The identity of a running process, or undefined when it has ended (a zombie has). */
export function identify(pid: number): ProcessIdentity | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  // The second field is the program's name in parentheses and may hold spaces and parentheses itself.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const start = fields[19];
  if (start === undefined || fields[0] === "Z" || fields[0] === "X") return undefined;
  return { pid, start };
}

/** Whether this very process still runs. */
export function isRunning(process: ProcessIdentity): boolean {
  return identify(process.pid)?.start === process.start;
}
