/** Folders that systemd reads units of the machine from, without their last part. */
const folders = /^\/(?:etc|run|usr\/lib|usr\/local\/lib|lib)\/systemd\/system(?:\.attached|\.control)?\/(.+)$/s;

/** Endings of units other than services; their names are written out in full. */
const otherUnit = /\.(?:automount|device|mount|path|scope|slice|socket|swap|target|timer)$/;

/** A place in systemd's folders: the name of a unit file, or that of the folder `NAME.d` of a drop-in, with its slash. */
export type UnitPlace = string;

/** What a path is to systemd: a unit file, or a drop-in of one; undefined for all other paths, also for links in `.wants` folders. */
export function unitPlaceOf(path: string): UnitPlace | undefined {
  const [name = "", part, ...deeper] = folders.exec(path)?.[1]?.split("/") ?? [];
  if (deeper.length > 0) return undefined;
  if (part === undefined) return isUnitName(name) ? name : undefined;
  return name.endsWith(".d") && part.endsWith(".conf") ? `${name}/` : undefined;
}

function isUnitName(name: string): boolean {
  return name.endsWith(".service") || otherUnit.test(name);
}

/** Whether systemd must read its files again after a change at this path: what it holds there is a unit, or a part or link of one. */
export function isManagerPath(path: string): boolean {
  return folders.test(path) && !path.endsWith("/");
}

/** The unit that a path is the file of, as resources name it: a service without its ending, anything else in full. */
export function unitAt(path: string): string | undefined {
  const place = unitPlaceOf(path);
  return place === undefined || place.endsWith("/") ? undefined : place.replace(/\.service$/, "");
}

/** The full name of the unit that a title means. */
export function fullUnitName(title: string): string {
  return isUnitName(title) ? title : `${title}.service`;
}

/** The names of the files a unit can have: its own, and for an instance that of its template. */
export function unitFiles(title: string): readonly string[] {
  const full = fullUnitName(title);
  return full.includes("@") ? [full, full.replace(/@.*(?=\.)/, "@")] : [full];
}

/**
 * All places that systemd makes a unit from, with the reason of each: its files, their drop-ins, the drop-ins of all units
 * whose name begins alike (`foo-.service.d` for `foo-bar.service`), and those of all units of its type (`service.d`).
 */
export function placesOfUnit(title: string): ReadonlyMap<UnitPlace, string> {
  const places = new Map<UnitPlace, string>();
  const full = fullUnitName(title);
  const ending = full.slice(full.lastIndexOf(".") + 1);
  const stem = full.slice(0, -ending.length - 1).replace(/@.*$/s, "");
  for (const file of unitFiles(title)) {
    places.set(file, "it is its unit file");
    places.set(`${file}.d/`, "it is part of its unit");
  }
  for (let dash = stem.indexOf("-"); dash !== -1; dash = stem.indexOf("-", dash + 1)) {
    if (dash < stem.length - 1) places.set(`${stem.slice(0, dash + 1)}.${ending}.d/`, "it is part of its unit");
  }
  places.set(`${ending}.d/`, `it is part of every ${ending} unit`);
  return places;
}
