import type { Resource } from "../catalog.ts";
import { type FootprintIndex, type Line, ownKey, pathOf } from "../footprint-index.ts";
import { unitPlaceOf } from "../units.ts";
import { ancestorsOf, parentOf } from "./paths.ts";

/**
 * How sure an inferred order is: `needed`, what comes after cannot do without what comes before; `touched`, both have to do
 * with the same thing; `may`, a package is known to bring it; `name`, no more than a name in a path or a command says so.
 */
export type Strength = "name" | "may" | "touched" | "needed";

/** An order between two resources (by place in the catalog) that follows from their footprints. */
export interface Inferred {
  readonly from: number;
  readonly to: number;
  readonly strength: Strength;
  /** The key both have to do with. */
  readonly key: string;
  readonly because: string;
  /** The event that `to` takes when `from` changes; from `watch` and from unit files only. */
  readonly event?: string;
  /** The property that led to it, when it is known. */
  readonly property?: string;
}

/** Strengths from the strongest. */
export const strengths: readonly Strength[] = ["needed", "touched", "may", "name"];

/** All orders that follow from footprints, but for those of `watch`; each pair may have several, none is of a resource with itself. */
export function inferOrder(index: FootprintIndex): readonly Inferred[] {
  const search: Search = { index, above: surroundings(index), found: [] };
  for (const lines of index.lines) {
    for (const line of lines) inferFor(line, search);
  }
  for (const [at, resource] of index.resources.entries()) {
    const path = pathOf(resource);
    if (path?.startsWith("/etc/")) namedPackages(at, path, search);
  }
  return search.found;
}

/** What the search for orders goes by and what it has found. */
interface Search {
  readonly index: FootprintIndex;
  readonly above: (folder: string) => Surroundings;
  readonly found: Inferred[];
}

function inferFor(line: Line, search: Search): void {
  const { index, found } = search;
  const { mode, key } = line;
  if (mode === "may-provide") return;
  if (mode === "names") return namedByCommand(line, search);
  if (mode === "may-remove") return usersBeforeRemoval(line, search);
  if (mode === "removes") usersBeforeRemoval(line, search);
  const isUser = mode === "needs" || mode === "reads";
  for (const other of index.writers(key)) {
    if (other.at === line.at) continue;
    if (other.mode === "may-provide") found.push(after(other, line, mayStrength(other)));
    else if (isUser && other.mode === "provides")
      found.push(after(other, line, mode === "needs" ? "needed" : "touched"));
    else if (isUser && other.mode === "changes") found.push(after(other, line, "touched"));
    else if (mode === "provides" && other.mode === "provides") ownerAfterHelper(line, other, search);
  }
  // The line of the path itself says all that the need of its folder would say once more.
  if (key.startsWith("file:") && !isOwnFolder(line, index)) placeOf(line, key.slice("file:".length), search);
  else if (key.startsWith("tree:")) treeOf(line, key.slice("tree:".length), search);
}

/**
 * A command comes after what it names, where nothing else asks for another order. A file without content of its own is left
 * out: the command may be what writes it.
 */
function namedByCommand(line: Line, { index, above, found }: Search): void {
  const read: Inferred[] = [];
  inferFor({ ...line, mode: "reads" }, { index, above, found: read });
  for (const order of read) {
    const first = index.resources[order.from];
    const isItself = first !== undefined && ownKey(first) === line.key;
    if (isItself && first.kind.name === "file" && !hasContent(first)) continue;
    found.push({ ...order, strength: "name" });
  }
}

function hasContent({ want }: Resource): boolean {
  return want.properties["content"] !== undefined || want.properties["source"] !== undefined;
}

/** Whether the line is about the folder of the resource's own path. */
function isOwnFolder({ at, key }: Line, { resources }: FootprintIndex): boolean {
  const resource = resources[at];
  const path = resource && pathOf(resource);
  return (
    path !== undefined &&
    key.length === path.lastIndexOf("/") + "file:".length &&
    path.startsWith(key.slice("file:".length))
  );
}

function after(first: Line, then: Line, strength: Strength, because?: string): Inferred {
  const reason = because ?? (first.mode === "may-provide" ? `${then.because}, and ${first.because}` : then.because);
  return { from: first.at, to: then.at, strength, key: then.key, because: reason };
}

function mayStrength(line: Line): Strength {
  return line.grade === "name" ? "name" : "may";
}

/** A login brings its home, the resource that is about the folder itself then sets it right. */
function ownerAfterHelper(line: Line, other: Line, { index, found }: Search): void {
  const resource = index.resources[line.at];
  const helper = index.resources[other.at];
  if (!line.key.startsWith("file:")) return;
  if (resource && ownKey(resource) === line.key && helper?.kind.name === "user") {
    found.push(after(other, line, "touched", "its home comes with the login"));
  }
}

/** What is managed around a folder. */
interface Surroundings {
  /** Who brings or writes the folder with all in it, or a folder above it with all in it. */
  readonly trees: readonly { readonly folder: string; readonly line: Line }[];
  /** The nearest managed place: the folder itself, or one above it. */
  readonly nearest: readonly { readonly folder: string; readonly line: Line }[];
  /** Managed links on the way up to there. */
  readonly links: readonly string[];
}

/** Looks folders up once each. */
function surroundings(index: FootprintIndex): (folder: string) => Surroundings {
  const known = new Map<string, Surroundings>();
  const nothing: Surroundings = { trees: [], nearest: [], links: [] };
  const above = (folder: string): Surroundings => {
    if (folder === "/") return nothing;
    const before = known.get(folder);
    if (before) return before;
    const further = above(parentOf(folder));
    const own = treesAt(index, folder).map((line) => ({ folder, line }));
    const nearest = index
      .writers(`file:${folder}`)
      .filter((line) => line.mode === "provides")
      .map((line) => ({ folder, line }));
    const made: Surroundings = {
      trees: own.length > 0 ? [...own, ...further.trees] : further.trees,
      nearest: nearest.length > 0 ? nearest : further.nearest,
      links: [...(index.links.has(folder) ? [folder] : []), ...(nearest.length > 0 ? [] : further.links)],
    };
    known.set(folder, made);
    return made;
  };
  return above;
}

function treesAt(index: FootprintIndex, folder: string): readonly Line[] {
  return index
    .writers(`tree:${folder}`)
    .filter(({ mode }) => mode === "may-provide" || mode === "provides" || mode === "changes");
}

/** A path comes after the nearest managed folder or link above it and after what may bring the place it is in. */
function placeOf(line: Line, path: string, { index, above, found }: Search): void {
  const around = above(parentOf(path));
  for (const other of treesAt(index, path)) comesAfterTree(line, other, path, found);
  for (const { folder, line: other } of around.trees) comesAfterTree(line, other, folder, found);
  const isUser = line.mode === "needs" || line.mode === "reads";
  if (isUser && index.writers(line.key).some((other) => other.at !== line.at && other.mode === "provides")) return;
  for (const { folder, line: other } of around.nearest) {
    if (other.at === line.at) continue;
    const because = index.links.has(folder) ? `it is behind the link ${folder}` : `it is in ${folder}`;
    found.push(after(other, line, "touched", because));
  }
  for (const folder of around.links) {
    const target = index.links.get(folder);
    if (target !== undefined) behindLink(line, target + path.slice(folder.length), index, found, 0);
  }
}

function comesAfterTree(line: Line, other: Line, folder: string, found: Inferred[]): void {
  if (other.at === line.at) return;
  const because = line.key === `tree:${folder}` ? line.because : `it is in ${folder}`;
  if (other.mode === "may-provide")
    found.push(after(other, line, mayStrength(other), `${because}, and ${other.because}`));
  else found.push(after(other, line, "touched", because));
}

/** A path behind a managed link comes after what is managed where it really lies. */
function behindLink(line: Line, path: string, index: FootprintIndex, found: Inferred[], depth: number): void {
  for (const place of [path, ...ancestorsOf(path)]) {
    const providers = index
      .writers(`file:${place}`)
      .filter((other) => other.mode === "provides" && other.at !== line.at);
    for (const other of providers) found.push(after(other, line, "touched", `it is really in ${place}`));
    for (const other of index.writers(`tree:${place}`)) {
      if (other.mode === "provides" && other.at !== line.at) {
        found.push(after(other, line, "touched", `it is really in ${place}`));
      }
    }
    const link = index.links.get(place);
    if (link !== undefined && depth < 8) behindLink(line, link + path.slice(place.length), index, found, depth + 1);
    if (providers.length > 0) return;
  }
}

/** Who has to do with a whole folder comes after everything in it. */
function treeOf(line: Line, folder: string, search: Search): void {
  const { index, found } = search;
  placeOf(line, folder, search);
  if (line.mode !== "reads" && line.mode !== "needs") return;
  const inside = (other: Line, path: string) => {
    if (other.at === line.at) return;
    const because = path === folder ? line.because : `${line.because} (${path})`;
    if (other.mode === "provides" || other.mode === "changes") found.push(after(other, line, "touched", because));
    if (other.mode === "may-provide") found.push(after(other, line, mayStrength(other)));
  };
  for (const path of [folder, ...index.pathsBelow(folder)]) {
    for (const other of index.writers(`file:${path}`)) inside(other, path);
  }
  for (const path of index.treesBelow(folder)) for (const other of index.writers(`tree:${path}`)) inside(other, path);
}

/** What is taken away comes after all that has to do with it has been taken away, stopped or changed. */
function usersBeforeRemoval(line: Line, { index, found }: Search): void {
  const strength: Strength = line.mode === "removes" ? "touched" : mayStrength(line);
  const name = index.resources[line.at]?.id ?? line.key;
  // Another package that brings the same keeps it in use.
  if (line.mode === "may-remove" && index.writers(line.key).some((other) => other.mode === "may-provide")) return;
  // A unit that should run does so by what is left of it; one that should not is stopped first.
  const remover = index.resources[line.at];
  const isOfUnit = remover !== undefined && unitPlaceOf(pathOf(remover) ?? "") !== undefined;
  const first = (other: Line) => {
    if (other.at === line.at || other.mode === "may-provide" || other.mode === "may-remove") return;
    if (other.mode === "removes" && !goesFirst(other, line, index)) return;
    if (isOfUnit && runsOn(index.resources[other.at])) return;
    found.push({
      from: other.at,
      to: line.at,
      strength,
      key: line.key,
      because: `${name} is taken away after what uses it`,
    });
  };
  const firstOf = (key: string) => {
    index.writers(key).forEach(first);
    index.users(key).forEach(first);
  };
  firstOf(line.key);
  const path = /^(?:file|tree):(.*)$/s.exec(line.key)?.[1];
  if (path === undefined) return;
  if (line.key.startsWith("tree:")) firstOf(`file:${path}`);
  for (const inner of index.pathsBelow(path)) firstOf(`file:${inner}`);
  for (const inner of index.treesBelow(path)) firstOf(`tree:${inner}`);
}

/** Whether a resource is a service that should run. */
function runsOn(resource: Resource | undefined): boolean {
  return resource?.kind.name === "service" && resource.want.properties["state"] !== "stopped";
}

/** Of two removals the inner path goes first, and a login before its group. */
function goesFirst(other: Line, line: Line, index: FootprintIndex): boolean {
  if (other.key !== line.key) return true;
  return index.resources[other.at]?.kind.name === "user" && index.resources[line.at]?.kind.name === "group";
}

/** A file under /etc comes after the package whose name is a part of its path. */
function namedPackages(at: number, path: string, { index, found }: Search): void {
  const parts = path.split("/").slice(2);
  const last = parts.at(-1) ?? "";
  for (const part of new Set([...parts, last.replace(/(.)\..*$/, "$1")])) {
    const owner = index.packages.get(part);
    if (owner === undefined || owner === at) continue;
    const because = `its path names the package ${part}`;
    found.push({ from: owner, to: at, strength: "name", key: `file:${path}`, because });
  }
}
