import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { ResourceId } from "../catalog.ts";
import { isRemoval } from "../footprint-index.ts";
import type { Graph } from "../graph.ts";
import { ancestorsOf, parentOf } from "../graph/paths.ts";
import { declaredAt } from "../graph/places.ts";
import { planDiagnostic } from "../messages/plan.ts";
import type { State } from "../state.ts";
import type { Draft } from "./draft.ts";
import { isThere } from "./needs.ts";
import { linkTarget } from "./link-target.ts";

/** Kinds that make nothing but what their title says. All others may make anything: packages, commands, services, users. */
const plain: ReadonlySet<string> = new Set(["directory", "file", "group", "link"]);

/** Folders in which things come and go while the system runs. */
const volatile = /^\/(?:dev|proc|run|sys)(?:\/|$)/;

/**
 * Warnings about links that will lead nowhere: what they point to is not on the host, and nothing in the plan makes it. Said only
 * where no step may make it unseen.
 */
export function danglingLinks(
  drafts: ReadonlyMap<ResourceId, Draft>,
  graph: Graph,
  state: State,
  host: string,
): readonly Diagnostic[] {
  const all = [...drafts.values()];
  if (all.some(({ resource }) => !plain.has(resource.kind.name))) return [];
  const movedLinks = new Set(
    all.flatMap(({ resource }) => (resource.kind.name === "link" ? [resource.want.title] : [])),
  );
  return all.flatMap(({ resource, changes }) => {
    const target = linkTarget(resource);
    if (target === undefined || !changes.some(({ property }) => property === "state" || property === "to")) return [];
    // Where the recipe says that the target must be there, its absence is an error already.
    if (resource.want.properties["dangling"] === false) return [];
    const { title } = resource.want;
    const folder = state.realFolders?.get(parentOf(title)) ?? parentOf(title);
    // Behind a link `..` leads elsewhere than the name says.
    if (linkTarget(resource, folder) !== target) return [];
    if (volatile.test(target) || ancestorsOf(target).some((one) => movedLinks.has(one))) return [];
    const key = `file:${target}`;
    const owner = graph.footprints.owner(key);
    const isGone = owner && isRemoval(owner);
    if ((owner && !isGone) || (!isGone && isThere(key, { graph, state }) !== false)) return [];
    return [
      planDiagnostic("P332", resource.origins.get("to") ?? declaredAt(resource), {
        resource: resource.id,
        host,
        target,
      }),
    ];
  });
}
