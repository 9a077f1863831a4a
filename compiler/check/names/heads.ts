import type { QualifiedName } from "../../../grammar/ast.ts";
import { foreignWords } from "../../../grammar/foreign-words.ts";
import { diagnostic } from "../../messages.ts";
import type { Module } from "../../program.ts";
import { mayDeclare, qualifiedKind } from "../../resolve-type.ts";
import { suggest } from "../../suggest.ts";
import { literalText } from "../types/narrowed-types.ts";
import type { Checker, Head } from "../checker.ts";
import type { OwnResource } from "../../own-resource.ts";
import { plannedKinds } from "./planned.ts";

const unknownHead: Head = { type: "unknown" };
const hostHead: Head = { type: "host" };

/** What the first word of a declaration names, nothing reported. */
export function findHead(name: QualifiedName, module: Module, checker: HeadContext): Head | undefined {
  const [first, second, third] = name.parts.map((part) => part.text);
  if (first === undefined || third !== undefined) return undefined;
  const used = module.uses.get(first)?.module;
  if (second === undefined) {
    const own = ownResource(module, first, checker) ?? (used && fileResource(used, checker));
    if (own) return own;
    if (first === "host") return hostHead;
    const kind = checker.program.kinds.get(first);
    return kind && { type: "kind", kind };
  }
  if (used) return used.unavailable ? unknownHead : ownResource(used, second, checker);
  const kind = first === "std" ? checker.program.kinds.get(second) : undefined;
  return kind && { type: "kind", kind };
}

type HeadContext = Pick<Checker, "program" | "resources">;

function ownResource(module: Module, name: string, checker: HeadContext): Head | undefined {
  const resource = module.resources.has(name) ? checker.resources.get(qualifiedKind(module, name)) : undefined;
  return resource && { type: "own", resource };
}

function fileResource(module: Module, checker: HeadContext): Head {
  const resource: OwnResource | undefined = checker.resources.get(module.name);
  return resource && !module.unavailable ? { type: "own", resource } : unknownHead;
}

/** What the first word of a declaration names; a word that names nothing is reported. */
export function resolveHead(name: QualifiedName, module: Module, checker: Checker): Head | undefined {
  const found = findHead(name, module, checker);
  if (found) return found;
  const text = name.parts.map((part) => part.text).join(".");
  if (text === "cookbook") {
    checker.report(diagnostic("N001", name.span, { what: "the description of a cookbook" }));
    return undefined;
  }
  if (plannedKinds.has(text)) {
    checker.report(diagnostic("N001", name.span, { what: `the kind \`${text}\`` }));
    return undefined;
  }
  const last = name.parts.at(-1)?.text ?? "";
  const [first] = name.parts;
  if (mayDeclare(module, "resource|use|as", first?.text ?? "")) return undefined;
  if (first && isMeantToBeUsed(first.text, module, checker)) return undefined;
  const known = [...headNames(module, checker)];
  const elsewhere = known.find((one) => one.endsWith(`.${last}`) && one !== text);
  const suggestion = name.parts.length === 1 && elsewhere !== undefined ? elsewhere : suggest(text, [...known, "use"]);
  const used = module.uses.get(name.parts[0]?.text ?? "")?.module;
  const hint =
    used && name.parts.length > 1
      ? used.resources.size > 0
        ? `${name.parts[0]?.text ?? ""} has: ${[...used.resources.keys()].join(", ")}`
        : `${used.source.path} declares no resources`
      : checker.functions.has(text)
        ? `\`${text}\` is a function: ${text}(…)`
        : undefined;
  const form = foreignWords.get(text)?.statement;
  checker.report(diagnostic("R104", name.span, { name: text, suggestion, hint, form }));
  return undefined;
}

/** The word of a declaration without a body whose kind does not exist: `usee apache` is meant to use a file. */
export function isMeantToBeUsed(name: string, module: Module, checker: HeadContext): boolean {
  return module.ast.items.some((item) => {
    if (item.type !== "declaration" || item.body || item.titles.length !== 1) return false;
    const [word] = item.kind.parts;
    if (!word || item.kind.parts.length > 1 || word.text === name) return false;
    const isUse =
      suggest(word.text, ["use"]) !== undefined || foreignWords.get(word.text)?.statement?.write?.startsWith("use ");
    if (isUse !== true || findHead(item.kind, module, checker)) return false;
    const [title] = item.titles;
    const written = title?.value.type === "name" ? title.value.name : title && literalText(title.value);
    return written?.replace(/^.*\//, "").replace(/\.recipe$/, "") === name;
  });
}

function* headNames(module: Module, checker: Checker): Generator<string> {
  yield* module.resources.keys();
  for (const [local, { module: used }] of module.uses) {
    yield local;
    for (const name of used.resources.keys()) yield `${local}.${name}`;
  }
  yield* checker.program.kinds.keys();
}
