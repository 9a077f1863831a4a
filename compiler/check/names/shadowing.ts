import type { Name } from "../../../grammar/ast.ts";
import { diagnostic } from "../../messages.ts";
import type { Checker } from "../checker.ts";
import { lookUp, type Binding, type Scope } from "./name-scope.ts";

/** Reports a name that already means something of the person's own; built-in names and used files may be covered. */
export function reportShadowing(
  name: Name,
  what: string,
  here: ReadonlyMap<string, Binding>,
  outer: Scope | undefined,
  checker: Checker,
): void {
  const twin = here.get(name.text);
  const around = twin ?? (outer && lookUp(name.text, outer));
  if (!around || around.type === "module") return;
  const span = spanOf(around);
  const data = { name: name.text, what, other: wordsFor(around), outer: twin === undefined };
  const related = span ? [{ span, message: "declared here" }] : [];
  checker.report(diagnostic("T121", name.span, data, { related }));
}

function wordsFor(binding: Binding): string {
  switch (binding.type) {
    case "value":
      return binding.what;
    case "function":
      return "a function";
    case "resource":
      return wordsForResource(binding.resource.node.type);
    case "module":
      return "a used file";
  }
}

function wordsForResource(type: "file" | "layer" | "resource" | "stack"): string {
  return type === "file" ? "a used file" : `a ${type}`;
}

function spanOf(binding: Binding): Name["span"] | undefined {
  if (binding.type === "value") return binding.span;
  if (binding.type === "function") return binding.declaration.name.span;
  if (binding.type === "resource" && binding.resource.node.type !== "file") return binding.resource.node.name.span;
  return undefined;
}
