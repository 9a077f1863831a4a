import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { command } from "../test/hosts/command.ts";
import type { Invocation } from "./contestant.ts";

/** What one run of a command has cost. */
export interface Sample {
  /** Wall time in milliseconds. */
  wall: number;
  /** Most memory that one of its processes had, in bytes. */
  memory: number;
}

/** Runs a command to its end under GNU time; throws with its output when it fails. */
export async function measure({ argv, env, cwd, fine }: Invocation): Promise<Sample> {
  const folder = mkdtempSync(join(tmpdir(), "galley-bench-"));
  try {
    const file = join(folder, "memory");
    const began = performance.now();
    const result = await command(["/usr/bin/time", "-f", "%M", "-o", file, ...argv], {
      ...(env && { env }),
      ...(cwd !== undefined && { cwd }),
    });
    const wall = performance.now() - began;
    if (result.code === null || !fine.includes(result.code)) {
      throw new Error(`${argv.join(" ")}: exit ${result.code ?? result.signal}\n${result.stdout}${result.stderr}`);
    }
    const kilobytes = Number(readFileSync(file, "utf8").trim().split("\n").at(-1));
    return { wall, memory: kilobytes * 1024 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The middle of a list of numbers. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const [low = Number.NaN, high = low] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2;
}
