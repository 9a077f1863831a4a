import { partOfJoined } from "../../kind/joined-type.ts";
import type { Span } from "../../../grammar/source.ts";
import type { Property } from "../../kind/kind.ts";
import type { Type } from "../../kind/type.ts";
import type { Primitive } from "../state/declared-resource.ts";
import { failed, reported, type Result, Unsealed, withheld } from "../state/failure.ts";
import { fit } from "../values/fit.ts";
import { givenThunk } from "./given.ts";
import { type Contribution, merge } from "./merge.ts";
import type { Run } from "../state/run.ts";
import { Thunk } from "../state/thunk.ts";

/** The value of a property of a resource, as all its declarations together give it; computed when it is needed. */
export function propertyThunk(run: Run, primitive: Primitive, name: string, span: Span): Thunk {
  const known = primitive.properties.get(name);
  if (known) return known;
  const compute = () => propertyValue(run, primitive, name, span);
  const thunk = new Thunk(`${primitive.id}.${name}`, primitive.declarings[0]?.span ?? span, compute, {
    boundary: true,
  });
  primitive.properties.set(name, thunk);
  return thunk;
}

function propertyValue(run: Run, primitive: Primitive, name: string, span: Span): Result {
  const property = primitive.kind.properties[name];
  if (!property) throw new Error(`${primitive.kind.name} has no property ${name}`);
  if (run.registry.open.has(primitive.kind)) return new Unsealed(primitive.kind, primitive.id, name);
  // That nothing declares it is said once, at the place of the reference.
  if (primitive.declarings.length === 0) return reported;
  const contributions = contributionsTo(run, primitive, name, property);
  if (failed(contributions)) return contributions;
  const [first, ...others] = contributions;
  if (first) {
    const merged = merge(run, primitive.id, name, property.type, [first, ...others]);
    if (failed(merged) || primitive.declarings.length === 1) return merged;
    return fit(run, merged, typeOfProperty(property), { subject: name, span: first.span });
  }
  if (property.default !== undefined) return property.default;
  if (property.type.type === "optional") return null;
  if (run.skipped.has(primitive.kind.name, primitive.title)) return withheld;
  return run.report("E201", span, { resource: primitive.id, property: name });
}

/** The type that a property's value must fit; the name of a file of the recipe is no absolute path. */
export function typeOfProperty(property: Property): Type {
  if (!property.reads) return property.type;
  const { type } = property;
  if (type.type === "optional") return { type: "optional", of: { type: "string" } };
  return { type: "string" };
}

function contributionsTo(run: Run, primitive: Primitive, name: string, property: Property) {
  const contributions: Contribution[] = [];
  const whole = typeOfProperty(property);
  const type = primitive.declarings.length > 1 ? partOfJoined(whole) : whole;
  for (const declaring of primitive.declarings) {
    const thunk = givenThunk(run, declaring.given, name, property.scope);
    if (failed(thunk)) return thunk;
    if (!thunk) {
      if (name === "state" && property.default !== undefined)
        contributions.push({ value: property.default, span: declaring.span, declaring, byDefault: true });
      continue;
    }
    const raw = run.force(thunk);
    if (failed(raw)) return raw;
    const source = thunk.source;
    const value = fit(run, raw, type, {
      subject: name,
      span: thunk.span,
      expression: source?.expression,
      scope: source?.scope,
    });
    if (failed(value)) return value;
    contributions.push({ value, span: thunk.span, declaring });
  }
  return contributions;
}
