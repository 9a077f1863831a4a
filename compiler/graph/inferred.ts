import { type FootprintIndex, isRemoval, type Line, pathOf } from "../footprint-index.ts";
import { ancestorsOf } from "./paths.ts";

/**
 * How sure an inferred order is: `needed`, what comes after cannot do without what comes before; `touched`, both have to do
 * with the same thing; `may`, a package is known to bring it; `name`, no more than a name says so.
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
  /** The event that `to` takes when `from` changes; from `watch` only. */
  readonly event?: string;
  /** The property that led to it, when it is known. */
  readonly property?: string;
}

/** Strengths from the strongest. */
export const strengths: readonly Strength[] = ["needed", "touched", "may", "name"];

/** All orders that follow from footprints, but for those of `watch`; each pair may have several, none is of a resource with itself. */
export function inferOrder(index: FootprintIndex): readonly Inferred[] {
  const found: Inferred[] = [];
  for (const lines of index.lines) {
    for (const line of lines) inferFor(line, index, found);
  }
  for (const [at, resource] of index.resources.entries()) {
    const path = pathOf(resource);
    if (path?.startsWith("/etc/")) namedPackages(at, path, index, found);
  }
  return found;
}

function inferFor(line: Line, index: FootprintIndex, found: Inferred[]): void {
  switch (line.mode) {
    case "may-provide":
      return;
    case "removes":
    case "may-remove":
      return usersBeforeRemoval(line, index, found);
    default:
  }
  const writers = line.mode === "needs" || line.mode === "reads";
  for (const other of index.writers(line.key)) {
    if (other.at === line.at) continue;
    if (other.mode === "may-provide") found.push(after(other, line, mayStrength(other)));
    else if (writers && other.mode === "provides")
      found.push(after(other, line, line.mode === "needs" ? "needed" : "touched"));
    else if (writers && other.mode === "changes") found.push(after(other, line, "touched"));
    else if (line.mode === "provides" && other.mode === "provides") ownerAfterHelper(line, other, index, found);
  }
  if (line.key.startsWith("file:")) placeOf(line, line.key.slice("file:".length), index, found);
  else if (line.key.startsWith("tree:")) treeOf(line, line.key.slice("tree:".length), index, found);
}

function after(first: Line, then: Line, strength: Strength): Inferred {
  const because = first.mode === "may-provide" ? `${then.because}, and ${first.because}` : then.because;
  return { from: first.at, to: then.at, strength, key: then.key, because };
}

function mayStrength(line: Line): Strength {
  return line.grade === "name" ? "name" : "may";
}

/** A login brings its home, the resource that is about the folder itself then sets it right. */
function ownerAfterHelper(line: Line, other: Line, index: FootprintIndex, found: Inferred[]): void {
  if (ownsKey(line, index) && !ownsKey(other, index) && index.resources[other.at]?.kind.name === "user") {
    found.push({ ...after(other, line, "touched"), because: "its home comes with the login" });
  }
}

/** Whether the line is about the resource's own path. */
function ownsKey(line: Line, index: FootprintIndex): boolean {
  const resource = index.resources[line.at];
  const path = resource && pathOf(resource);
  return path !== undefined && line.key === `file:${path}`;
}

/** A path comes after the nearest managed folder or link above it and after what may bring the place it lies in. */
function placeOf(line: Line, path: string, index: FootprintIndex, found: Inferred[]): void {
  let nearest = index.writers(line.key).some((other) => other.at !== line.at && other.mode === "provides");
  if (line.mode === "provides" || line.mode === "changes") nearest = false;
  for (const [distance, folder] of [path, ...ancestorsOf(path)].entries()) {
    for (const other of index.writers(`tree:${folder}`)) {
      if (other.at === line.at) continue;
      if (other.mode === "may-provide") {
        const because = line.key === `tree:${folder}` ? line.because : `it lies in ${folder}`;
        found.push({ ...after(other, line, mayStrength(other)), because: `${because}, and ${other.because}` });
      } else if (other.mode === "provides" || other.mode === "changes") {
        found.push({ ...after(other, line, "touched"), because: `it lies in ${folder}` });
      }
    }
    if (distance === 0 || nearest) continue;
    const link = index.links.get(folder);
    for (const other of index.writers(`file:${folder}`)) {
      if (other.mode !== "provides" || other.at === line.at) continue;
      nearest = true;
      const because = link === undefined ? `it lies in ${folder}` : `it lies behind the link ${folder}`;
      found.push({ ...after(other, line, "touched"), because });
    }
    if (link !== undefined) behindLink(line, link + path.slice(folder.length), index, found, 0);
  }
}

/** A path behind a managed link comes after what is managed where it really lies. */
function behindLink(line: Line, path: string, index: FootprintIndex, found: Inferred[], depth: number): void {
  for (const place of [path, ...ancestorsOf(path)]) {
    const providers = index
      .writers(`file:${place}`)
      .filter((other) => other.mode === "provides" && other.at !== line.at);
    for (const other of providers)
      found.push({ ...after(other, line, "touched"), because: `it really lies in ${place}` });
    for (const other of index.writers(`tree:${place}`)) {
      if (other.mode === "provides" && other.at !== line.at) {
        found.push({ ...after(other, line, "touched"), because: `it really lies in ${place}` });
      }
    }
    const link = index.links.get(place);
    if (link !== undefined && depth < 8) behindLink(line, link + path.slice(place.length), index, found, depth + 1);
    if (providers.length > 0) return;
  }
}

/** Who has to do with a whole folder comes after everything in it. */
function treeOf(line: Line, folder: string, index: FootprintIndex, found: Inferred[]): void {
  placeOf(line, folder, index, found);
  if (line.mode !== "reads" && line.mode !== "needs") return;
  const inside = (other: Line, path: string) => {
    if (other.at === line.at) return;
    const because = path === folder ? line.because : `${line.because} (${path})`;
    if (other.mode === "provides" || other.mode === "changes")
      found.push({ ...after(other, line, "touched"), because });
    if (other.mode === "may-provide") found.push(after(other, line, mayStrength(other)));
  };
  for (const path of [folder, ...index.pathsBelow(folder)]) {
    for (const other of index.writers(`file:${path}`)) inside(other, path);
  }
  for (const path of index.treesBelow(folder)) for (const other of index.writers(`tree:${path}`)) inside(other, path);
}

/** What is taken away comes after all that has to do with it has been taken away, stopped or changed. */
function usersBeforeRemoval(line: Line, index: FootprintIndex, found: Inferred[]): void {
  const strength: Strength = line.mode === "removes" ? "touched" : mayStrength(line);
  const name = index.resources[line.at]?.id ?? line.key;
  const first = (other: Line) => {
    if (other.at === line.at || other.mode === "may-provide" || other.mode === "may-remove") return;
    if (other.mode === "removes" && !goesFirst(other, line, index)) return;
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

/** Of two removals the inner path goes first, and a login before its group. */
function goesFirst(other: Line, line: Line, index: FootprintIndex): boolean {
  if (other.key !== line.key) return true;
  return index.resources[other.at]?.kind.name === "user" && index.resources[line.at]?.kind.name === "group";
}

/** A file under /etc comes after the package whose name is a part of its path. */
function namedPackages(at: number, path: string, index: FootprintIndex, found: Inferred[]): void {
  const resource = index.resources[at];
  if (!resource || isRemoval(resource)) return;
  const parts = path.split("/").slice(2);
  const last = parts.at(-1) ?? "";
  for (const part of new Set([...parts, last.replace(/(.)\..*$/, "$1")])) {
    const owner = index.packages.get(part);
    if (owner === undefined || owner === at) continue;
    const because = `its path names the package ${part}`;
    found.push({ from: owner, to: at, strength: "name", key: `file:${path}`, because });
  }
}
