import type { Declaration } from "../../../grammar/ast.ts";
import { diagnostic } from "../../messages.ts";
import type { Checker } from "../checker.ts";

/**
 * Warns of a file whose resources are declared while what stands at its own top is not: its package or service would be left out
 * without a word.
 */
export function reportUndeclaredFiles(checker: Checker): void {
  for (const resource of checker.resources.values()) {
    const [first] = resource.node.type === "file" ? resource.declarations : [];
    if (!first || checker.declarationsOf(resource.kind).length > 0) continue;
    const parts = [...resource.module.resources.keys()].map((name) => `${resource.module.name}.${name}`);
    if (!parts.some((part) => checker.declarationsOf(part).length > 0)) continue;
    for (const user of checker.program.modules) {
      for (const { use, localName, module } of user.uses.values()) {
        if (module !== resource.module) continue;
        checker.report(
          diagnostic("L109", use.span, { file: module.source.path, first: shown(first), name: localName.text }),
        );
      }
    }
  }
}

function shown(declaration: Declaration): string {
  const kind = declaration.kind.parts.map((part) => part.text).join(".");
  const [title] = declaration.titles;
  const known = title?.value.type === "string" ? title.value.parts : [];
  const [text] = known;
  return known.length === 1 && text?.type === "text" ? `${kind}["${text.text}"]` : `a ${kind}`;
}
