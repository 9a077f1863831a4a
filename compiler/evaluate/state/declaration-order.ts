import type { Span } from "../../../grammar/source.ts";
import type { Kind } from "../../kind/kind.ts";
import type { OwnResource } from "../../own-resource.ts";
import { type Definitions, lookupKind } from "./lookup.ts";

/** A kind of resource: built in, or of the person's own. */
export type AnyKind = Kind | OwnResource;

/** A definition, and what its body may declare. */
export interface Declarer {
  readonly definition: OwnResource;
  readonly declares: ReadonlySet<AnyKind>;
}

/** Definitions that declare themselves, directly or through each other. */
export interface Recursion {
  /** The statement that closes the cycle. */
  readonly span: Span;
  /** Their kinds, each declaring the next. */
  readonly names: readonly string[];
}

/** The definitions that the root can reach, each behind all that can declare it, without those that declare themselves. */
export interface DeclarationOrder {
  readonly declarers: readonly Declarer[];
  readonly recursions: readonly Recursion[];
}

/** What a body declares, with the first place that does. */
type Declared = ReadonlyMap<AnyKind, Span>;

/** Orders the definitions of a program by who may declare whom. */
export function declarationOrder(from: Definitions & { readonly rootDefinition: OwnResource }): DeclarationOrder {
  const declares = new Map<OwnResource, Declared>();
  const finished: OwnResource[] = [];
  const path: OwnResource[] = [];
  const inPath = new Set<OwnResource>();
  const recursive = new Set<OwnResource>();
  const recursions: Recursion[] = [];
  const pending: { readonly definition: OwnResource; leave: boolean }[] = [
    { definition: from.rootDefinition, leave: false },
  ];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { definition } = next;
    if (next.leave) {
      path.pop();
      inPath.delete(definition);
      finished.push(definition);
      continue;
    }
    if (inPath.has(definition)) {
      const cycle = path.slice(path.indexOf(definition));
      if (cycle.some((one) => !recursive.has(one))) recursions.push(recursionOf(cycle, declares));
      for (const one of cycle) recursive.add(one);
      continue;
    }
    if (declares.has(definition)) continue;
    const direct = declaredKinds(definition, from);
    declares.set(definition, direct);
    path.push(definition);
    inPath.add(definition);
    pending.push({ definition, leave: true });
    for (const kind of [...direct.keys()].toReversed()) {
      if ("items" in kind) pending.push({ definition: kind, leave: false });
    }
  }
  const declarers = finished
    .filter((definition) => !recursive.has(definition))
    .map((definition) => {
      const kinds = [...(declares.get(definition)?.keys() ?? [])];
      return { definition, declares: new Set(kinds.filter((kind) => !("items" in kind && recursive.has(kind)))) };
    });
  return { declarers: declarers.toReversed(), recursions };
}

function recursionOf(cycle: readonly OwnResource[], declares: ReadonlyMap<OwnResource, Declared>): Recursion {
  const [first, second = first] = cycle;
  const span = first && second && declares.get(first)?.get(second);
  if (!span) throw new Error("a definition is on a path only by a statement that declares it");
  return { span, names: cycle.map((definition) => definition.kind) };
}

function declaredKinds({ declarations, groups, module }: OwnResource, from: Definitions): Declared {
  const kinds = new Map<AnyKind, Span>();
  for (const declaration of declarations) {
    const named = lookupKind(declaration.kind, module, from);
    const kind = named && ("kind" in named ? named.kind : named.definition);
    if (kind && !kinds.has(kind)) kinds.set(kind, declaration.kind.span);
  }
  for (const group of groups.values()) kinds.set(group, group.node.span);
  return kinds;
}
