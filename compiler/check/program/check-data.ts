import type { DataEntry } from "../../data/data.ts";
import { isLiteral } from "../../data/literal.ts";
import { bareType, withoutLength } from "../../kind/bare-type.ts";
import type { Type } from "../../kind/type.ts";
import { diagnostic } from "../../messages.ts";
import type { OwnResource } from "../../own-resource.ts";
import type { Checker } from "../checker.ts";
import { silently } from "../names/body-scopes.ts";
import { rootScope } from "../names/name-scope.ts";
import { quotedType } from "../types/quoted-type.ts";

/** Checks the values that data files and the command line give inputs. */
export function checkData(checker: Checker, root: OwnResource): void {
  for (const entry of checker.program.data.entries) {
    const owner = entry.kind === root.kind ? root : checker.resources.get(entry.kind);
    const field = owner?.inputs.get(entry.input)?.field;
    if (!owner || !field) continue;
    const type = silently(field.valueType, owner.module);
    if (entry.isOfTest) checker.expect(entry.node.value, type, checker.bodyScope(root), `\`${entry.input}\``);
    else checkEntry(entry, type, checker);
  }
}

function checkEntry({ append, input, kind, node }: DataEntry, type: Type, checker: Checker): void {
  const { value } = node;
  const name = `${kind}.${input}`;
  if (!isLiteral(value)) {
    checker.report(diagnostic("D103", value.span, { name }));
    return;
  }
  if (append && !["list", "map", "set"].includes(bareType(type).type)) {
    checker.report(diagnostic("D104", node.target.span, { name, type: quotedType(type) }));
    return;
  }
  // What is added need not be long enough for the whole.
  checker.expect(value, append ? withoutLength(type) : type, rootScope(checker.program.root, new Map()), `\`${name}\``);
}
