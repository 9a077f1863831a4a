import type { Expression } from "../../grammar/ast.ts";

/** Whether an expression is a value as it stands: nothing in it has to be calculated or looked up. */
export function isLiteral(expression: Expression): boolean {
  switch (expression.type) {
    case "bool":
    case "duration":
    case "int":
    case "mode":
    case "none":
    case "size":
      return true;
    case "command":
    case "string":
      return expression.parts.every(({ type }) => type === "text");
    case "list":
      return expression.elements.every((element) => !element.spread && isLiteral(element.value));
    case "record":
      return expression.entries.every((entry) => entry.type === "entry" && !entry.shorthand && isLiteral(entry.value));
    case "unary":
      return expression.operator === "-" && isLiteral(expression.operand);
    default:
      return false;
  }
}
