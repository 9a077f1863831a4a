import type { Expression } from "../../../grammar/ast.ts";
import type { Type } from "../../kind/type.ts";

/** A value that is written out, as a comparison or a pattern names it. */
export type Literal =
  | { readonly type: "string"; readonly text: string }
  | { readonly type: "int" | "bool" }
  | { readonly type: "none" };

/** The value that an expression writes out; undefined for one that is computed. */
export function literalOf(expression: Expression): Literal | undefined {
  switch (expression.type) {
    case "none":
    case "int":
    case "bool":
      return { type: expression.type };
    case "string": {
      const text = literalText(expression);
      return text === undefined ? undefined : { type: "string", text };
    }
    default:
      return undefined;
  }
}

/** The value of a text without holes. */
export function literalText(expression: Expression): string | undefined {
  if (expression.type !== "string") return undefined;
  let text = "";
  for (const part of expression.parts) {
    if (part.type === "hole") return undefined;
    text += part.text;
  }
  return text;
}

/** The part of a type that may be the value; undefined when none of it may. */
export function narrowedTo(type: Type, value: Literal): Type | undefined {
  switch (type.type) {
    case "unknown":
      return type;
    case "optional":
      return value.type === "none" ? { type: "none" } : narrowedTo(type.of, value);
    case "union":
      return unionOf(type.members.flatMap((member) => narrowedTo(member, value) ?? []));
    case "literals":
      return value.type === "string" && type.values.includes(value.text)
        ? { type: "literals", values: [value.text] }
        : undefined;
    default:
      return type.type === value.type ? type : undefined;
  }
}

/** What is left of a type without the value; undefined when nothing is. */
export function narrowedAway(type: Type, value: Literal): Type | undefined {
  switch (type.type) {
    case "optional": {
      if (value.type === "none") return type.of;
      const rest = narrowedAway(type.of, value);
      return rest && { type: "optional", of: rest };
    }
    case "none":
      return value.type === "none" ? undefined : type;
    case "union":
      return unionOf(type.members.flatMap((member) => narrowedAway(member, value) ?? []));
    case "literals": {
      if (value.type !== "string") return type;
      const values = type.values.filter((one) => one !== value.text);
      return values.length > 0 ? { type: "literals", values } : undefined;
    }
    default:
      return type;
  }
}

/** Of a union of records the members whose field passes; undefined where that tells nothing. */
export function recordsWhere(type: Type, field: string, passes: (type: Type) => boolean): Type | undefined {
  if (type.type !== "union" || !type.members.every((member) => member.type === "record")) return undefined;
  const members = type.members.filter((member) => {
    if (member.type !== "record" || !Object.hasOwn(member.fields, field)) return false;
    const found = member.fields[field];
    return found !== undefined && passes(found.type);
  });
  return members.length === type.members.length ? undefined : unionOf(members);
}

function unionOf(members: readonly Type[]): Type | undefined {
  const [only] = members;
  return members.length > 1 ? { type: "union", members } : only;
}
