import type { TypeNode } from "../../../grammar/ast.ts";
import { diagnostic } from "../../messages.ts";
import { resolveType } from "../../resolve-type.ts";
import type { Checker } from "../checker.ts";
import type { Scope } from "../names/name-scope.ts";

/** Checks a type where it is written: its names, its limits, the defaults of its fields. */
export function checkTypeNode(node: TypeNode, scope: Scope, checker: Checker): void {
  resolveType(node, scope.module, checker.report);
  checkParts(node, scope, checker);
}

/** Checks what stands inside a written type besides names: defaults, and what cannot be used yet. */
export function checkParts(node: TypeNode, scope: Scope, checker: Checker): void {
  switch (node.type) {
    case "literal-type":
      return;
    case "union-type":
      for (const member of node.members) checkParts(member, scope, checker);
      return;
    case "record-type":
      for (const { name, valueType, default: value } of node.fields) {
        checkParts(valueType, scope, checker);
        if (!value) continue;
        const type = resolveType(valueType, scope.module, () => {});
        // A type belongs to no one place, so its defaults see what every resource of the file sees.
        checker.expect(value, type, checker.sharedScope(scope.module), `\`${name.text}\``);
      }
      return;
    case "named-type": {
      for (const argument of node.arguments) checkParts(argument, scope, checker);
      const [first] = node.name.parts;
      if (first?.text !== "later" || node.name.parts.length > 1 || scope.module.types.has("later")) return;
      checker.report(diagnostic("N001", node.span, { what: "a value that is known only during the run" }));
    }
  }
}
