import type { Resource } from "../catalog.ts";
import { isRemoval, pathOf } from "../footprint-index.ts";
import { parentOf, resolvePath } from "../graph/paths.ts";

/**
 * The path that a link should lead to, worked out from the folder it is in: by its name, unless another is given. Undefined for
 * everything else.
 */
export function linkTarget(resource: Resource, folder?: string): string | undefined {
  const path = pathOf(resource);
  const { to } = resource.want.properties;
  if (resource.kind.name !== "link" || path === undefined || typeof to !== "string" || isRemoval(resource))
    return undefined;
  return resolvePath(folder ?? parentOf(path), to);
}
