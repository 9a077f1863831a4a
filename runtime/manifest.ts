import type { Plan, Step } from "../compiler/plan.ts";
import { count, listOf, oneOf, record, text, yesNo } from "../compiler/plan-file/shape.ts";

/** What must be known of a step to follow it and to report how it went. */
export type ManifestStep = Pick<
  Step,
  "action" | "id" | "kind" | "resource" | "retry" | "sensitive" | "source" | "title" | "transaction"
>;

/** What a run is about, as it stands in the run's directory so that it can be followed without its plan. */
export interface Manifest {
  readonly version: 1;
  readonly steps: readonly ManifestStep[];
  /** How many resources of the plan were as they should be. */
  readonly unchanged: number;
}

const shape = record({
  version: oneOf(1),
  steps: listOf(
    record(
      {
        id: count,
        resource: text,
        kind: text,
        title: text,
        action: oneOf("create", "update", "remove", "run", "start", "stop", "reload", "restart"),
        source: record({ file: text, line: count }),
      },
      { retry: record({ count, everyMilliseconds: count }), sensitive: yesNo, transaction: count },
    ),
  ),
  unchanged: count,
});

/** The manifest of a plan as text. */
export function writeManifest(plan: Plan): string {
  const manifest: Manifest = {
    version: 1,
    steps: plan.steps.map(({ id, resource, kind, title, action, source, retry, sensitive, transaction }) => ({
      id,
      resource,
      kind,
      title,
      action,
      source,
      ...(retry ? { retry } : {}),
      ...(sensitive === undefined ? {} : { sensitive }),
      ...(transaction === undefined ? {} : { transaction }),
    })),
    unchanged: plan.unchanged,
  };
  return `${JSON.stringify(manifest)}\n`;
}

/** Reads a manifest that a host sent; undefined for a text that is not one in every part. */
export function readManifest(json: string): Manifest | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  if (!isManifest(value)) return undefined;
  return new Set(value.steps.map(({ id }) => id)).size === value.steps.length ? value : undefined;
}

function isManifest(value: unknown): value is Manifest {
  return shape(value, "manifest") === undefined;
}
