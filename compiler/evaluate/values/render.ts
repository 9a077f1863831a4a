import { FunctionProblem } from "../../builtin-function.ts";
import type { Mode, Value } from "../../kind/value.ts";
import { describe, isList, isRecord } from "./values.ts";

/** The digits of a mode as people write them: `0644`, `02775`. */
export function renderMode(mode: Mode): string {
  return `0${mode.bits.toString(8).padStart(3, "0")}`;
}

/** Whole seconds of a duration, or why there are none. */
export function wholeSeconds(milliseconds: number): number | FunctionProblem {
  return milliseconds % 1000 === 0
    ? milliseconds / 1000
    : new FunctionProblem(`${milliseconds} ms is no whole number of seconds, and as text a duration is whole seconds`);
}

/** A value as text: sizes in bytes, durations in whole seconds, modes as digits; lists, records and other compound values have none. */
export function render(value: Value): string | FunctionProblem {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null) return new FunctionProblem("the value is none, and none has no text; give another with `??`");
  if (isList(value)) return new FunctionProblem("a list has no text of its own; use join(…), lines(…) or json(…)");
  if (isRecord(value))
    return new FunctionProblem("a record has no text of its own; name one of its fields, or use json(…)");
  switch (value.type) {
    case "mode":
      return renderMode(value);
    case "size":
      return String(value.bytes);
    case "duration": {
      const seconds = wholeSeconds(value.milliseconds);
      return seconds instanceof FunctionProblem ? seconds : String(seconds);
    }
    case "candidate":
      return new FunctionProblem('`candidate` is known on the target only; it can stand in sh"…" alone');
    case "reference":
      return new FunctionProblem("a resource has no text of its own; name one of its properties");
    case "command":
    case "blob":
      return new FunctionProblem(`${describe(value)} has no text`);
  }
}

/** A value as a person would write it, shortened to `limit` characters: for messages, never for files. */
export function show(value: Value, limit = 60): string {
  const text = written(value, limit);
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text;
}

function written(value: Value, room: number): string {
  if (room < 0) return "…";
  if (value === null) return "none";
  if (typeof value === "string") return JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}…` : value);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (isList(value)) return `[${some(value, (element, left) => written(element, left), room)}]`;
  if (isRecord(value))
    return `{ ${some([...value], ([name, field], left) => `${name} = ${written(field, left)}`, room)} }`;
  switch (value.type) {
    case "mode":
      return renderMode(value);
    case "size":
      return showBytes(value.bytes);
    case "duration":
      return showMilliseconds(value.milliseconds);
    case "command":
      return value.shown;
    case "blob":
      return `${value.size} bytes`;
    case "reference":
      return value.title === null ? value.kind : `${value.kind}[${JSON.stringify(value.title)}]`;
    case "candidate":
      return "candidate";
  }
}

/** As many parts as fit; a list of a million elements is not written out to be cut. */
function some<Part>(parts: readonly Part[], write: (part: Part, room: number) => string, room: number): string {
  const shown: string[] = [];
  let left = room;
  for (const part of parts) {
    if (left < 0) {
      shown.push("…");
      break;
    }
    const text = write(part, left);
    shown.push(text);
    left -= text.length + 2;
  }
  return shown.join(", ");
}

const units: readonly (readonly [string, number])[] = [
  ["TiB", 1024 ** 4],
  ["GiB", 1024 ** 3],
  ["MiB", 1024 ** 2],
  ["KiB", 1024],
];

function showBytes(bytes: number): string {
  for (const [unit, factor] of units) if (bytes !== 0 && bytes % factor === 0) return `${bytes / factor}${unit}`;
  return `${bytes} bytes`;
}

const times: readonly (readonly [string, number])[] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1000],
];

function showMilliseconds(milliseconds: number): string {
  for (const [unit, factor] of times) {
    if (milliseconds !== 0 && milliseconds % factor === 0) return `${milliseconds / factor}${unit}`;
  }
  return `${milliseconds}ms`;
}
