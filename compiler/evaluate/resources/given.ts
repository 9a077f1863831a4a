import type { Span } from "../../../grammar/source.ts";
import type { Type } from "../../kind/type.ts";
import type { RecordValue } from "../../kind/value.ts";
import type { Given, PlaceOfProperty } from "../state/declared-resource.ts";
import { type Failure, failed } from "../state/failure.ts";
import type { Run } from "../state/run.ts";
import { Scope } from "../state/scope.ts";
import { knownThunk, Thunk } from "../state/thunk.ts";
import { describe, isRecord } from "../values/values.ts";

/** The value that a body gives a property, or nothing; of a property and a spread the later one wins. */
export function givenThunk(
  run: Run,
  given: Given,
  name: string,
  extra?: Readonly<Record<string, Type>>,
): Thunk | Failure | undefined {
  const known = given.thunks.get(name);
  if (known) return known;
  for (let index = given.entries.length - 1; index >= 0; index--) {
    const entry = given.entries[index];
    if (entry?.type === "property" && entry.name.text === name) {
      const scope = extra ? extraScope(given.scope, extra, entry.span) : given.scope;
      const expression = entry.value;
      const compute = () => run.evaluate(expression, scope);
      const thunk = new Thunk("", expression.span, compute, { source: { expression, scope } });
      given.thunks.set(name, thunk);
      return thunk;
    }
    if (entry?.type !== "body-spread") continue;
    const record = spreadRecord(run, given, index);
    if (failed(record)) return record;
    if (!record.has(name)) continue;
    const thunk = new Thunk("", entry.value.span, () => {
      const fields = spreadRecord(run, given, index);
      return failed(fields) ? fields : (fields.get(name) ?? null);
    });
    given.thunks.set(name, thunk);
    return thunk;
  }
  return undefined;
}

/** Names that exist in one property's value only: `candidate` in `verify`. */
function extraScope(parent: Scope, names: Readonly<Record<string, Type>>, span: Span): Scope {
  const scope = new Scope(parent, parent.module, `${span.start}`);
  for (const name of Object.keys(names)) scope.define(name, knownThunk(name, span, { type: "candidate" }));
  return scope;
}

/** The record that the entry of a body spreads. */
function spreadRecord(run: Run, given: Given, index: number): RecordValue | Failure {
  const entry = given.entries[index];
  if (entry?.type !== "body-spread") throw new Error("no spread at this place of the body");
  const key = `...${index}`;
  let thunk = given.thunks.get(key);
  if (!thunk) {
    thunk = new Thunk("", entry.value.span, () => run.evaluate(entry.value, given.scope));
    given.thunks.set(key, thunk);
  }
  const value = run.force(thunk);
  if (failed(value)) return value;
  if (value !== null && isRecord(value)) return value;
  return run.report("T149", entry.value.span, { has: describe(value), into: "body" });
}

/** Every property that a body gives, in written order, with its places. */
export function givenNames(run: Run, given: Given): ReadonlyMap<string, PlaceOfProperty> {
  if (given.names) return given.names;
  const names = new Map<string, PlaceOfProperty>();
  for (const [index, entry] of given.entries.entries()) {
    if (entry.type === "property") names.set(entry.name.text, { name: entry.name.span, value: entry.value.span });
    else if (entry.type === "body-spread") {
      const { span } = entry.value;
      run.settle(() => {
        const fields = spreadRecord(run, given, index);
        if (failed(fields)) return fields;
        for (const name of fields.keys()) names.set(name, { name: span, value: span });
        return null;
      });
    }
  }
  given.names = names;
  return names;
}
