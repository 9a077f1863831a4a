import type { FieldType, Range, Type } from "../../kind/type.ts";
import type { RecordValue, Value } from "../../kind/value.ts";
import { didYouMean, listed, suggest } from "../../suggest.ts";
import { quotedType } from "../../check/types/quoted-type.ts";
import { failed, type Failure, type Result } from "../state/failure.ts";
import { compilePattern } from "./pattern.ts";
import { refine } from "./refinements.ts";
import { show } from "./render.ts";
import { asSet, entriesByKey, isList, isRecord, isTagged } from "./values.ts";

/** Why a value does not fit its type: the way to the part that does not, and what is wrong with it. */
export class Misfit {
  /** Indexes and names from the value to the part: `[0, "keys"]`. */
  readonly path: readonly (number | string)[];
  /** What is wrong, as the end of a sentence that begins with the part: "is 80, it must be at least 1024". */
  readonly problem: string;
  /** The cure in a few words. */
  readonly hint: string | undefined;
  /** The key of the part that is itself what is wrong. */
  readonly key: string | undefined;
  constructor(
    problem: string,
    more: {
      readonly path?: readonly (number | string)[];
      readonly hint?: string | undefined;
      readonly key?: string | undefined;
    } = {},
  ) {
    this.problem = problem;
    this.path = more.path ?? [];
    this.hint = more.hint;
    this.key = more.key;
  }
  /** The same misfit seen from one level further out. */
  within(step: number | string): Misfit {
    return new Misfit(this.problem, { path: [step, ...this.path], hint: this.hint, key: this.key });
  }
}

/** The part that a misfit is about, as people write it: `people[0].keys`. */
export function partOf(subject: string, path: readonly (number | string)[]): string {
  return path.reduce<string>(
    (part, step) =>
      typeof step === "number"
        ? `${part}[${step}]`
        : /^[A-Za-z_][A-Za-z0-9_]*$/.test(step)
          ? `${part}.${step}`
          : `${part}[${JSON.stringify(step)}]`,
    subject,
  );
}

/** Gives the default of a record type's field. */
export type DefaultOf = (field: FieldType) => Result;

/** The value as its type has it: sets and maps sorted, paths and host names normalised, fields that were left out filled in. */
export function conform(value: Value, type: Type, defaultOf: DefaultOf): Result | Misfit {
  switch (type.type) {
    case "unknown":
      return value;
    case "optional":
      return value === null ? null : conform(value, type.of, defaultOf);
    case "secret":
    case "later":
      return conform(value, type.of, defaultOf);
    case "union":
      return union(value, type.members, type, defaultOf);
    case "string":
      return typeof value === "string" ? text(value, type) : mismatch(value, type);
    case "int":
      return typeof value === "number" ? number(value, type) : mismatch(value, type);
    case "bool":
      return typeof value === "boolean" ? value : mismatch(value, type);
    case "none":
      return value === null ? null : mismatch(value, type);
    case "mode":
    case "command":
      return isTagged(value) && value.type === type.type ? value : mismatch(value, type);
    case "size":
      if (!isTagged(value) || value.type !== "size") return mismatch(value, type);
      return within(value.bytes, type.range, value, (bytes) => show({ type: "size", bytes }));
    case "duration":
      if (!isTagged(value) || value.type !== "duration") return mismatch(value, type);
      return within(value.milliseconds, type.range, value, (milliseconds) => show({ type: "duration", milliseconds }));
    case "literals":
      return typeof value === "string" ? literal(value, type.values) : mismatch(value, type);
    case "list":
    case "set":
      return isList(value) ? elements(value, type, defaultOf) : mismatch(value, type);
    case "map":
      return value !== null && isRecord(value) ? map(value, type, defaultOf) : mismatch(value, type);
    case "record":
      return value !== null && isRecord(value) ? record(value, type, defaultOf) : mismatch(value, type);
    case "resource":
    case "event": {
      const isEvent = type.type === "event";
      const fits =
        isTagged(value) &&
        value.type === "reference" &&
        value.kind === type.kind &&
        value.event === (isEvent ? type.event : undefined);
      return fits ? value : mismatch(value, type);
    }
  }
}

function mismatch(value: Value, type: Type): Misfit {
  if (value === null) return new Misfit(`is none, it must be ${quotedType(type)}`);
  const hint =
    type.type === "mode" && typeof value === "number" ? "a file mode is written with a leading 0" : undefined;
  return new Misfit(`is ${show(value)}, it must be ${quotedType(type)}`, { hint });
}

function text(value: string, type: Extract<Type, { readonly type: "string" }>): string | Misfit {
  let result = value;
  if (type.refinement) {
    const refined = refine(value, type.refinement);
    if (typeof refined !== "string") return new Misfit(`is ${show(value)}, which ${refined.problem}`);
    result = refined;
  }
  if (type.pattern !== undefined) {
    const pattern = compilePattern(type.pattern);
    if ("test" in pattern && !pattern.test(result)) {
      return new Misfit(`is ${show(value)}, which does not match "${type.pattern}"`);
    }
  }
  if (type.length) {
    const length = [...result].length;
    const bad = outside(length, type.length);
    if (bad) return new Misfit(`has ${count(length, "character")}, it must have ${bad}`);
  }
  return result;
}

function number(value: number, type: Extract<Type, { readonly type: "int" }>): number | Misfit {
  if (type.refinement === "port" && (value < 1 || value > 65535)) {
    return new Misfit(`is ${value}, which is no port: ports go from 1 to 65535`);
  }
  const fits = within(value, type.range, value, String);
  return fits instanceof Misfit ? fits : value;
}

function within(
  measure: number,
  range: Range | undefined,
  value: Value,
  write: (bound: number) => string,
): Value | Misfit {
  const bad = outside(measure, range, write);
  return bad ? new Misfit(`is ${show(value)}, it must be ${bad}`) : value;
}

/** The limit that a number breaks, in words. */
function outside(
  measure: number,
  range: Range | undefined,
  write: (bound: number) => string = String,
): string | undefined {
  if (range?.min !== undefined && measure < range.min) return `at least ${write(range.min)}`;
  if (range?.max !== undefined && measure > range.max) return `at most ${write(range.max)}`;
  return undefined;
}

function count(amount: number, unit: string): string {
  return `${amount === 0 ? "no" : amount} ${unit}${amount === 1 ? "" : "s"}`;
}

function literal(value: string, values: readonly string[]): string | Misfit {
  if (values.includes(value)) return value;
  const hint = didYouMean(suggest(value, values));
  return new Misfit(`is ${show(value)}, it must be ${values.map((one) => `"${one}"`).join(" or ")}`, { hint });
}

function elements(
  value: readonly Value[],
  type: Extract<Type, { readonly type: "list" | "set" }>,
  defaultOf: DefaultOf,
): Result | Misfit {
  const made: Value[] = [];
  for (const [index, element] of value.entries()) {
    const fits = conform(element, type.of, defaultOf);
    if (fits instanceof Misfit) return fits.within(index);
    if (failed(fits)) return fits;
    made.push(fits);
  }
  const result = type.type === "set" ? asSet(made) : made;
  const bad = outside(result.length, type.length);
  return bad ? new Misfit(`has ${count(result.length, "element")}, it must have ${bad}`) : result;
}

function map(value: RecordValue, type: Extract<Type, { readonly type: "map" }>, defaultOf: DefaultOf): Result | Misfit {
  const pattern = type.keyPattern === undefined ? undefined : compilePattern(type.keyPattern);
  const made = new Map<string, Value>();
  for (const [name, entry] of entriesByKey(value)) {
    if (pattern && "test" in pattern && !pattern.test(name)) {
      const problem = `has the key ${JSON.stringify(name)}, which does not match "${type.keyPattern ?? ""}"`;
      return new Misfit(problem, { key: name });
    }
    const fits = conform(entry, type.of, defaultOf);
    if (fits instanceof Misfit) return fits.within(name);
    if (failed(fits)) return fits;
    made.set(name, fits);
  }
  const bad = outside(made.size, type.length);
  return bad
    ? new Misfit(`has ${made.size === 1 ? "1 entry" : `${made.size || "no"} entries`}, it must have ${bad}`)
    : made;
}

function record(
  value: RecordValue,
  type: Extract<Type, { readonly type: "record" }>,
  defaultOf: DefaultOf,
): Result | Misfit {
  const made = new Map<string, Value>();
  for (const [name, entry] of value) {
    const field = Object.hasOwn(type.fields, name) ? type.fields[name] : undefined;
    if (!field) {
      const names = Object.keys(type.fields);
      const hint = didYouMean(suggest(name, names)) ?? `it takes: ${listed(names)}`;
      return new Misfit(`has a field \`${name}\`, which its type does not`, { hint, key: name });
    }
    const fits = conform(entry, field.type, defaultOf);
    if (fits instanceof Misfit) return fits.within(name);
    if (failed(fits)) return fits;
    made.set(name, fits);
  }
  for (const [name, field] of Object.entries(type.fields)) {
    if (made.has(name)) continue;
    const filled = fill(name, field, defaultOf);
    if (filled instanceof Misfit || failed(filled)) return filled;
    made.set(name, filled);
  }
  return made;
}

function fill(name: string, field: FieldType, defaultOf: DefaultOf): Result | Misfit {
  if (!field.hasDefault) {
    return field.type.type === "optional" ? null : new Misfit(`has no \`${name}\`, which is ${quotedType(field.type)}`);
  }
  const value: Result = defaultOf(field);
  if (failed(value)) return value;
  const fits = conform(value, field.type, defaultOf);
  return fits instanceof Misfit ? fits.within(name) : fits;
}

/** The first member that fits; the misfit that is named is that of the member whose form is nearest. */
function union(value: Value, members: readonly Type[], whole: Type, defaultOf: DefaultOf): Result | Misfit {
  let nearest: Misfit | undefined;
  for (const member of members) {
    const fits = conform(value, member, defaultOf);
    if (!(fits instanceof Misfit)) return fits;
    if (fits.path.length > 0 && (!nearest || fits.path.length > nearest.path.length)) nearest = fits;
  }
  return nearest ?? mismatch(value, whole);
}

/** For types whose records have no defaults of their own: the properties of kinds, the parameters of functions. */
export function noDefaults(): Failure {
  throw new Error("a built-in record type with a default");
}
