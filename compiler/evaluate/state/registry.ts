import type { OwnResource } from "../../own-resource.ts";
import type { Kind } from "../../kind/kind.ts";
import type { Value } from "../../kind/value.ts";
import type { Module } from "../../program.ts";
import type { AnyResource, Composite, Primitive } from "./declared-resource.ts";
import type { Prepared } from "./prepare.ts";
import { resourceId } from "./resource-id.ts";
import { type Bind, namesOf, type Naming, Scope } from "./scope.ts";
import { knownThunk, type Thunk } from "./thunk.ts";

/** Resources of one host beyond which a recipe is refused. */
export const mostResources = 100_000;

/** Makes the names of modules and of resources known to their scopes. */
export interface Binders {
  /** A `let` of a file's top level. */
  readonly letOf: Bind;
  /** An input, output, observe or let of a resource of the person's own. */
  readonly namingOf: (naming: Naming, scope: Scope, composite: Composite) => Thunk;
  readonly titleOf: (composite: Composite) => Thunk;
}

/** All resources of one evaluation, found by kind and title. */
export class Registry {
  readonly definitions: ReadonlyMap<string, OwnResource>;
  readonly rootDefinition: OwnResource;
  readonly kinds: ReadonlyMap<string, Kind>;
  /** By kind, then by title; in the order in which they became known. */
  readonly composites = new Map<OwnResource, Map<string | null, Composite>>();
  readonly primitives = new Map<string, Map<string, Primitive>>();
  /** Declared resources of both sorts. */
  declaredCount = 0;
  /** All declarations have been found: what nothing has declared by now does not exist. */
  complete = false;
  /** Kinds of which more declarations may come. */
  readonly open = new Set<Kind | OwnResource>();
  private readonly binders: Binders;
  private readonly letScopes = new Map<Module, Scope>();

  constructor({ definitions, rootDefinition, kinds }: Prepared, binders: Binders) {
    this.definitions = definitions;
    this.rootDefinition = rootDefinition;
    this.kinds = kinds;
    this.binders = binders;
  }

  /** The resource that is a file as a whole: the root, or a used one. */
  fileResource(module: Module): Composite | undefined {
    const definition = module.isRoot ? this.rootDefinition : this.definitions.get(module.name);
    return definition && this.composite(definition, null, null);
  }

  /** The lets of a file, which its resources see too. */
  letScope(module: Module): Scope {
    const known = this.letScopes.get(module);
    if (known) return known;
    const lets = new Map([...namesOf(module.ast)].filter(([, naming]) => naming.type === "let"));
    const scope = new Scope(undefined, module, module.source.path, lets, this.binders.letOf);
    this.letScopes.set(module, scope);
    return scope;
  }

  /** A resource of the person's own, made known if nothing has named it yet. */
  composite(definition: OwnResource, title: Value, titleText: string | null): Composite {
    let byTitle = this.composites.get(definition);
    if (!byTitle) this.composites.set(definition, (byTitle = new Map()));
    const known = byTitle.get(titleText);
    if (known) return known;
    // The lets of a file stand in a scope of their own, which the bodies of its resources see too.
    const names =
      definition.node.type === "file"
        ? new Map([...namesOf(definition)].filter(([, naming]) => naming.type !== "let"))
        : namesOf(definition);
    const id = resourceId(definition.kind, titleText);
    const bind: Bind = (naming, scope) => this.binders.namingOf(naming, scope, composite);
    const composite: Composite = {
      type: "composite",
      id,
      definition,
      title,
      titleText,
      declarings: [],
      referredAt: [],
      scope: new Scope(this.scopeAround(definition), definition.module, id, names, bind),
      slot: { children: [], declared: undefined },
    };
    if (definition.title) composite.scope.define(definition.title.name.text, this.binders.titleOf(composite));
    for (const [name, { kind, node }] of definition.groups)
      composite.scope.define(name, knownThunk(name, node.span, { type: "reference", kind, title: null }));
    byTitle.set(titleText, composite);
    return composite;
  }

  /** The scope whose names a body sees: those of its file's lets, or of what a stack or layer stands in. */
  private scopeAround({ outer, module }: OwnResource): Scope {
    return outer ? this.composite(outer, null, null).scope : this.letScope(module);
  }

  /** A resource of a built-in kind, made known if nothing has named it yet. */
  primitive(kind: Kind, title: string): Primitive {
    let byTitle = this.primitives.get(kind.name);
    if (!byTitle) this.primitives.set(kind.name, (byTitle = new Map()));
    const known = byTitle.get(title);
    if (known) return known;
    const id = resourceId(kind.name, title);
    const primitive: Primitive = {
      type: "primitive",
      id,
      kind,
      title,
      declarings: [],
      properties: new Map(),
      referredAt: [],
    };
    byTitle.set(title, primitive);
    return primitive;
  }

  /** What a reference means; undefined for a kind that does not exist. */
  find(kind: string, title: string | null): AnyResource | undefined {
    const definition = this.definitions.get(kind);
    if (definition && (definition.title === undefined) === (title === null)) {
      const known = this.composites.get(definition)?.get(title);
      if (known) return known;
      return title === null ? this.composite(definition, null, null) : undefined;
    }
    const builtin = this.kinds.get(kind);
    return builtin && title !== null ? this.primitive(builtin, title) : undefined;
  }

  /** Every resource that something named, declared or not. */
  *all(): Iterable<AnyResource> {
    for (const byTitle of this.composites.values()) yield* byTitle.values();
    for (const byTitle of this.primitives.values()) yield* byTitle.values();
  }
}
