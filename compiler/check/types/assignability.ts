import { foreignWords, type Form } from "../../../grammar/foreign-words.ts";
import type { Span } from "../../../grammar/source.ts";
import type { Diagnostic } from "../../../grammar/diagnostic.ts";
import { conform, Misfit, noDefaults, partOf } from "../../evaluate/values/conform.ts";
import { failed } from "../../evaluate/state/failure.ts";
import { show } from "../../evaluate/values/render.ts";
import type { Range, Type } from "../../kind/type.ts";
import type { Value } from "../../kind/value.ts";
import { diagnostic } from "../../messages.ts";
import { suggest } from "../../suggest.ts";
import { valuesOf } from "./joined-types.ts";
import { anyOf, knownValues } from "./known-values.ts";
import { quotedType } from "./quoted-type.ts";

/** Why a value of one type does not fit another. */
export type Unfit =
  | { readonly why: "type" | "none" | "secret" }
  | { readonly why: "value"; readonly value: Value }
  | { readonly why: "missing" | "extra"; readonly fields: readonly string[] }
  /** A part of it does not fit. */
  | { readonly why: "part"; readonly path: string; readonly from: Type; readonly to: Type; readonly unfit: Unfit };

const wrongType: Unfit = { why: "type" };

/** Whether values of one type can be given where another is wanted; values that are not known yet get the benefit of the doubt. */
export function whyNotAssignable(from: Type, to: Type): Unfit | undefined {
  if (from === to || from.type === "unknown" || to.type === "unknown") return undefined;
  if (from.type === "secret") return whyNotAssignable(from.of, to.type === "secret" ? to.of : to);
  if (from.type === "later") return whyNotAssignable(from.of, to.type === "later" ? to.of : to);
  if (to.type === "later") return whyNotAssignable(from, to.of);
  if (to.type === "optional") {
    return from.type === "none" ? undefined : whyNotAssignable(from.type === "optional" ? from.of : from, to.of);
  }
  if (from.type === "optional") return whyNotAssignable(from.of, to) ?? { why: "none" };
  if (to.type === "secret") return { why: "secret" };
  if (from.type === "union")
    return from.members.map((member) => whyNotAssignable(member, to)).find((unfit) => unfit !== undefined);
  if (to.type === "union") return fitUnion(from, to.members);
  return fitPlain(from, to);
}

function fitUnion(from: Type, members: readonly Type[]): Unfit | undefined {
  let nearest: Unfit = wrongType;
  for (const member of members) {
    const unfit = whyNotAssignable(from, member);
    if (!unfit) return undefined;
    if (unfit.why !== "type") nearest = unfit;
  }
  return nearest;
}

function fitPlain(from: Type, to: Type): Unfit | undefined {
  switch (to.type) {
    case "string":
    case "literals":
      return fitText(from, to);
    case "int":
      if (from.type !== "int") return wrongType;
      return badValue(from, to) ?? (apart(from.range, to.range) ? wrongType : undefined);
    case "duration":
    case "size":
      return from.type === to.type && !apart(from.range, to.range) ? undefined : wrongType;
    case "list":
    case "set":
      if (from.type !== "list" && from.type !== "set") return wrongType;
      return within(whyNotAssignable(from.of, to.of), "[…]", from.of, to.of);
    case "map":
      if (from.type !== "map" && from.type !== "record") return wrongType;
      return from.type === "map"
        ? within(whyNotAssignable(from.of, to.of), "[…]", from.of, to.of)
        : fitFields(from, to);
    case "record":
      return from.type === "record" ? fitRecord(from, to) : wrongType;
    case "resource":
      return from.type === "resource" && from.kind === to.kind ? undefined : wrongType;
    default:
      return from.type === to.type ? undefined : wrongType;
  }
}

function fitText(from: Type, to: Extract<Type, { readonly type: "literals" | "string" }>): Unfit | undefined {
  if (from.type === "literals") return firstBad(from.values, to);
  if (from.type !== "string") return wrongType;
  const bad = badValue(from, to);
  if (bad || to.type === "literals") return bad;
  const apartly = from.refinement && to.refinement && from.refinement !== to.refinement;
  return apartly && !(from.refinement === "ip" && to.refinement === "hostname") ? wrongType : undefined;
}

function badValue(from: Type, to: Type): Unfit | undefined {
  return firstBad(knownValues(from) ?? [], to);
}

function firstBad(values: readonly (number | string)[], to: Type): Unfit | undefined {
  for (const value of values) {
    const made = conform(value, to, noDefaults);
    if (made instanceof Misfit && !failed(made)) return { why: "value", value };
  }
  return undefined;
}

function apart(one: Range | undefined, other: Range | undefined): boolean {
  return (one?.min ?? -Infinity) > (other?.max ?? Infinity) || (one?.max ?? Infinity) < (other?.min ?? -Infinity);
}

function within(unfit: Unfit | undefined, path: string, from: Type, to: Type): Unfit | undefined {
  if (!unfit) return undefined;
  if (unfit.why === "part") {
    const joint = unfit.path.startsWith("[") ? "" : ".";
    return { ...unfit, path: `${path}${joint}${unfit.path}` };
  }
  return { why: "part", path, from, to, unfit };
}

function fitFields(
  from: Extract<Type, { readonly type: "record" }>,
  to: Extract<Type, { readonly type: "map" }>,
): Unfit | undefined {
  for (const [name, field] of Object.entries(from.fields)) {
    const unfit = within(whyNotAssignable(field.type, to.of), partOf("", [name]).replace(/^\./, ""), field.type, to.of);
    if (unfit) return unfit;
  }
  return undefined;
}

function fitRecord(
  from: Extract<Type, { readonly type: "record" }>,
  to: Extract<Type, { readonly type: "record" }>,
): Unfit | undefined {
  const extra = Object.keys(from.fields).filter((name) => !Object.hasOwn(to.fields, name));
  if (extra.length > 0) return { why: "extra", fields: extra };
  const missing: string[] = [];
  for (const [name, wanted] of Object.entries(to.fields)) {
    const given = Object.hasOwn(from.fields, name) ? from.fields[name] : undefined;
    if (!given) {
      if (wanted.hasDefault !== true && wanted.type.type !== "optional") missing.push(name);
      continue;
    }
    const unfit = within(whyNotAssignable(given.type, wanted.type), name, given.type, wanted.type);
    if (unfit) return unfit;
  }
  return missing.length > 0 ? { why: "missing", fields: missing } : undefined;
}

/** Says why a value does not fit, at the place where it stands; `subject` is what takes it, as a sentence begins. */
export function unfitDiagnostic(span: Span, from: Type, to: Type, unfit: Unfit, subject: string): Diagnostic {
  const wants = quotedType(to);
  switch (unfit.why) {
    case "part": {
      const part =
        subject.startsWith("`") && subject.indexOf("`", 1) === subject.length - 1 ? subject.slice(1, -1) : "";
      const joint = part === "" || unfit.path.startsWith("[") ? "" : ".";
      return unfitDiagnostic(span, unfit.from, unfit.to, unfit.unfit, `\`${part}${joint}${unfit.path}\``);
    }
    case "none":
      return from.type === "none"
        ? diagnostic("T130", span, { subject, wants, has: "none" })
        : diagnostic("T136", span, { subject, inner: wants });
    case "secret":
      return diagnostic("T150", span, { subject });
    case "value":
      return badValueDiagnostic(span, unfit.value, to, subject);
    case "missing":
      return diagnostic("T133", span, { subject, missing: unfit.fields, type: wants });
    case "extra": {
      const known = to.type === "record" ? Object.keys(to.fields) : [];
      const [field = ""] = unfit.fields;
      return diagnostic("T134", span, { subject, field, known, suggestion: suggest(field, known) });
    }
    case "type":
      return mismatch(span, from, to, subject);
  }
}

/** The allowed value that means the same as another tool's word. */
function foreignValue(word: string, allowed: readonly string[]): Form | undefined {
  const form = foreignWords.get(word)?.value;
  return allowed.some((one) => form?.write === JSON.stringify(one)) ? form : undefined;
}

/** Says why one value does not fit a type. */
export function badValueDiagnostic(span: Span, value: Value, to: Type, subject: string): Diagnostic {
  const target = to.type === "optional" ? to.of : to;
  if (typeof value === "string" && target.type === "literals") {
    const allowed = target.values;
    return diagnostic("T132", span, {
      subject,
      value,
      allowed,
      suggestion: suggest(value, allowed),
      form: foreignValue(value, allowed),
    });
  }
  const made = conform(value, target, noDefaults);
  const problem = made instanceof Misfit ? made.problem : `cannot be ${show(value)}`;
  return diagnostic("T131", span, { subject, problem });
}

function mismatch(span: Span, from: Type, to: Type, subject: string): Diagnostic {
  const has = quotedType(anyOf(from));
  return diagnostic("T130", span, { subject, wants: quotedType(to), has, hint: hintFor(from, to) });
}

/** How people come to write one type for another, and what to write instead. */
function hintFor(from: Type, to: Type): string | undefined {
  const target = to.type === "optional" ? to.of : to;
  const lists = target.type === "list" || target.type === "set";
  if (lists && !whyNotAssignable(from, target.of)) return "one value as a list is written [value]";
  if (target.type === "size" && from.type === "int") return "a size has a unit: 512MiB, 2GiB, 10MB";
  if (target.type === "duration" && from.type === "int") return "a duration has a unit: 500ms, 30s, 5m, 1h30m";
  if (target.type === "mode" && from.type === "string") return "a mode stands without quotes: 0644";
  if (target.type === "command" && from.type === "string") return 'a command is written sh"…"';
  if (target.type === "bool" && from.type === "string") return "true and false stand without quotes";
  if (target.type === "int" && from.type === "string") return "a number stands without quotes";
  if (isText(target) && isScalar(from)) return 'as text it is written "${…}"';
  if (target.type === "record" && from.type === "map") return "which fields a map has is not known in advance";
  return undefined;
}

function isText(type: Type): boolean {
  return type.type === "string" || type.type === "literals";
}

function isScalar(type: Type): boolean {
  return ["bool", "duration", "int", "mode", "size"].includes(type.type);
}

/** The type that everything in a keyed value has. */
export function entryType(type: Type): Type | undefined {
  return type.type === "map" || type.type === "record" ? valuesOf(type) : undefined;
}
