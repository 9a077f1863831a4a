import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** How a call of the command line ended. */
export interface Ended {
  readonly status: number | null;
  readonly output: string;
  readonly errors: string;
}

/** A call under way: to be killed, or waited for. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves when the messages so far match; rejects when the call ends before. */
  readonly says: (pattern: RegExp) => Promise<void>;
}

/** Runs `./galley` as a person would: with this home folder, without a terminal. */
export function startGalley(
  words: readonly string[],
  options: { readonly home: string; readonly cwd?: string },
): Running {
  const child = spawn(join(root, "galley"), words, {
    cwd: options.cwd ?? root,
    env: { PATH: process.env["PATH"], HOME: options.home, USER: "root", LC_ALL: "C.UTF-8", COLUMNS: "100" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  let errors = "";
  const waiting: { pattern: RegExp; resolve: () => void; reject: (error: Error) => void }[] = [];
  child.stdout.setEncoding("utf8").on("data", (piece: string) => (output += piece));
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    errors += piece;
    for (const each of waiting) if (each.pattern.test(errors)) each.resolve();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status) => {
      for (const each of waiting)
        each.reject(new Error(`galley ended (${status}) before it said ${each.pattern}:\n${errors}`));
      resolve({ status, output, errors });
    });
  });
  const says = (pattern: RegExp) =>
    new Promise<void>((resolve, reject) => {
      if (pattern.test(errors)) resolve();
      else waiting.push({ pattern, resolve, reject });
    });
  return { child, ended, says };
}

/** Runs `./galley` to its end. */
export function galley(
  words: readonly string[],
  options: { readonly home: string; readonly cwd?: string },
): Promise<Ended> {
  return startGalley(words, options).ended;
}
