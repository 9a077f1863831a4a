import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { readPlan, type SavedPlans, writePlan } from "../compiler/plan-file.ts";
import { kinds } from "../stdlib/index.ts";
import { UsageProblem } from "./command.ts";
import type { PlannedSite } from "./plan-site.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** The text of a plan file for all hosts that were planned. */
export function savedPlan(site: PlannedSite): string {
  const saved = site.hosts.flatMap((host) =>
    host.status === "read" ? [{ plan: host.plan, catalog: host.work.catalog }] : [],
  );
  const blobs = new Map([...site.blobs].map(([digest, blob]) => [digest, blob.bytes]));
  // The order of hosts that no recipe declares needs no words.
  return writePlan(saved, blobs, sha256, site.rollout.layers.length > 0 ? site.rollout : undefined);
}

/** Reads PATH as a plan file; undefined when it is a folder or a recipe. Throws `UsageProblem` for a file that is damaged. */
export function readSavedPlan(path: string | undefined, workingDirectory: string): SavedPlans | undefined {
  if (path === undefined || path.endsWith(".recipe")) return undefined;
  const file = resolve(workingDirectory, path);
  if (!statSync(file, { throwIfNoEntry: false })?.isFile()) return undefined;
  const read = readPlan(readFileSync(file, "utf8"), sha256, new Map(kinds.map((kind) => [kind.name, kind])));
  if ("problem" in read) throw new UsageProblem(`${path}: ${read.problem}; nothing was applied`);
  return read;
}
