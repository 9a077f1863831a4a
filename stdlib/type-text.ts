import type { Range, Type } from "../compiler/kind/type.ts";
import type { Value } from "../compiler/kind/value.ts";

/** A type as a recipe would write it. */
export function typeText(type: Type): string {
  switch (type.type) {
    case "string":
      return `${type.refinement ?? "string"}${rangeText(type.length)}${patternText(type.pattern)}`;
    case "int":
      return `${type.refinement ?? "int"}${rangeText(type.range)}`;
    case "duration":
    case "size":
      return `${type.type}${rangeText(type.range)}`;
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
      return value.milliseconds % 1000 === 0 ? `${value.milliseconds / 1000}s` : `${value.milliseconds}ms`;
    case "mode":
      return `0${value.bits.toString(8).padStart(3, "0")}`;
    default:
      return "";
  }
}

function rangeText(range: Range | undefined): string {
  return range ? ` ${range.min ?? ""}..${range.max ?? ""}` : "";
}

function patternText(pattern: string | undefined): string {
  return pattern === undefined ? "" : ` matches ${JSON.stringify(pattern)}`;
}
