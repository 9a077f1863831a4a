import { count, listOf, record, type Shape, text, yesNo } from "./shape.ts";

/** What a condition looks like in a plan file. */
export const condition: Shape = (value, path) => {
  const type = typeof value === "object" && value !== null && "type" in value ? value.type : undefined;
  switch (type) {
    case "constant":
      return record({ type: text, value: yesNo })(value, path);
    case "succeeds":
    case "fails":
      return record({ type: text, observe: count })(value, path);
    case "equals":
      return record({ type: text, observe: count, text })(value, path);
    case "seen":
      return record({ type: text, observe: count, value: yesNo })(value, path);
    case "not":
      return record({ type: text, of: condition })(value, path);
    case "and":
    case "or":
      return record({ type: text, of: listOf(condition) })(value, path);
    default:
      return { path, wanted: "a condition" };
  }
};
