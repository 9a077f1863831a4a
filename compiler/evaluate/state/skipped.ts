import type { Declaration, Expression, Statement } from "../../../grammar/ast.ts";
import { declarationsIn, type OwnResource } from "../../own-resource.ts";
import type { Kind } from "../../kind/kind.ts";
import type { Module } from "../../program.ts";
import { lookupKind } from "./lookup.ts";
import type { Registry } from "./registry.ts";

/** Stands for titles that are not known. */
const anyTitle = Symbol("any title");

/**
 * What statements might have declared that were not carried out, because they failed or depend on an unknown answer. Whether
 * such a resource exists is not known, so nothing is reported for want of it.
 */
export class Skipped {
  private readonly registry: Registry;
  private readonly titles = new Map<string, Set<string | typeof anyTitle>>();
  private readonly kinds = new Set<Kind>();
  private readonly opened = new Set<OwnResource>();

  constructor(registry: Registry) {
    this.registry = registry;
  }

  /** Notes everything that a statement might have declared. */
  add(statement: Statement, module: Module): void {
    for (const declaration of declarationsIn([statement])) this.addDeclaration(declaration, module);
  }

  /** Whether a resource may be declared, or be given more, by something that was not carried out. */
  has(kind: string, title: string | null): boolean {
    const titles = this.titles.get(kind);
    return titles !== undefined && (title === null || titles.has(anyTitle) || titles.has(title));
  }

  /** Whether a resource that takes an event may be declared. */
  mayTake(event: string): boolean {
    return [...this.kinds].some(({ events }) => events.includes(event));
  }

  private addDeclaration({ kind: name, titles }: Declaration, module: Module): void {
    const named = lookupKind(name, module, this.registry);
    if (!named) return;
    const kind = "kind" in named ? named.kind.name : named.definition.kind;
    const known = this.titles.get(kind) ?? new Set();
    this.titles.set(kind, known);
    for (const { value, spread } of titles) known.add((spread ? undefined : plainText(value)) ?? anyTitle);
    if ("kind" in named) this.kinds.add(named.kind);
    else this.addBody(named.definition);
  }

  /** Notes everything that the body of a resource of the user's own might have declared. */
  addBody(definition: OwnResource): void {
    if (this.opened.has(definition)) return;
    this.opened.add(definition);
    for (const declaration of definition.declarations) this.addDeclaration(declaration, definition.module);
  }
}

/** The text of a title that is written out; one that may be another way to write a path counts as unknown. */
function plainText(expression: Expression): string | undefined {
  if (expression.type !== "string") return undefined;
  const texts = expression.parts.map((part) => (part.type === "hole" ? undefined : part.text));
  const text = texts.join("");
  return texts.includes(undefined) || /\/(?:\/|\.|$)/.test(text) ? undefined : text;
}
