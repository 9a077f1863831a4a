import type { Catalog } from "./catalog.ts";
import type { Kind } from "./kind/kind.ts";
import type { Plan } from "./plan.ts";
import type { Rollout } from "./rollout.ts";
import { fromCatalogForm, toCatalogForm } from "./plan-file/catalog-form.ts";
import { toRollout } from "./plan-file/rollout-shape.ts";
import { toPlan } from "./plan-file/plan-shape.ts";
import { digest as digestShape, mapOf, type Misfit, text as textShape } from "./plan-file/shape.ts";

/** SHA-256 in lower-case hexadecimal. */
export type Sha256 = (bytes: Uint8Array) => string;

/** One host's plan, with what the host should be once the plan is applied. */
export interface SavedPlan {
  readonly plan: Plan;
  readonly catalog: Catalog;
}

/** What a saved plan holds: a plan for each host and the bytes that their calls send, by digest. */
export interface SavedPlans {
  readonly plans: readonly SavedPlan[];
  readonly blobs: ReadonlyMap<string, Uint8Array>;
  /** In what order the hosts are worked off; all at once when it is missing. */
  readonly rollout?: Rollout;
}

/** The version of the file's format that is written; other versions are refused. */
const version = 4;

const begin = '{"digest":"';
const digestLength = 64;

/**
 * The text of a plan file: one JSON document, the same for the same plans, whose first field is a digest over all that
 * follows it.
 */
export function writePlan(
  saved: readonly SavedPlan[],
  blobs: ReadonlyMap<string, Uint8Array>,
  sha256: Sha256,
  rollout?: Rollout,
): string {
  const plans = saved.map(({ plan }) => plan);
  const catalogs = saved.map(({ catalog }) => toCatalogForm(catalog));
  const used = [...new Set(plans.flatMap((plan) => plan.blobs))].toSorted();
  const bytes = used.map((name) => {
    const found = blobs.get(name);
    if (!found) throw new Error(`the plan uses the blob ${name}, which was not given`);
    return [name, toBase64(found)] as const;
  });
  const order = rollout ? `"rollout":${canonical(rollout)},` : "";
  const body = `"format":"galley-plan","version":${version},"plans":${canonical(plans)},"catalogs":${canonical(catalogs)},${order}"blobs":${canonical(Object.fromEntries(bytes))}}\n`;
  return `${begin}${sha256(new TextEncoder().encode(body))}",${body}`;
}

/** Reads a plan file back, for the kinds that this Galley knows; the problem is one sentence without its full stop. */
export function readPlan(
  text: string,
  sha256: Sha256,
  kinds: ReadonlyMap<string, Kind>,
): SavedPlans | { readonly problem: string } {
  const digest = text.slice(begin.length, begin.length + digestLength);
  const body = text.slice(begin.length + digestLength + 2);
  if (!text.startsWith(begin) || text.slice(begin.length + digestLength, begin.length + digestLength + 2) !== '",') {
    return { problem: "this is not a plan that galley has saved" };
  }
  if (sha256(new TextEncoder().encode(body)) !== digest) {
    return { problem: "the plan has been changed since it was saved: its digest does not match its content" };
  }
  const document = parse(`{${body}`);
  if (!document || document["format"] !== "galley-plan") return { problem: "this is not a plan that galley has saved" };
  if (document["version"] !== version) {
    return {
      problem: `the plan has format ${String(document["version"])}, this galley reads format ${version}: make a new plan`,
    };
  }
  const plans = readPlans(document["plans"]);
  if ("problem" in plans) return plans;
  const blobs = readBlobs(document["blobs"], sha256);
  if ("problem" in blobs) return blobs;
  const missing = plans.plans.flatMap((plan) => plan.blobs).find((name) => !blobs.blobs.has(name));
  if (missing !== undefined) return { problem: `the plan sends the bytes of ${missing}, which are not in it` };
  const catalogs = document["catalogs"];
  if (!Array.isArray(catalogs) || catalogs.length !== plans.plans.length) {
    return damaged({ path: "catalogs", wanted: "a list with one for each plan" });
  }
  const saved: SavedPlan[] = [];
  for (const [at, plan] of plans.plans.entries()) {
    const read = fromCatalogForm(catalogs[at], `catalogs[${at}]`, kinds, blobs.blobs);
    if ("misfit" in read) return damaged(read.misfit);
    saved.push({ plan, catalog: read.catalog });
  }
  const { rollout } = document;
  if (rollout === undefined) return { plans: saved, ...blobs };
  const read = toRollout(
    rollout,
    plans.plans.map(({ host }) => host),
  );
  return "misfit" in read ? damaged(read.misfit) : { plans: saved, ...blobs, ...read };
}

function damaged({ path, wanted }: NonNullable<Misfit>): { readonly problem: string } {
  return { problem: `the plan is damaged: ${path} should be ${wanted}` };
}

function readPlans(value: unknown): { readonly plans: readonly Plan[] } | { readonly problem: string } {
  if (!Array.isArray(value)) return damaged({ path: "plans", wanted: "a list" });
  const plans: Plan[] = [];
  for (const [at, one] of value.entries()) {
    const read = toPlan(one, `plans[${at}]`);
    if ("misfit" in read) return damaged(read.misfit);
    plans.push(read.plan);
  }
  return { plans };
}

function readBlobs(value: unknown, sha256: Sha256): Pick<SavedPlans, "blobs"> | { readonly problem: string } {
  const misfit = mapOf(textShape)(value, "blobs");
  if (misfit || typeof value !== "object" || value === null)
    return damaged({ path: "blobs", wanted: "texts by digest" });
  const blobs = new Map<string, Uint8Array>();
  for (const [name, encoded] of Object.entries(value)) {
    const bytes = typeof encoded === "string" ? fromBase64(encoded) : undefined;
    if (digestShape(name, "") || !bytes || sha256(bytes) !== name) {
      return { problem: `the plan is damaged: the bytes of ${name} are not those it names` };
    }
    blobs.set(name, bytes);
  }
  return { blobs };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

/** JSON with the fields of every object in the order of their names. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8190) {
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + 8190)));
  }
  return text;
}

function fromBase64(text: string): Uint8Array | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}
