import type { Span } from "../../../grammar/source.ts";
import type { ResourceId } from "../../catalog.ts";
import { bareType } from "../../kind/bare-type.ts";
import type { Type } from "../../kind/type.ts";
import type { Value } from "../../kind/value.ts";
import type { Declaring } from "../state/declared-resource.ts";
import type { Failure, Result } from "../state/failure.ts";
import { firstLine, placeOf, throughOf } from "./source-places.ts";
import { show } from "../values/render.ts";
import type { Run } from "../state/run.ts";
import { asSet, entriesByKey, equal, isList, isRecord } from "../values/values.ts";

/** What one declaration gives a property or an input. */
export interface Contribution {
  readonly value: Value;
  readonly span: Span;
  /** The declaration that gives it; data has none. */
  readonly declaring?: Declaring;
  /** Nobody wrote it: leaving `state` out states its default. */
  readonly byDefault?: boolean;
}

/** What all declarations together give: equal values are one, sets and maps are joined, anything else contradicts. */
export function merge(
  run: Run,
  id: ResourceId,
  property: string,
  type: Type,
  contributions: readonly [Contribution, ...Contribution[]],
): Result {
  const [first] = contributions;
  if (contributions.length === 1) return first.value;
  const plain = bareType(type);
  const rival = contributions.find((one) => (one.value === null) !== (first.value === null));
  if (rival) return contradiction(run, id, property, first, rival);
  if (plain.type === "set")
    return asSet(contributions.flatMap(({ value }) => (value !== null && isList(value) ? value : [])));
  if (plain.type === "map") return joinMaps(run, id, property, contributions);
  const other = contributions.find(({ value }) => !equal(first.value, value));
  return other ? contradiction(run, id, property, first, other) : first.value;
}

/** All entries of all maps, by key; entries of the same key must agree. */
function joinMaps(run: Run, id: ResourceId, property: string, contributions: readonly Contribution[]): Result {
  const joined = new Map<string, Value>();
  const givers = new Map<string, Contribution>();
  for (const contribution of contributions) {
    const { value } = contribution;
    if (value === null || !isRecord(value)) continue;
    for (const [key, entry] of value) {
      const giver = givers.get(key);
      if (!giver) givers.set(key, contribution);
      else if (!equal(joined.get(key) ?? null, entry)) return contradiction(run, id, property, giver, contribution);
      joined.set(key, entry);
    }
  }
  return new Map(entriesByKey(joined));
}

function contradiction(run: Run, id: ResourceId, property: string, one: Contribution, other: Contribution): Failure {
  const key = differingKey(one.value, other.value);
  return run.report(
    "R202",
    other.span,
    {
      id,
      host: run.hostName,
      property: key === undefined ? property : `${property}.${key}`,
      here: `${shown(other, key)}${byWayOf(other.declaring)}`,
      cure: one.byDefault || other.byDefault ? "leaving `state` out means its default" : undefined,
    },
    { related: [{ span: one.span, message: `here ${shown(one, key)}${byWayOf(one.declaring)}` }] },
  );
}

function differingKey(a: Value, b: Value): string | undefined {
  if (a === null || b === null || !isRecord(a) || !isRecord(b)) return undefined;
  return [...a.keys()].find((key) => b.has(key) && !equal(a.get(key) ?? null, b.get(key) ?? null));
}

function shown({ value, byDefault }: Contribution, key: string | undefined): string {
  const part = key !== undefined && value !== null && isRecord(value) ? (value.get(key) ?? null) : value;
  return `${show(part, 40)}${byDefault ? " by default" : ""}`;
}

/** How a declaration inside other resources came about: ", by way of site.recipe:7 `nextcloud {}`". */
export function byWayOf(declaring: Declaring | undefined): string {
  if (!declaring) return "";
  const places = throughOf(declaring).map((span) => `${placeOf(span)} \`${firstLine(span)}\``);
  return places.length === 0 ? "" : `, by way of ${places.join(" and ")}`;
}
