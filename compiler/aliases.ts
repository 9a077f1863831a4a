import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { Catalog, Edge, Resource, ResourceId } from "./catalog.ts";
import { sameValue } from "./diff/compare.ts";
import { pathOf } from "./footprint-index.ts";
import { declaredAt } from "./graph/places.ts";
import type { Value } from "./kind/value.ts";
import { planDiagnostic } from "./messages/plan.ts";
import { realPathsOf } from "./real-paths.ts";
import { showValue } from "./show-value.ts";
import type { State } from "./state.ts";
import { unitPlaceOf } from "./units.ts";

/** A catalog in which one thing has one resource, as far as the host tells. */
export interface Met {
  readonly catalog: Catalog;
  /** The names by which the host knows what a resource names, the proper one first. */
  readonly names: ReadonlyMap<ResourceId, readonly string[]>;
  /** Where resources that are about a path really are; empty when every path is its own real one. */
  readonly real: ReadonlyMap<ResourceId, string>;
  /** Declarations of one thing that contradict each other. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Joins resources that name one thing of the host by different names: what they agree in is one, and a contradiction is an error.
 * Undefined when the host knows nothing that makes a difference.
 */
export function meetAliases(catalog: Catalog, state: State): Met | undefined {
  const real = realPathsOf(catalog, state);
  const names = new Map(namesOf(catalog, state));
  for (const [id, path] of real) names.set(id, [path]);
  if (names.size === 0) return undefined;
  const diagnostics: Diagnostic[] = [];
  const joined = new Map<string, Resource>();
  const heirs = new Map<ResourceId, ResourceId>();
  const resources: Resource[] = [];
  const places = new Map<ResourceId, number>();
  for (const resource of catalog.resources) {
    const proper = names.get(resource.id)?.[0];
    const isPath = pathOf(resource) !== undefined;
    const key = proper === undefined ? undefined : `${isPath ? "path" : resource.kind.name} ${proper}`;
    const first = key === undefined ? undefined : joined.get(key);
    if (key === undefined || first === undefined) {
      places.set(resource.id, resources.length);
      resources.push(resource);
      if (key !== undefined) joined.set(key, resource);
      continue;
    }
    if (first.kind.name !== resource.kind.name) {
      const data = { path: proper ?? "", first: first.id, second: resource.id };
      const related = [{ span: declaredAt(first), message: `${first.id} is declared here` }];
      diagnostics.push(planDiagnostic("P302", declaredAt(resource), data, { related }));
      continue;
    }
    const rival = contradictionOf(first, resource);
    if (rival) {
      diagnostics.push(contradiction(first, resource, rival, proper ?? "", catalog.host));
      continue;
    }
    const both = join(first, resource);
    joined.set(key, both);
    resources[places.get(first.id) ?? 0] = both;
    heirs.set(resource.id, first.id);
  }
  const heirOf = (id: ResourceId): ResourceId => heirs.get(id) ?? id;
  const edges = catalog.edges
    .map((edge): Edge => ({ ...edge, from: heirOf(edge.from), to: heirOf(edge.to) }))
    .filter(({ from, to }, at) => from !== to || catalog.edges[at]?.from === catalog.edges[at]?.to);
  const isNews = real.size > 0 || heirs.size > 0 || diagnostics.length > 0 || catalog.resources.some(isUnitPart);
  return isNews ? { catalog: { ...catalog, resources, edges }, names, real, diagnostics } : undefined;
}

/** Whether a resource may belong to a unit by one of the unit's other names. */
function isUnitPart(resource: Resource): boolean {
  const path = pathOf(resource);
  return path !== undefined && unitPlaceOf(path) !== undefined;
}

/** The names of all resources whose kind knows names; none at all when every title is the only name of its thing. */
function namesOf(catalog: Catalog, state: State): ReadonlyMap<ResourceId, readonly string[]> {
  const names = new Map<ResourceId, readonly string[]>();
  let isTold = false;
  for (const { id, kind, want } of catalog.resources) {
    const reading = kind.names && state.resources.get(id);
    if (!kind.names || !reading || !("have" in reading)) continue;
    const found = kind.names(want, reading.have);
    if (found.length === 0) continue;
    names.set(id, found);
    isTold ||= found.length > 1;
  }
  return isTold ? names : new Map();
}

/** Where two declarations of one thing do not agree: a property, or the words of a control. */
function contradictionOf(first: Resource, second: Resource): string | undefined {
  const differs = (name: string): boolean => {
    const [one, other] = [first.want, second.want].map(({ properties }) => properties[name] ?? null);
    if (isJoinable(first, name) || sameValue(one ?? null, other ?? null)) return false;
    // Leaving `state` out states its default; of all else only what is written counts.
    return name === "state" || (first.want.stated.has(name) && second.want.stated.has(name));
  };
  const property = [...new Set([...Object.keys(first.want.properties), ...Object.keys(second.want.properties)])].find(
    differs,
  );
  if (property !== undefined) return property;
  const controls = [
    ["when", first.when, second.when, true],
    ["retry", first.retry, second.retry, false],
    ["timeout", first.timeoutMilliseconds, second.timeoutMilliseconds, false],
  ] as const;
  return controls.find(
    ([, one, other, always]) =>
      JSON.stringify(one) !== JSON.stringify(other) && (always || (one !== undefined && other !== undefined)),
  )?.[0];
}

/** Lists that only steer, such as `watch`, add up. */
function isJoinable({ kind }: Resource, name: string): boolean {
  const property = kind.properties[name];
  return property?.role === "control" && property.type.type === "list";
}

function join(first: Resource, second: Resource): Resource {
  const properties: Record<string, Value> = { ...second.want.properties };
  for (const [name, value] of Object.entries(first.want.properties)) {
    const other = properties[name];
    if (isJoinable(first, name) && Array.isArray(value) && Array.isArray(other)) {
      const all: readonly Value[] = [...value, ...other];
      properties[name] = all.filter((one, at) => all.findIndex((each) => sameValue(each, one)) === at);
    } else if (first.want.stated.has(name) || !second.want.stated.has(name)) properties[name] = value;
  }
  const retry = first.retry ?? second.retry;
  const timeoutMilliseconds = first.timeoutMilliseconds ?? second.timeoutMilliseconds;
  const { during, ...rest } = first;
  // Declared for two events, it only has to be done in time for the end of each.
  const apart = during === second.during ? [] : [during, second.during].filter((id) => id !== undefined);
  return {
    ...rest,
    want: { ...first.want, properties, stated: new Set([...first.want.stated, ...second.want.stated]) },
    origins: new Map([...second.origins, ...first.origins]),
    declared: [...first.declared, ...second.declared],
    aliases: [...(first.aliases ?? []), { id: second.id, span: declaredAt(second) }],
    containers: [...new Set([...first.containers, ...second.containers, ...apart])],
    ...(apart.length === 0 && first.during !== undefined ? { during: first.during } : {}),
    ...(retry === undefined ? {} : { retry }),
    ...(timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds }),
  };
}

function contradiction(first: Resource, second: Resource, property: string, name: string, host: string): Diagnostic {
  const [one, other] = [first, second].map(({ want }) => {
    const value = want.properties[property];
    return value === undefined
      ? `another \`${property}\``
      : `${property} = ${showValue(value)}${want.stated.has(property) ? "" : " by default"}`;
  });
  const data = { first: first.id, second: second.id, name, host, property, here: other ?? "" };
  return planDiagnostic("P336", second.origins.get(property) ?? declaredAt(second), data, {
    related: [{ span: first.origins.get(property) ?? declaredAt(first), message: `here ${one}` }],
  });
}
