import type { Catalog, Resource, ResourceId } from "./catalog.ts";
import { pathOf } from "./footprint-index.ts";
import { ancestorsOf, parentOf, resolvePath } from "./graph/paths.ts";
import type { State } from "./state.ts";

/** The real path of each resource that is about a path; none at all when every path is its own real one. */
export function realPathsOf(catalog: Catalog, state: State): ReadonlyMap<ResourceId, string> {
  const links = new Map(catalog.resources.flatMap(linkOf));
  const found = new Map<ResourceId, string>();
  let differs = false;
  for (const resource of catalog.resources) {
    const path = pathOf(resource);
    if (path === undefined || path === "/") continue;
    const onHost = realFolder(parentOf(path), state);
    const folder = realFolder(throughLinks(onHost, links), state);
    const real = `${folder === "/" ? "" : folder}${path.slice(path.lastIndexOf("/"))}`;
    found.set(resource.id, real);
    differs ||= real !== path;
  }
  return differs ? found : new Map();
}

/** Where a path really is on the host as it was read; what stands at the path itself is not followed. */
export function realPathOnHost(path: string, state: State): string {
  if (path === "/") return path;
  const folder = realFolder(parentOf(path), state);
  return `${folder === "/" ? "" : folder}${path.slice(path.lastIndexOf("/"))}`;
}

function realFolder(folder: string, state: State): string {
  return state.realFolders?.get(folder) ?? folder;
}

/** A folder with the links followed that the recipe itself makes; those that lead in a circle are left. */
function throughLinks(folder: string, links: ReadonlyMap<string, string>): string {
  let at = folder;
  for (let turn = 0; turn < 40; turn++) {
    const link = [at, ...ancestorsOf(at)].find((one) => links.has(one));
    if (link === undefined) return at;
    const target = links.get(link) ?? link;
    at = `${target === "/" ? "" : target}${at.slice(link.length)}` || "/";
  }
  return folder;
}

function linkOf(resource: Resource): readonly (readonly [string, string])[] {
  const path = pathOf(resource);
  const { to, state } = resource.want.properties;
  if (resource.kind.name !== "link" || path === undefined || typeof to !== "string" || state === "absent") return [];
  return [[path, resolvePath(parentOf(path), to)]];
}
