import type { Set as SetNode } from "../../grammar/ast.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { diagnostic } from "../messages.ts";
import type { OwnResource, OwnResources } from "../own-resource.ts";
import { suggest } from "../suggest.ts";

/** The input that a `set` means: `apache.server.workers`, `hardening.admins`, `shop.domain`. */
export function findInput(
  { target }: SetNode,
  resources: OwnResources,
  report: (found: Diagnostic) => void,
): { readonly kind: string; readonly input: string } | undefined {
  const words = target.parts.map(({ text }) => text);
  const input = words.at(-1) ?? "";
  const kind = words.slice(0, -1).join(".");
  const owner = settable(resources).find((one) => one.kind === kind);
  if (owner?.inputs.has(input)) return { kind, input };
  const known = settable(resources).flatMap((one) => [...one.inputs.keys()].map((name) => `${one.kind}.${name}`));
  const suggestion = suggest(words.join("."), known);
  const inputs = owner && { kind, inputs: [...owner.inputs.keys()] };
  report(diagnostic("D105", target.span, { name: words.join("."), suggestion, owner: inputs, known }));
  return undefined;
}

/** The resources of which there is one per host, whose inputs data can set. */
function settable({ root, all }: OwnResources): readonly OwnResource[] {
  return [root, ...[...all.values()].filter(({ title }) => !title)].filter(({ inputs }) => inputs.size > 0);
}
