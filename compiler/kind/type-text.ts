import type { Range, Type } from "./type.ts";
import type { Value } from "./value.ts";

/** A type as a recipe would write it. */
export function typeText(type: Type): string {
  switch (type.type) {
    case "string":
      return `${type.refinement ?? "string"}${rangeText(type.length)}${patternText(type.pattern)}`;
    case "int":
      return `${type.refinement ?? "int"}${rangeText(type.range)}`;
    case "duration":
      return `duration${rangeText(type.range, durationText)}`;
    case "size":
      return `size${rangeText(type.range, sizeText)}`;
    case "list":
    case "set":
      return `${type.type}<${typeText(type.of)}>${rangeText(type.length)}`;
    case "map":
      return `map<string${patternText(type.keyPattern)}, ${typeText(type.of)}>${rangeText(type.length)}`;
    case "record":
      return (
        type.name ??
        `{ ${Object.entries(type.fields)
          .map(([name, field]) => `${name}: ${typeText(field.type)}`)
          .join(", ")} }`
      );
    case "literals":
      return type.values.map((value) => JSON.stringify(value)).join(" | ");
    case "union":
      return type.members.map(typeText).join(" | ");
    case "optional":
      return `${type.of.type === "union" ? `(${typeText(type.of)})` : typeText(type.of)}?`;
    case "later":
    case "secret":
      return `${type.type}<${typeText(type.of)}>`;
    case "resource":
      return type.kind;
    case "event":
      return `${type.kind}.${type.event}`;
    case "unknown":
      return "…";
    default:
      return type.type;
  }
}

/** A default as a recipe would write it. */
export function valueText(value: Value): string {
  if (value === null) return "none";
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value !== "object") return String(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(", ")}]`;
  if (!("type" in value)) return "";
  switch (value.type) {
    case "duration":
      return durationText(value.milliseconds);
    case "mode":
      return `0${value.bits.toString(8).padStart(3, "0")}`;
    default:
      return "";
  }
}

function rangeText(range: Range | undefined, bound: (limit: number) => string = String): string {
  if (!range) return "";
  return ` ${range.min === undefined ? "" : bound(range.min)}..${range.max === undefined ? "" : bound(range.max)}`;
}

/** A duration in the largest unit that keeps it whole: `90s`, `5m`. */
function durationText(milliseconds: number): string {
  const [divisor, unit] = largestUnit(milliseconds, [
    [86_400_000, "d"],
    [3_600_000, "h"],
    [60_000, "m"],
    [1000, "s"],
    [1, "ms"],
  ]);
  return `${milliseconds / divisor}${unit}`;
}

/** A size in the largest unit that keeps it whole: `64MiB`. */
function sizeText(bytes: number): string {
  const [divisor, unit] = largestUnit(bytes, [
    [1024 ** 4, "TiB"],
    [1024 ** 3, "GiB"],
    [1024 ** 2, "MiB"],
    [1024, "KiB"],
    [1, "B"],
  ]);
  return `${bytes / divisor}${unit}`;
}

type Unit = readonly [divisor: number, name: string];

function largestUnit(amount: number, units: readonly Unit[]): Unit {
  return units.find(([divisor]) => amount !== 0 && amount % divisor === 0) ?? units.at(-1) ?? [1, ""];
}

function patternText(pattern: string | undefined): string {
  return pattern === undefined ? "" : ` matches ${JSON.stringify(pattern)}`;
}
