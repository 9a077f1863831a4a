import type { Value } from "../kind/value.ts";
import { count, digest, listOf, oneOf, record, type Shape, text, whole } from "./shape.ts";

/** A value of a plan file as JSON has it: a map is `{"type": "map", "entries": [[KEY, VALUE]]}`, bytes are named by digest. */
export type ValueForm =
  | null
  | boolean
  | number
  | string
  | readonly ValueForm[]
  | { readonly type: "map"; readonly entries: readonly (readonly [string, ValueForm])[] }
  | { readonly type: "blob"; readonly digest: string; readonly size: number }
  | Exclude<Extract<Value, { readonly type: string }>, { readonly type: "blob" }>;

/** The value as it stands in a plan file. */
export function toForm(value: Value): ValueForm {
  if (value === null || typeof value !== "object") return value;
  if (isMap(value)) return { type: "map", entries: [...value].map(([key, one]) => [key, toForm(one)] as const) };
  if (isList(value)) return value.map(toForm);
  if (value.type !== "blob") return value;
  return { type: "blob", digest: value.digest, size: value.size };
}

/** The value that a form represents. Bytes come from the file; those that no step sends are not in it, and are empty. */
export function fromForm(form: ValueForm, blobs: ReadonlyMap<string, Uint8Array>): Value {
  if (form === null || typeof form !== "object") return form;
  if (isListForm(form)) return form.map((one) => fromForm(one, blobs));
  if (form.type === "map") return new Map(form.entries.map(([key, one]) => [key, fromForm(one, blobs)]));
  if (form.type === "blob") return { ...form, bytes: blobs.get(form.digest) ?? new Uint8Array() };
  return form;
}

const entry: Shape = (value, path) => {
  if (!Array.isArray(value) || value.length !== 2) return { path, wanted: "a key and its value" };
  return text(value[0], `${path}[0]`) ?? valueForm(value[1], `${path}[1]`);
};

const tagged: Readonly<Record<string, Shape>> = {
  map: record({ type: text, entries: listOf(entry) }),
  blob: record({ type: text, digest, size: count }),
  mode: record({ type: text, bits: count }),
  duration: record({ type: text, milliseconds: whole }),
  size: record({ type: text, bytes: whole }),
  command: record({ type: text, script: text, arguments: listOf(text), shown: text }),
  reference: record(
    { type: oneOf("reference"), kind: text, title: (value, path) => (value === null ? undefined : text(value, path)) },
    { event: text },
  ),
  candidate: record({ type: text }),
};

/** What a value may look like in a plan file. */
export const valueForm: Shape = (value, path) => {
  if (value === null || typeof value === "boolean" || typeof value === "string") return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : { path, wanted: "a number" };
  if (Array.isArray(value)) return listOf(valueForm)(value, path);
  const type = typeof value === "object" && "type" in value ? value.type : undefined;
  const shape = typeof type === "string" && Object.hasOwn(tagged, type) ? tagged[type] : undefined;
  return shape ? shape(value, path) : { path, wanted: "a value" };
};

function isMap(value: Value): value is ReadonlyMap<string, Value> {
  return value instanceof Map;
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isListForm(form: ValueForm): form is readonly ValueForm[] {
  return Array.isArray(form);
}
