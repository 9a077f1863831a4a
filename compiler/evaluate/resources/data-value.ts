import type { DataEntry } from "../../data/data.ts";
import { appliesTo } from "../../data/data.ts";
import { bareType, withoutLength } from "../../kind/bare-type.ts";
import type { Type } from "../../kind/type.ts";
import type { Value } from "../../kind/value.ts";
import type { OwnResource } from "../../own-resource.ts";
import { type Failure, failed, type Result } from "../state/failure.ts";
import type { Run } from "../state/run.ts";
import { Scope } from "../state/scope.ts";
import { placeOf } from "./source-places.ts";
import { fit } from "../values/fit.ts";
import { asSet, entriesByKey, equal, isList, isRecord } from "../values/values.ts";

/** What data gives an input, and the entries that it was made from. */
export interface DataValue {
  readonly value: Value;
  /** The last entry that had a part in it. */
  readonly entry: DataEntry;
  readonly entries: readonly DataEntry[];
}

/** What data says of an input on this host: what the command line sets, and what the files do. */
export interface GivenByData {
  readonly setting?: DataValue;
  readonly files?: DataValue;
}

/** The entries of an input that are meant for the host of this evaluation, the weakest first. */
export function entriesFor(run: Run, kind: string, input: string): readonly DataEntry[] {
  const entries = run.program.data.of(kind, input);
  if (entries.length === 0) return entries;
  const place = run.hosts.placeOf(run.machine);
  return entries.filter((entry) => appliesTo(entry, place));
}

/** What data gives an input; the weaker levels are replaced, or added to with `+=`. */
export function givenByData(run: Run, owner: OwnResource, input: string, type: Type): GivenByData | Failure {
  const entries = entriesFor(run, owner.kind, input);
  if (entries.length === 0) return {};
  const rivals = run.machine && disagreement(run, entries, owner, type);
  if (rivals) {
    const [one, other] = rivals;
    const related = [{ span: one.node.value.span, message: `and here for the layer \`${one.of ?? ""}\`` }];
    const data = { name: `${owner.kind}.${input}`, host: run.hostName, one: one.of ?? "", other: other.of ?? "" };
    return run.report("D106", other.node.value.span, data, { related });
  }
  const given: { setting?: DataValue; files?: DataValue } = {};
  for (const entry of entries) {
    const value = valueOf(run, entry, owner, type);
    if (failed(value)) return value;
    if (entry.level === "command line") given.setting = { value, entry, entries: [entry] };
    else if (!entry.append) {
      if (given.files) run.noteData(given.files.entries, placeOf(entry.node.target.span));
      given.files = { value, entry, entries: [entry] };
    } else {
      const base = given.files ?? defaultOf(run, owner, input, type);
      if (failed(base)) return base;
      const entriesSoFar = given.files?.entries ?? [];
      given.files = { value: added(base?.value ?? null, value, type), entry, entries: [...entriesSoFar, entry] };
    }
  }
  return given;
}

/** The default in the code is the weakest of what `+=` adds to. */
function defaultOf(
  run: Run,
  owner: OwnResource,
  input: string,
  type: Type,
): { readonly value: Value } | Failure | undefined {
  const field = owner.inputs.get(input)?.field;
  if (!field?.default) return undefined;
  const { scope } = run.registry.composite(owner, null, null);
  const value = run.evaluate(field.default, scope);
  if (failed(value)) return value;
  const fits = fit(run, value, type, { subject: input, span: field.default.span, expression: field.default, scope });
  return failed(fits) ? fits : { value: fits };
}

function valueOf(run: Run, { append, input, isOfTest, node }: DataEntry, owner: OwnResource, type: Type): Result {
  const { value: expression } = node;
  const scope = isOfTest
    ? run.registry.composite(run.registry.rootDefinition, null, null).scope
    : new Scope(undefined, owner.module, expression.span.file.path);
  const value = run.evaluate(expression, scope);
  if (failed(value)) return value;
  return fit(run, value, append ? withoutLength(type) : type, {
    subject: input,
    span: expression.span,
    expression,
    scope,
  });
}

/** A list behind another, both sets as one, or a map with entries added or replaced. */
function added(base: Value, more: Value, type: Type): Value {
  if (base === null) return more;
  if (isRecord(base) && isRecord(more)) return new Map(entriesByKey(new Map([...base, ...more])));
  if (!isList(base) || !isList(more)) return more;
  const all = [...base, ...more];
  return bareType(type).type === "set" ? asSet(all) : all;
}

/** Two layers of this host that set an input to different values, which nothing decides between. */
function disagreement(
  run: Run,
  entries: readonly DataEntry[],
  owner: OwnResource,
  type: Type,
): readonly [DataEntry, DataEntry] | undefined {
  const layers = entries.filter(({ append, level }) => level === "layer" && !append);
  const [first, ...others] = layers;
  if (!first || others.length === 0) return undefined;
  const one = valueOf(run, first, owner, type);
  for (const other of others) {
    const value = valueOf(run, other, owner, type);
    if (!failed(one) && !failed(value) && !equal(one, value)) return [first, other];
  }
  return undefined;
}
