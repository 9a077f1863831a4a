import type { Span } from "../../grammar/source.ts";
import type { ResourceId } from "../catalog.ts";
import type { Type } from "../kind/type.ts";
import type { RecordValue, Value } from "../kind/value.ts";
import type { Declaring } from "./declared-resource.ts";
import type { Failure, Result } from "./failure.ts";
import { firstLine, placeOf, throughOf } from "./places.ts";
import { show } from "./render.ts";
import type { Run } from "./run.ts";
import { asSet, entriesByKey, equal, isList, isRecord } from "./values.ts";

/** What one declaration gives a property or an input. */
export interface Contribution {
  readonly value: Value;
  readonly span: Span;
  readonly declaring: Declaring;
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
  const [first, ...others] = contributions;
  let value = first.value;
  for (const other of others) {
    const joined = join(value, other.value, type);
    if (joined === undefined) {
      // Not with the join of all before, but with the one declaration that it disagrees with.
      const rival = contributions.find((one) => join(one.value, other.value, type) === undefined) ?? first;
      return contradiction(run, id, property, rival, other);
    }
    value = joined;
  }
  return value;
}

function join(a: Value, b: Value, type: Type): Value | undefined {
  switch (type.type) {
    case "optional":
    case "secret":
    case "later":
      return a === null || b === null ? (equal(a, b) ? a : undefined) : join(a, b, type.of);
    case "set":
      return isList(a) && isList(b) ? asSet([...a, ...b]) : undefined;
    case "map":
      return a !== null && b !== null && isRecord(a) && isRecord(b) ? joinMaps(a, b) : undefined;
    default:
      return equal(a, b) ? a : undefined;
  }
}

function joinMaps(a: RecordValue, b: RecordValue): RecordValue | undefined {
  const joined = new Map(a);
  for (const [key, value] of b) {
    const other = a.get(key);
    if (other !== undefined && !equal(other, value)) return undefined;
    joined.set(key, value);
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
export function byWayOf(declaring: Declaring): string {
  const places = throughOf(declaring).map((span) => `${placeOf(span)} \`${firstLine(span)}\``);
  return places.length === 0 ? "" : `, by way of ${places.join(" and ")}`;
}
