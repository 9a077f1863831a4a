import type { Catalog, Resource, ResourceId } from "./catalog.ts";
import { lowerBound, parentOf, resolvePath } from "./graph/paths.ts";
import type { Facts } from "./kind/facts.ts";
import type { FootprintMode } from "./kind/footprint.ts";
import { realKeys } from "./graph/real-keys.ts";
import { learnedPackage } from "./learned-footprints.ts";
import { unitAt, unitFiles } from "./units.ts";

/**
 * Where a line of a footprint comes from, the surest first: the kind's own word, the compiler's rules about paths and units,
 * the table of learned packages, or no more than a package's name.
 */
export type Grade = "stated" | "rule" | "learned" | "name";

/** One line of the footprint of the resource at a place in the catalog. */
export interface Line {
  readonly at: number;
  /** `may-remove` is what `may-provide` becomes when its resource is taken away. */
  readonly mode: FootprintMode | "may-remove";
  readonly key: string;
  readonly because: string;
  readonly grade: Grade;
  /** A tree whose owner is known to set only some of its paths; those stand in lines of their own. */
  readonly listed?: boolean;
}

/** The footprints of all resources of a catalog, by resource and by key. */
export interface FootprintIndex {
  readonly resources: readonly Resource[];
  readonly positions: ReadonlyMap<ResourceId, number>;
  /** The lines of each resource, at its place. */
  readonly lines: readonly (readonly Line[])[];
  /** Lines with exactly this key that provide, change or remove it, or may. */
  readonly writers: (key: string) => readonly Line[];
  /** Lines with exactly this key that need or read it. */
  readonly users: (key: string) => readonly Line[];
  /** All paths below a folder that have lines with the key `file:`, sorted. */
  readonly pathsBelow: (folder: string) => readonly string[];
  /** All folders below a folder that have lines with the key `tree:`, sorted. */
  readonly treesBelow: (folder: string) => readonly string[];
  /** The resource that is about the thing with this key. */
  readonly owner: (key: string) => Resource | undefined;
  /** Where a managed link points, by its path. */
  readonly links: ReadonlyMap<string, string>;
  /** Packages that should be there, by name. */
  readonly packages: ReadonlyMap<string, number>;
  /** What a package brings is in the table, so what it is not known to bring it does not bring. */
  readonly isLearned: (at: number) => boolean;
}

const none: readonly Line[] = [];

/** The path that a resource is about: its title, when the kind is titled by a path on the target. */
export function pathOf(resource: Resource): string | undefined {
  const { type } = resource.kind.title;
  return type.type === "string" && type.refinement === "path" ? resource.want.title : undefined;
}

/** The key of the thing that a resource itself is about: its path, or its kind and name. */
export function ownKey(resource: Resource): string {
  const path = pathOf(resource);
  return path === undefined ? `${resource.kind.name}:${resource.want.title.replace(/\.service$/, "")}` : `file:${path}`;
}

/** Whether the wanted state is that the thing is not there. */
export function isRemoval(resource: Resource): boolean {
  return resource.want.properties["state"] === "absent";
}

/**
 * Collects the footprints of all resources, with what the compiler itself knows of units, links and packages. Keys name real
 * paths, as far as `real` has them.
 */
export function indexFootprints(
  catalog: Catalog,
  facts: Facts,
  real: ReadonlyMap<ResourceId, string> = new Map(),
): FootprintIndex {
  const { resources } = catalog;
  const realPath = real.size > 0 ? realKeys(pairsOf(resources, real)) : undefined;
  const writers = new Map<string, Line[]>();
  const users = new Map<string, Line[]>();
  const links = new Map<string, string>();
  const packages = new Map<string, number>();
  const learnedPackages = new Set<number>();
  const lines = resources.map((resource, at) => {
    const own: Line[] = [];
    const stated = resource.kind.footprint(resource.want, facts);
    const learned = resource.kind.name === "package" ? learnedPackage(resource.want.title, facts) : undefined;
    if (learned) learnedPackages.add(at);
    for (const { mode, key, because } of stated) {
      const guessed = resource.kind.name === "package" && mode === "may-provide";
      if (guessed && learned) continue;
      own.push({ at, mode, key, because, grade: guessed ? "name" : "stated" });
    }
    if (resource.kind.name === "package") {
      const keys = new Set(own.map((line) => line.key));
      own.push(...packageLines(resource, at, facts).filter((line) => !keys.has(line.key)));
      if (!isRemoval(resource)) packages.set(resource.want.title, at);
    }
    const to = resource.want.properties["to"];
    const path = pathOf(resource);
    if (resource.kind.name === "link" && path !== undefined && typeof to === "string" && !isRemoval(resource)) {
      links.set(path, resolvePath(parentOf(path), to));
    }
    const said = new Set(own.map((line) => `${line.mode} ${line.key}`));
    own.push(...ruleLines(resource, at, links).filter((line) => !said.has(`${line.mode} ${line.key}`)));
    if (realPath) own.splice(0, own.length, ...own.flatMap((line) => realLines(line, realPath)));
    for (const line of own) {
      if (line.mode === "names") continue;
      const byKey = line.mode === "needs" || line.mode === "reads" ? users : writers;
      const known = byKey.get(line.key);
      if (known) known.push(line);
      else byKey.set(line.key, [line]);
    }
    return own;
  });
  const owners = new Map(resources.map((resource) => [ownKey(resource), resource]));
  const keys = new Set([...writers.keys(), ...users.keys()]);
  const paths = sortedAfter(keys, "file:");
  const trees = sortedAfter(keys, "tree:");
  return {
    resources,
    positions: new Map(resources.map((resource, at) => [resource.id, at])),
    lines,
    writers: (key) => writers.get(key) ?? none,
    users: (key) => users.get(key) ?? none,
    owner: (key) => owners.get(key),
    pathsBelow: (folder) => below(paths, folder),
    treesBelow: (folder) => below(trees, folder),
    links,
    packages,
    isLearned: (at) => learnedPackages.has(at),
  };
}

function pairsOf(resources: readonly Resource[], real: ReadonlyMap<ResourceId, string>) {
  return resources.flatMap((resource): readonly (readonly [string, string])[] => {
    const [path, other] = [pathOf(resource), real.get(resource.id)];
    return path === undefined || other === undefined ? [] : [[path, other]];
  });
}

/** A line by the real path of its key; what needs a folder that is reached over a link comes after that link, too. */
function realLines(line: Line, realPath: (path: string, isEntered: boolean) => string): readonly Line[] {
  const [, type, path] = /^(file|tree):(.*)$/s.exec(line.key) ?? [];
  if (type === undefined || path === undefined) return [line];
  const other = realPath(path, line.mode === "needs");
  if (other === path) return [line];
  const real = { ...line, key: `${type}:${other}` };
  return line.mode === "needs" ? [real, { ...line, mode: "reads" }] : [real];
}

function sortedAfter(keys: Iterable<string>, prefix: string): readonly string[] {
  const found: string[] = [];
  for (const key of keys) if (key.startsWith(prefix)) found.push(key.slice(prefix.length));
  return found.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

function below(sorted: readonly string[], folder: string): readonly string[] {
  const prefix = folder === "/" ? "/" : `${folder}/`;
  const found: string[] = [];
  for (let index = lowerBound(sorted, prefix); index < sorted.length; index++) {
    const path = sorted[index] ?? "";
    if (!path.startsWith(prefix)) break;
    if (path !== "/") found.push(path);
  }
  return found;
}

/** What a package brings: from the table, else what packages of its name usually do. */
function packageLines(resource: Resource, at: number, facts: Facts): readonly Line[] {
  const name = resource.want.title;
  const mode = isRemoval(resource) ? "may-remove" : "may-provide";
  const learned = learnedPackage(name, facts);
  const because = "the package brings it";
  if (learned) {
    const line = (key: string, listed = false): Line => ({
      at,
      mode,
      key,
      because,
      grade: "learned",
      ...(listed ? { listed } : {}),
    });
    return [
      ...learned.trees.map((path) => line(`tree:${path}`, true)),
      ...learned.brings.map((path) => line(path.endsWith("/") ? `tree:${path.slice(0, -1)}` : `file:${path}`)),
      ...learned.users.map((user) => line(`user:${user}`)),
      ...learned.groups.map((group) => line(`group:${group}`)),
      ...learned.services.map((service) => line(`service:${service}`)),
      ...learned.programs.map((program) => line(`program:${program}`)),
    ];
  }
  const stem = name.replace(/-(?:server|daemon|common)$/, "");
  return [...new Set([name, stem])].flatMap((called) =>
    [
      ...["/etc", "/usr/lib", "/usr/share", "/var/cache", "/var/lib", "/var/log"].map((top) => `tree:${top}/${called}`),
      ...["user", "group", "service", "program"].map((type) => `${type}:${called}`),
    ].map((key): Line => ({ at, mode, key, because: "the package has its name", grade: "name" })),
  );
}

const unitFolders = ["/etc/systemd/system", "/lib/systemd/system", "/usr/lib/systemd/system"];

/** What follows from the form of a resource whatever its kind says: units and their files, links and targets. */
function ruleLines(resource: Resource, at: number, links: ReadonlyMap<string, string>): readonly Line[] {
  const lines: Line[] = [];
  const add = (mode: Line["mode"], key: string, because: string) =>
    lines.push({ at, mode, key, because, grade: "rule" });
  const path = pathOf(resource);
  const unit = path === undefined ? undefined : unitAt(path);
  if (unit !== undefined)
    add(isRemoval(resource) ? "may-remove" : "may-provide", `service:${unit}`, "it is its unit file");
  if (resource.kind.name === "service") {
    for (const file of unitFiles(resource.want.title)) {
      for (const folder of unitFolders) {
        add("reads", `file:${folder}/${file}`, "it is its unit file");
        add("reads", `tree:${folder}/${file}.d`, "it is part of its unit");
      }
    }
  }
  const target = path === undefined ? undefined : links.get(path);
  if (resource.kind.name === "link" && target !== undefined) add("reads", `file:${target}`, "the link points to it");
  return lines;
}
