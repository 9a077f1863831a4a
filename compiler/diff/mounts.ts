import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Resource, ResourceId } from "../catalog.ts";
import { isRemoval, pathOf } from "../footprint-index.ts";
import { ancestorsOf } from "../graph/paths.ts";
import { declaredAt } from "../graph/places.ts";
import type { Change } from "../kind/kind.ts";
import { planDiagnostic } from "../messages/plan.ts";
import { realPathOnHost } from "../real-paths.ts";
import type { Draft } from "./draft.ts";
import type { StepContext } from "./work.ts";

/** Properties whose change puts something else in the place of a path, or takes it away. Owner and mode change in place. */
const replacing: ReadonlySet<string> = new Set(["content", "source", "state", "to"]);

/** Kinds that may mount and unmount: commands, and services, as systemd has units for mounts. */
const mounting: ReadonlySet<string> = new Set(["execute", "service"]);

/**
 * Why what is mounted on the host keeps a step on a path from succeeding. Only said when it is certain: not behind a step that
 * may mount, nor where the way to the path changes before.
 */
export function mountProblem(
  resource: Resource,
  changes: readonly Change[],
  { catalog, drafts, mountOf, state }: StepContext,
): Diagnostic | undefined {
  const path = pathOf(resource);
  if (path === undefined || path === "/" || changes.length === 0) return undefined;
  const real = realPathOnHost(path, state);
  const mount = mountOf(real);
  const isPoint = mount?.point === real && changes.some(replaces);
  // What the automounter will mount there is not known yet.
  const isReadOnly = mount?.readOnly === true && mount.type !== "autofs";
  if (!mount || !(isPoint || isReadOnly) || mayMove(path, drafts)) return undefined;
  const data = { resource: resource.id, host: catalog.host, path: real };
  return isPoint
    ? planDiagnostic("P330", declaredAt(resource), { ...data, does: isRemoval(resource) ? "removed" : "replaced" })
    : planDiagnostic("P331", declaredAt(resource), { ...data, mount: mount.point, type: mount.type });
}

function replaces({ property }: Change): boolean {
  return replacing.has(property);
}

/** Whether a step before may mount or unmount something, or make the path lead elsewhere. */
function mayMove(path: string, drafts: ReadonlyMap<ResourceId, Draft>): boolean {
  const ancestors = new Set(ancestorsOf(path));
  return [...drafts.values()].some(
    ({ resource, changes }) =>
      mounting.has(resource.kind.name) || (ancestors.has(resource.want.title) && changes.some(replaces)),
  );
}
