import type { TypeNode } from "../../../grammar/ast.ts";
import type { SourceFile } from "../../../grammar/source.ts";
import type { FileRead } from "../../compiler-host.ts";
import type { Kind } from "../../kind/kind.ts";
import type { Type } from "../../kind/type.ts";
import { ownResources, type OwnResource } from "../../own-resource.ts";
import type { Module, Program } from "../../program.ts";
import { resolveType } from "../../resolve-type.ts";
import { type AnyKind, type DeclarationOrder, declarationOrder } from "./declaration-order.ts";

/** What is the same for every host that a program is evaluated for; made once. */
export interface Prepared {
  readonly program: Program;
  /** Resources of the person's own, by qualified kind. */
  readonly definitions: ReadonlyMap<string, OwnResource>;
  readonly rootDefinition: OwnResource;
  readonly kinds: ReadonlyMap<string, Kind>;
  /** Which definitions may declare which, and in what order their bodies are carried out. */
  readonly order: DeclarationOrder;
  /** Whether a body, or the body of something it declares, has a block for one of these events of the life cycle. */
  readonly holdsEvent: (definition: OwnResource, events: ReadonlySet<string>) => boolean;
  /** The module that a file's text is. */
  readonly moduleOf: (file: SourceFile) => Module | undefined;
  /** What a written type means; the checker has reported what is wrong with it. */
  readonly typeOf: (node: TypeNode, module: Module) => Type;
  /** A file of the recipe, read at its first use. */
  readonly read: (path: string) => FileRead;
  /** The digest of the bytes of such a file. */
  readonly digestOf: (bytes: Uint8Array) => string;
}

/** Does what evaluating needs and no host has a part in. */
export function prepare(program: Program): Prepared {
  const { host, kinds } = program;
  const { root: rootDefinition, all: definitions } = ownResources(program);
  const modules = new Map(program.modules.map((module) => [module.source, module]));
  const types = new Map<TypeNode, Type>();
  const files = new Map<string, FileRead>();
  const digests = new WeakMap<Uint8Array, string>();
  const order = declarationOrder({ rootDefinition, definitions, kinds });
  const declares = new Map<AnyKind, ReadonlySet<AnyKind>>(order.declarers.map((one) => [one.definition, one.declares]));
  return {
    program,
    definitions,
    rootDefinition,
    kinds,
    order,
    holdsEvent: (definition, events) => holdsEvent(definition, events, declares),
    moduleOf: (file) => modules.get(file),
    typeOf: (node, module) => remember(types, node, () => resolveType(node, module, () => {})),
    read: (path) => remember(files, path, () => host.read(path)),
    digestOf: (bytes) => remember(digests, bytes, () => host.sha256(bytes)),
  };
}

function holdsEvent(
  definition: OwnResource,
  events: ReadonlySet<string>,
  declares: ReadonlyMap<AnyKind, ReadonlySet<AnyKind>>,
): boolean {
  const seen = new Set<AnyKind>([definition]);
  for (const kind of seen) {
    if (!("items" in kind)) continue;
    if (kind.events.some((event) => events.has(event))) return true;
    for (const inner of declares.get(kind) ?? []) seen.add(inner);
  }
  return false;
}

interface Memory<Key, Made> {
  get(key: Key): Made | undefined;
  set(key: Key, made: Made): unknown;
}

function remember<Key, Made>(memory: Memory<Key, Made>, key: Key, make: () => Made): Made {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const made = make();
  memory.set(key, made);
  return made;
}
