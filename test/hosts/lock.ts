import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { identify, isRunning, type ProcessIdentity } from "./process-identity.ts";

/** Runs `work` while no other process holds the same lock file; a lock whose owner has ended is taken over. */
export async function withLock<T>(path: string, work: () => Promise<T>): Promise<T> {
  const mine = identify(process.pid);
  if (!mine) throw new Error("this process is not in /proc");
  const claim = `${path}.${mine.pid}`;
  writeFileSync(claim, JSON.stringify(mine));
  try {
    while (!tryLink(claim, path)) {
      const owner = readOwner(path);
      if (owner && !isRunning(owner)) rmSync(path, { force: true });
      else await sleep(100);
    }
  } finally {
    rmSync(claim, { force: true });
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

function tryLink(claim: string, path: string): boolean {
  try {
    linkSync(claim, path);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

function readOwner(path: string): ProcessIdentity | undefined {
  try {
    const owner: ProcessIdentity = JSON.parse(readFileSync(path, "utf8"));
    return owner;
  } catch {
    return undefined;
  }
}
