import type { Type } from "../../kind/type.ts";

/** Types that need no details, shared so that comparing them is cheap. */
export const boolType: Type = { type: "bool" };
export const commandType: Type = { type: "command" };
export const durationType: Type = { type: "duration" };
export const intType: Type = { type: "int" };
export const modeType: Type = { type: "mode" };
export const noneType: Type = { type: "none" };
export const sizeType: Type = { type: "size" };
export const stringType: Type = { type: "string" };
/** The type of what an empty list holds: no value is of it, so it goes with every other. */
export const nothingType: Type = { type: "union", members: [] };
/** What an expression with a mistake has; it fits everything, so that one mistake gives one message. */
export const unknownType: Type = { type: "unknown" };

/** Whether a value of this type can stand in the middle of text. */
export function isRenderable(type: Type): boolean {
  switch (type.type) {
    case "bool":
    case "duration":
    case "int":
    case "literals":
    case "mode":
    case "size":
    case "string":
    case "unknown":
      return true;
    case "secret":
    case "later":
      return isRenderable(type.of);
    case "union":
      return type.members.every(isRenderable);
    default:
      return false;
  }
}
