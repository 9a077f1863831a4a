import { type SourceFile, type Span, positionAt } from "../../grammar/source.ts";
import type { Catalog, Container, Edge, Observe, Resource } from "../catalog.ts";
import { conform, Misfit as TypeMisfit, noDefaults } from "../evaluate/values/conform.ts";
import { failed } from "../evaluate/state/failure.ts";
import { observesOf } from "../graph/condition-observes.ts";
import { type Kind, type Want, withoutFootprint } from "../kind/kind.ts";
import { lifeCycleEvents } from "../life-cycle.ts";
import type { Blob, Value } from "../kind/value.ts";
import { condition } from "./condition-shape.ts";
import { count, listOf, mapOf, type Misfit, oneOf, record, text, yesNo } from "./shape.ts";
import { fromForm, toForm, type ValueForm, valueForm } from "./value-form.ts";

/** A place of the recipe; `depth` counts the places through which it came to be declared. */
interface PlaceForm {
  readonly file: string;
  readonly line: number;
  readonly depth: number;
}

/** A catalog as JSON has it: what the host should be, without the recipe's text. */
export interface CatalogForm {
  readonly host: string;
  readonly resources: readonly (Pick<
    Resource,
    "containers" | "during" | "event" | "id" | "retry" | "timeoutMilliseconds" | "when"
  > & {
    readonly isPartial?: boolean;
    readonly kind: string;
    readonly title: string;
    readonly properties: Readonly<Record<string, ValueForm>>;
    readonly stated: readonly string[];
    readonly declared: readonly PlaceForm[];
  })[];
  readonly containers: readonly (Pick<Container, "containers" | "during" | "id"> & {
    readonly declared: readonly PlaceForm[];
  })[];
  readonly edges: readonly Omit<Edge, "span">[];
  readonly observes: readonly Omit<Observe, "span">[];
}

const place = record({ file: text, line: count, depth: count });

const catalogForm = record({
  host: text,
  resources: listOf(
    record(
      {
        id: text,
        kind: text,
        title: text,
        properties: mapOf(valueForm),
        stated: listOf(text),
        declared: listOf(place),
        containers: listOf(text),
      },
      {
        retry: record({ count, everyMilliseconds: count }),
        timeoutMilliseconds: count,
        when: condition,
        isPartial: yesNo,
        during: text,
        event: oneOf(...lifeCycleEvents),
      },
    ),
  ),
  containers: listOf(record({ id: text, declared: listOf(place), containers: listOf(text) }, { during: text })),
  edges: listOf(
    record(
      {
        from: text,
        to: text,
        reason: oneOf("before", "inferred", "life-cycle", "notify", "reference", "require"),
        because: text,
      },
      { event: text },
    ),
  ),
  observes: listOf(
    record(
      {
        index: count,
        name: text,
        command: record({ type: oneOf("command"), script: text, arguments: listOf(text), shown: text }),
        result: oneOf("bool", "json", "lines", "string"),
        optional: yesNo,
      },
      { unreadable: text },
    ),
  ),
});

/** The catalog as it stands in a plan file. */
export function toCatalogForm(catalog: Catalog): CatalogForm {
  return {
    host: catalog.host,
    resources: catalog.resources.map(({ id, kind, want, declared, containers, ...rest }) => ({
      id,
      kind: kind.name,
      title: want.title,
      properties: Object.fromEntries(Object.entries(want.properties).map(([name, value]) => [name, toForm(value)])),
      stated: [...want.stated],
      declared: placesOf(declared),
      containers,
      ...(rest.retry ? { retry: rest.retry } : {}),
      ...(rest.timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds: rest.timeoutMilliseconds }),
      ...(rest.when ? { when: rest.when } : {}),
      ...(rest.isPartial ? { isPartial: true } : {}),
      ...(rest.during === undefined ? {} : { during: rest.during }),
      ...(rest.event === undefined ? {} : { event: rest.event }),
    })),
    containers: catalog.containers.map(({ id, declared, containers, during }) => ({
      id,
      declared: placesOf(declared),
      containers,
      ...(during === undefined ? {} : { during }),
    })),
    edges: catalog.edges.map(({ from, to, reason, because, event }) => ({
      from,
      to,
      reason,
      because,
      ...(event === undefined ? {} : { event }),
    })),
    observes: catalog.observes.map(({ index, name, command, result, optional, unreadable }) => ({
      index,
      name,
      command,
      result,
      optional,
      ...(unreadable === undefined ? {} : { unreadable }),
    })),
  };
}

/** A catalog that came from outside: itself when it is one in every part, else what is wrong and where. */
export function fromCatalogForm(
  value: unknown,
  path: string,
  kinds: ReadonlyMap<string, Kind>,
  blobs: ReadonlyMap<string, Uint8Array>,
): { readonly catalog: Catalog } | { readonly misfit: NonNullable<Misfit> } {
  const misfit = catalogForm(value, path);
  if (misfit) return { misfit };
  if (!isCatalogForm(value, path)) return { misfit: { path, wanted: "a catalog" } };
  const wrong = inconsistency(value, path);
  if (wrong) return { misfit: wrong };
  const spans = spansOf(value);
  const declared = (places: readonly PlaceForm[]) =>
    places.map((one) => ({ span: spans(one), through: Array.from({ length: one.depth }, () => spans(one)) }));
  const resources: Resource[] = [];
  for (const [at, form] of value.resources.entries()) {
    const here = `${path}.resources[${at}]`;
    const kind = kinds.get(form.kind);
    if (!kind) return { misfit: { path: `${here}.kind`, wanted: "a kind of this galley" } };
    const want = wantOf(form, kind, blobs);
    if (typeof want === "string") {
      return { misfit: { path: `${here}.properties.${want}`, wanted: `a property of ${kind.name}` } };
    }
    const { id, containers, during, event, isPartial, retry, timeoutMilliseconds, when } = form;
    resources.push({
      id,
      kind: isPartial ? withoutFootprint(kind) : kind,
      want,
      origins: new Map(),
      declared: declared(form.declared),
      containers,
      ...(retry ? { retry } : {}),
      ...(timeoutMilliseconds === undefined ? {} : { timeoutMilliseconds }),
      ...(when ? { when } : {}),
      ...(isPartial ? { isPartial: true as const } : {}),
      ...(during === undefined ? {} : { during }),
      ...(event === undefined ? {} : { event }),
    });
  }
  const catalog: Catalog = {
    host: value.host,
    resources,
    containers: value.containers.map((one) => ({ ...one, declared: declared(one.declared) })),
    edges: value.edges,
    observes: value.observes.map((one) => ({ ...one, span: nowhere })),
    blobs: new Map(
      resources.flatMap(({ want }) =>
        Object.values(want.properties).flatMap((one): [string, Blob][] => (isBlob(one) ? [[one.digest, one]] : [])),
      ),
    ),
  };
  return { catalog };
}

function isCatalogForm(value: unknown, path: string): value is CatalogForm {
  return catalogForm(value, path) === undefined;
}

/** The wanted state, or the name of the property that its kind would not take. */
function wantOf(
  form: CatalogForm["resources"][number],
  kind: Kind,
  blobs: ReadonlyMap<string, Uint8Array>,
): Want | string {
  const isKnown = (name: string) => Object.hasOwn(kind.properties, name);
  const unknown =
    Object.keys(form.properties).find((name) => !isKnown(name)) ??
    form.stated.find((name) => name !== "when" && !isKnown(name));
  if (unknown !== undefined) return unknown;
  const properties: Record<string, Value> = {};
  // In the order of the kind, as the evaluator has them.
  for (const [name, property] of Object.entries(kind.properties)) {
    const one = Object.hasOwn(form.properties, name) ? form.properties[name] : undefined;
    if (one === undefined) continue;
    const value = fromForm(one, blobs);
    const isBytes = (property.blob === true || property.reads !== undefined) && isBlob(value);
    if (!isBytes && !fits(value, property.type)) return name;
    properties[name] = value;
  }
  return { title: form.title, properties, stated: new Set(form.stated) };
}

function fits(value: Value, type: Kind["properties"][string]["type"]): boolean {
  const result = conform(value, type, noDefaults);
  return !(result instanceof TypeMisfit) && !failed(result);
}

/** Names and numbers that point to nothing. */
function inconsistency(form: CatalogForm, path: string): Misfit {
  const nodes = new Set<string>();
  for (const { id } of [...form.resources, ...form.containers]) {
    if (nodes.has(id)) return { path, wanted: `one resource ${id}` };
    nodes.add(id);
  }
  const containers = new Set(form.containers.map(({ id }) => id));
  for (const one of [...form.resources, ...form.containers]) {
    if (one.declared.length === 0) return { path, wanted: `the place of ${one.id}` };
    const around = one.during === undefined ? one.containers : [...one.containers, one.during];
    const missing = around.find((id) => !containers.has(id));
    if (missing !== undefined) return { path: `${path}.containers`, wanted: missing };
  }
  for (const [at, { from, to }] of form.edges.entries()) {
    const missing = [from, to].find((id) => !nodes.has(id));
    if (missing !== undefined) return { path: `${path}.edges[${at}]`, wanted: `resources of the plan, not ${missing}` };
  }
  const observes = new Set(form.observes.map(({ index }) => index));
  if (observes.size !== form.observes.length) return { path: `${path}.observes`, wanted: "one of each number" };
  for (const [at, { when }] of form.resources.entries()) {
    if (when && observesOf(when).some((index) => !observes.has(index))) {
      return { path: `${path}.resources[${at}].when`, wanted: "observes of the plan" };
    }
  }
  return undefined;
}

function placesOf(declared: Resource["declared"]): readonly PlaceForm[] {
  return declared.map(({ span, through }) => ({
    file: span.file.path,
    line: positionAt(span.file, span.start).line,
    depth: through.length,
  }));
}

function isBlob(value: Value): value is Blob {
  return typeof value === "object" && value !== null && "type" in value && value.type === "blob";
}

const nowhere: Span = { file: { path: "(saved plan)", text: "" }, start: 0, end: 0 };

/** More lines than any recipe has: what a forged plan says beyond it is cut, so that it cannot ask for any amount of memory. */
const mostLines = 1_000_000;

/** Spans in files that have as many empty lines as the catalog mentions: their lines can be told, their text is not known. */
function spansOf(form: CatalogForm): (place: PlaceForm) => Span {
  const lines = new Map<string, number>();
  for (const { file, line } of [...form.resources, ...form.containers].flatMap((one) => one.declared)) {
    lines.set(file, Math.max(lines.get(file) ?? 1, Math.min(line, mostLines)));
  }
  const files = new Map(
    [...lines].map(([path, last]): [string, SourceFile] => [path, { path, text: "\n".repeat(last) }]),
  );
  return ({ file, line }) => {
    const start = Math.min(Math.max(line, 1), mostLines) - 1;
    return { file: files.get(file) ?? nowhere.file, start, end: start };
  };
}
