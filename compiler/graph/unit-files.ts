import type { ResourceId } from "../catalog.ts";
import { type FootprintIndex, isRemoval, pathOf } from "../footprint-index.ts";
import { placesOfUnit, type UnitPlace, unitPlaceOf } from "../units.ts";
import type { Inferred } from "./inferred.ts";

/**
 * What units are made from comes before them and, when it changes, sends them their strongest event: a process goes on as its
 * old unit says until it is started again.
 */
export function inferUnitFiles(
  index: FootprintIndex,
  names: ReadonlyMap<ResourceId, readonly string[]>,
): readonly Inferred[] {
  const parts = partsOfUnits(index);
  if (parts.size === 0) return [];
  return index.resources.flatMap(({ id, kind, want }, to) => {
    const event = kind.events.at(-1);
    if (kind.name !== "service" || event === undefined) return [];
    // A unit that should not run is stopped while it still has its file.
    const isStoppedFirst = ({ at }: Part, place: UnitPlace): boolean => {
      const part = index.resources[at];
      return want.properties["state"] === "stopped" && !place.endsWith("/") && part !== undefined && isRemoval(part);
    };
    const places = new Map([want.title, ...(names.get(id) ?? [])].flatMap((name) => [...placesOfUnit(name)]));
    return [...places].flatMap(([place, because]) =>
      (parts.get(place) ?? [])
        .filter((part) => !isStoppedFirst(part, place))
        .map(({ at, path }): Inferred => ({
          from: at,
          to,
          strength: "touched",
          key: `file:${path}`,
          because,
          event,
        })),
    );
  });
}

interface Part {
  /** Place of the resource in the catalog. */
  readonly at: number;
  readonly path: string;
}

/** The resources that are unit files or drop-ins, or what a managed link in their place points to, by that place. */
function partsOfUnits(index: FootprintIndex): ReadonlyMap<UnitPlace, readonly Part[]> {
  const parts = new Map<UnitPlace, Part[]>();
  const add = (place: UnitPlace, part: Part) => parts.set(place, [...(parts.get(place) ?? []), part]);
  for (const [at, resource] of index.resources.entries()) {
    const path = pathOf(resource);
    const place = path === undefined || resource.kind.name === "directory" ? undefined : unitPlaceOf(path);
    if (path === undefined || place === undefined) continue;
    add(place, { at, path });
    const target = index.links.get(path);
    const owner = target === undefined ? undefined : index.owner(`file:${target}`);
    const ownerAt = owner && index.positions.get(owner.id);
    if (target !== undefined && ownerAt !== undefined && unitPlaceOf(target) !== place) {
      add(place, { at: ownerAt, path: target });
    }
  }
  return parts;
}
