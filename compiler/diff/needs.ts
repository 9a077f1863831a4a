import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Catalog, Resource, ResourceId } from "../catalog.ts";
import { pathOf } from "../footprint-index.ts";
import type { Graph, Need } from "../graph.ts";
import { ancestorsOf, parentOf } from "../graph/paths.ts";
import { declaredAt, ledTo } from "../graph/places.ts";
import { planDiagnostic, type MissingNeed } from "../messages/plan.ts";
import type { State } from "../state.ts";
import { linkTarget } from "./link-target.ts";
import type { Cells } from "./cells.ts";

/** Folders that every system has; whether they are there is not asked. */
const always = new Set(["/", "/etc", "/home", "/opt", "/root", "/run", "/srv", "/tmp", "/usr", "/usr/local", "/var"]);

/** Folders below which packages put their files. */
const ofPackages = /^\/(?:boot|etc|lib|opt|run|usr|var)(?:\/|$)/;

/** What a resource's needs are judged by. */
export interface NeedContext {
  readonly catalog: Catalog;
  readonly graph: Graph;
  readonly state: State;
  readonly cells: Cells;
  /** Keys that an error has been given for: what is missing for several is said once. */
  readonly told: Set<string>;
  /** A step that comes before and may bring things that are not listed: a pending package, a command. */
  readonly mayBring: (resource: Resource, need: Need, isSystemPath: boolean) => boolean;
  /** A resource that may bring the thing but comes later in the order. */
  readonly later: (resource: Resource, need: Need, isSystemPath: boolean) => ResourceId | undefined;
}

/** Errors for what a resource cannot do without and will not find when its turn comes. */
export function missingNeeds(resource: Resource, context: NeedContext): readonly Diagnostic[] {
  return (context.graph.needs.get(resource.id) ?? []).flatMap((need) => {
    const cell = context.cells.get(need.key);
    if (cell ? cell.prediction !== "absent" : isThere(need.key, context) !== false) return [];
    const system = !need.key.startsWith("file:") || ofPackages.test(need.key.slice("file:".length));
    if (!cell && context.mayBring(resource, need, system)) return [];
    if (context.told.has(need.key)) return [];
    context.told.add(need.key);
    const later = context.later(resource, need, system);
    return [missingDiagnostic(resource, need, later, context)];
  });
}

/** Whether a thing is on the host now; undefined when that was not read. */
export function isThere(key: string, { graph, state }: Pick<NeedContext, "graph" | "state">): boolean | undefined {
  const colon = key.indexOf(":");
  const [type, name] = [key.slice(0, colon), key.slice(colon + 1)];
  if (type === "file" && always.has(name)) return true;
  const told = state.keys.get(key);
  if (told !== undefined) return told;
  const owner = graph.footprints.owner(key);
  const reading = owner && state.resources.get(owner.id);
  if (reading && "have" in reading) return reading.have.state !== "absent";
  if (type === "user" && state.primaryGroups.size > 0) return state.primaryGroups.has(name);
  return undefined;
}

/** The error about a missing thing, with the line that would bring it. */
function missingDiagnostic(
  resource: Resource,
  { key, because }: Need,
  later: ResourceId | undefined,
  context: NeedContext,
): Diagnostic {
  const colon = key.indexOf(":");
  const [type, name] = [key.slice(0, colon), key.slice(colon + 1)];
  const span = declaredAt(resource);
  const led = ledTo(resource);
  const data: MissingNeed = { resource: resource.id, host: context.catalog.host, name, because, later };
  const path = pathOf(resource);
  if (path !== undefined && context.graph.footprints.links.get(path) === name) {
    return planDiagnostic("P341", span, { ...data, folder: parentOf(name) }, led);
  }
  switch (type) {
    case "file":
    case "tree":
      return planDiagnostic("P310", span, { ...data, line: `directory ${missingFolders(name, context)} {}` }, led);
    case "user":
      return planDiagnostic("P311", span, { ...data, line: `user ${JSON.stringify(name)} {}` }, led);
    case "group":
      return planDiagnostic("P312", span, { ...data, line: `group ${JSON.stringify(name)} {}` }, led);
    case "service": {
      const file = /\.\w+$/.test(name) ? name : `${name}.service`;
      return planDiagnostic(
        "P313",
        span,
        {
          ...data,
          line: `the package that has it, or file "/etc/systemd/system/${file}" { … }`,
        },
        led,
      );
    }
    default:
      return planDiagnostic("P314", span, { ...data, type }, led);
  }
}

/** A folder and those above it that are neither there nor made by the plan, as titles. */
function missingFolders(name: string, context: NeedContext): string {
  const above = ancestorsOf(name).filter((folder) => isThere(`file:${folder}`, context) === false);
  return [...above.toReversed(), name]
    .filter((folder) => context.cells.get(`file:${folder}`)?.prediction !== "present")
    .map((folder) => JSON.stringify(folder))
    .join(", ");
}

/**
 * The keys of things whose existence the read phase must tell, sorted: the logins, groups and programs that resources need,
 * and the paths with the folders above them, less what is read anyway because it is managed itself.
 */
export function neededKeys(graph: Graph): readonly string[] {
  const keys = new Set<string>();
  const managed = new Set(graph.order.flatMap((resource) => pathOf(resource) ?? []));
  for (const resource of graph.order) {
    const target = linkTarget(resource);
    if (target !== undefined && !managed.has(target)) keys.add(`file:${target}`);
  }
  for (const needs of graph.needs.values()) {
    for (const { key } of needs) {
      if (/^(?:group|program|user):/.test(key)) keys.add(key);
      if (!key.startsWith("file:")) continue;
      const path = key.slice("file:".length);
      for (const one of [path, ...ancestorsOf(path)])
        if (!managed.has(one) && !always.has(one)) keys.add(`file:${one}`);
    }
  }
  return [...keys].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}
