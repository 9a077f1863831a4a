import type { Span } from "../../../grammar/source.ts";
import type { Property, Want } from "../../kind/kind.ts";
import type { Blob, Value } from "../../kind/value.ts";
import { suggest } from "../../suggest.ts";
import type { PlaceOfProperty, Primitive } from "../state/declared-resource.ts";
import { failed, type Failure, isUnknown, Unanswered } from "../state/failure.ts";
import { blobOf, readSource } from "../expressions/source-files.ts";
import { givenNames } from "./given.ts";
import { propertyThunk } from "./property-thunk.ts";
import type { Run } from "../state/run.ts";
import type { Touches } from "../state/thunk.ts";

const utf8 = new TextEncoder();

/** What a resource should be, with the places it was said at and what each property was made from. */
export interface Wanted {
  readonly want: Want;
  readonly origins: ReadonlyMap<string, Span>;
  /** By property; only those that touched something. */
  readonly touches: readonly (readonly [string, Touches])[];
  /** Some properties depend on answers that are not known, and are left out. */
  readonly partly?: boolean;
  /** Its `when` does not hold, and what could not be computed therefore was left out without a word. */
  readonly isOff?: boolean;
}

/** The wanted state of a resource; undefined when something in it is wrong, which has been reported. */
export function wantOf(
  run: Run,
  primitive: Primitive,
  { blobs, hasWhen, isOff }: { readonly blobs: Map<string, Blob>; readonly hasWhen: boolean; readonly isOff: boolean },
): Wanted | undefined {
  const { kind, title } = primitive;
  const stated = statedProperties(run, primitive);
  const properties: Record<string, Value> = {};
  const origins = new Map<string, Span>();
  const touches: (readonly [string, Touches])[] = [];
  const missing: string[] = [];
  let sound = stated !== undefined;
  let partly = run.skipped.has(kind.name, title) || givesUnknown(primitive);
  for (const [name, property] of Object.entries(kind.properties)) {
    const origin = stated?.get(name);
    if (!origin) {
      if (property.default !== undefined) properties[name] = property.default;
      else if (property.required && stated && !partly) missing.push(name);
      continue;
    }
    const thunk = propertyThunk(run, primitive, name, origin.value);
    const compute = () => {
      const value = run.settle(() => run.force(thunk)).result;
      return failed(value) ? value : asBytes(run, value, property, origin.value, blobs);
    };
    const final = isOff ? run.quietly(compute) : compute();
    if (isUnknown(final) || (isOff && failed(final) && !(final instanceof Unanswered))) {
      partly = true;
      if (thunk.touches) touches.push([name, thunk.touches]);
      continue;
    }
    if (failed(final)) {
      run.observes.miss(final);
      sound = false;
      continue;
    }
    properties[name] = final;
    origins.set(name, origin.name);
    if (thunk.touches) touches.push([name, thunk.touches]);
  }
  if (missing.length > 0) {
    run.report("R105", placeOf(primitive), { resource: primitive.id, missing });
    sound = false;
  }
  if (!sound || !stated) return undefined;
  // A `when` is no property, but a kind may ask for one, as `execute` does for its guard.
  const want: Want = { title, properties, stated: new Set(hasWhen ? [...stated.keys(), "when"] : stated.keys()) };
  if (partly) return { want, origins, touches, partly, isOff };
  const problems = kind.validate?.(want) ?? [];
  for (const { code, property, message, hints } of problems) {
    const span = (property === undefined ? undefined : origins.get(property)) ?? placeOf(primitive);
    run.diagnostics.push({ code, severity: "error", span, message, ...(hints ? { hints } : {}) });
  }
  return problems.length > 0 ? undefined : { want, origins, touches };
}

/** Whether a body spreads a record that is not known. */
function givesUnknown({ declarings }: Primitive): boolean {
  return declarings.some(({ given }) => [...given.thunks.values()].some(({ value }) => isUnknown(value)));
}

function placeOf({ declarings }: Primitive): Span {
  const [first] = declarings;
  if (!first) throw new Error("a resource without a declaration");
  return first.span;
}

/** What the declarations state, with the places of the first that does; undefined when a name in them is not one of the kind's. */
function statedProperties(run: Run, { kind, declarings }: Primitive): ReadonlyMap<string, PlaceOfProperty> | undefined {
  const stated = new Map<string, PlaceOfProperty>();
  let sound = true;
  for (const { given } of declarings) {
    for (const [property, place] of givenNames(run, given)) {
      if (Object.hasOwn(kind.properties, property)) {
        if (!stated.has(property)) stated.set(property, place);
        continue;
      }
      sound = false;
      const known = Object.keys(kind.properties);
      const suggestion = suggest(property, known);
      run.reportOnce("R101", place.name, { kind: kind.name, property, suggestion, known, what: "property" });
    }
  }
  return sound ? stated : undefined;
}

/** Text that is sent as bytes, and the bytes of a file of the recipe, take the form in which they travel. */
function asBytes(run: Run, value: Value, property: Property, span: Span, blobs: Map<string, Blob>): Value | Failure {
  if (typeof value !== "string" || (!property.blob && !property.reads)) return value;
  let bytes: Uint8Array;
  if (property.reads) {
    const read = readSource(run, value, span);
    if (failed(read)) return read;
    bytes = read.bytes;
  } else bytes = utf8.encode(value);
  const blob = blobOf(run, bytes);
  const known = blobs.get(blob.digest);
  if (known) return known;
  blobs.set(blob.digest, blob);
  return blob;
}
