import type { Input } from "../../../grammar/ast.ts";
import { type Composite, isGroup } from "../state/declared-resource.ts";
import { partOfJoined } from "../../kind/joined-type.ts";
import { failed, reported, type Result, Unsealed, withheld } from "../state/failure.ts";
import { fit } from "../values/fit.ts";
import { bareType } from "../../kind/bare-type.ts";
import type { Type } from "../../kind/type.ts";
import { type DataValue, givenByData, type GivenByData } from "./data-value.ts";
import { givenThunk } from "./given.ts";
import { placeOf } from "./source-places.ts";
import { type Contribution, merge } from "./merge.ts";
import { observeKey, observedValue } from "../observes/observed-value.ts";
import type { Binders } from "../state/registry.ts";
import type { Run } from "../state/run.ts";
import type { Naming, Scope } from "../state/scope.ts";
import { knownThunk, Thunk } from "../state/thunk.ts";

/** Makes the thunks behind names; the run is asked for when a name is first needed. */
export function bindersFor(run: () => Run): Binders {
  return {
    letOf: (naming, scope) => {
      // A file's lets see its inputs too; the resources that see the lets do not.
      const file = run().registry.fileResource(scope.module);
      return bindNaming(run(), naming, file?.scope ?? scope, file);
    },
    namingOf: (naming, scope, composite) => bindNaming(run(), naming, scope, composite),
    titleOf: ({ definition, title }) =>
      knownThunk(definition.title?.name.text ?? "", definition.title?.name.span ?? definition.node.span, title),
  };
}

/** The value of a name that a statement declares. */
export function bindNaming(run: Run, naming: Naming, scope: Scope, composite: Composite | undefined): Thunk {
  if (naming.type === "let") {
    const { value: expression, valueType } = naming;
    const compute = (): Result => {
      const value = run.evaluate(expression, scope);
      if (failed(value) || !valueType) return value;
      const type = run.typeOf(valueType, scope.module);
      return fit(run, value, type, { subject: naming.name.text, span: expression.span, expression, scope });
    };
    return new Thunk(naming.name.text, naming.name.span, () => run.inside(composite, compute), {
      source: { expression, scope },
    });
  }
  const { field } = naming;
  const name = field.name.text;
  if (naming.type === "input") {
    const thunk: Thunk = new Thunk(name, field.name.span, () =>
      composite ? run.inside(composite, () => inputValue(run, naming, composite, thunk)) : reported,
    );
    return thunk;
  }
  if (naming.type === "observe") {
    const key = observeKey(naming, scope);
    const compute = (): Result => {
      if (!run.machine) return run.report("H103", field.name.span, { what: `the answer of \`${name}\`` });
      run.touchObserve(key);
      return observedValue(run, key, naming, scope);
    };
    return new Thunk(name, field.name.span, compute, { observe: key });
  }
  const expression = field.default;
  if (!expression) return knownThunk(name, field.name.span, reported);
  const compute = (): Result => {
    const value = run.evaluate(expression, scope);
    if (failed(value)) return value;
    const type = run.typeOf(field.valueType, scope.module);
    return fit(run, value, type, { subject: name, span: expression.span, expression, scope });
  };
  return new Thunk(name, field.name.span, () => run.inside(composite, compute), { source: { expression, scope } });
}

/** What all declarations of a resource of the person's own together give one of its inputs. */
function inputValue(run: Run, { field }: Input, composite: Composite, thunk: Thunk): Result {
  const { definition } = composite;
  const name = field.name.text;
  const isRoot = definition === run.registry.rootDefinition;
  if (!isRoot) {
    if (run.registry.open.has(definition)) return new Unsealed(definition, composite.id, name);
    if (composite.declarings.length === 0) {
      if (run.skipped.has(definition.kind, composite.titleText)) return withheld;
      if (definition.node.type !== "file") return reported;
      return run.report("E202", field.name.span, { file: definition.kind, input: name });
    }
  }
  const type = run.typeOf(field.valueType, definition.module);
  const contributions: Contribution[] = [];
  for (const declaring of composite.declarings) {
    // Whether it gives anything is itself decided by these.
    for (const key of declaring.controls) run.touchObserve(key);
    const given = givenThunk(run, declaring.given, name);
    if (failed(given)) return given;
    if (!given) continue;
    const raw = run.force(given);
    if (failed(raw)) return raw;
    const { source, span } = given;
    const purpose = { subject: name, span, expression: source?.expression, scope: source?.scope };
    const value = fit(run, raw, composite.declarings.length > 1 ? partOfJoined(type) : type, purpose);
    if (failed(value)) return value;
    contributions.push({ value, span, declaring });
    thunk.source = composite.declarings.length === 1 ? source : undefined;
  }
  const data = givenByData(run, definition, name, type);
  if (failed(data)) return data;
  const chosen = chooseData(run, data, contributions, type);
  if (chosen) {
    thunk.source = undefined;
    return chosen.value;
  }
  const [first, ...others] = contributions;
  if (first) {
    const merged = merge(run, composite.id, name, type, [first, ...others]);
    return failed(merged) || contributions.length === 1
      ? merged
      : fit(run, merged, type, { subject: name, span: first.span });
  }
  if (!field.default) {
    if (type.type === "optional") return null;
    // The root's missing inputs are listed together, before anything is evaluated.
    if (isRoot) return reported;
    if (run.skipped.has(definition.kind, composite.titleText)) return withheld;
    const span = composite.declarings[0]?.span ?? field.name.span;
    if (isGroup(composite)) return run.report("R121", field.name.span, { names: [`${definition.kind}.${name}`] });
    return run.report("R105", span, { resource: composite.id, missing: [name] });
  }
  const expression = field.default;
  const { scope } = composite;
  const value = run.evaluate(expression, scope);
  if (failed(value)) return value;
  thunk.source = { expression, scope };
  return fit(run, value, type, { subject: name, span: expression.span, expression, scope });
}

/**
 * What data gives an input for good; undefined when the recipe decides. Of a set or a map the files of data are one more
 * contribution, else the recipe wins over them. The command line wins over all.
 */
function chooseData(
  run: Run,
  { files, setting }: GivenByData,
  contributions: Contribution[],
  type: Type,
): DataValue | undefined {
  const isCalled = contributions.length > 0;
  const joins = ["map", "set"].includes(bareType(type).type);
  const first = contributions[0];
  const calledAt = first && placeOf(first.span);
  if (files) {
    const hider = setting ? "--set" : isCalled && !joins ? `the recipe, ${calledAt ?? ""}` : undefined;
    run.noteData(files.entries, hider);
  }
  if (setting) {
    run.noteData(setting.entries, undefined);
    return setting;
  }
  if (!files) return undefined;
  if (!isCalled) return files;
  if (joins) contributions.push({ value: files.value, span: files.entry.node.value.span });
  return undefined;
}
