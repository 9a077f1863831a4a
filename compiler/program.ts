import type {
  Expression,
  FileNode,
  FunctionDeclaration,
  Input,
  Let,
  Name,
  ResourceDeclaration,
  TypeDeclaration,
  Use,
} from "../grammar/ast.ts";
import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { SourceFile } from "../grammar/source.ts";
import type { Data } from "./data/data.ts";
import type { CompilerHost } from "./compiler-host.ts";
import type { Kind } from "./kind/kind.ts";

/** One used file and the names that its top level declares. */
export interface Module {
  /** Its base name; a resource `vhost` in `apache.recipe` is `apache.vhost`. The root's own names stand without prefix. */
  readonly name: string;
  readonly source: SourceFile;
  readonly ast: FileNode;
  /** The modules it uses, by the local name. */
  readonly uses: ReadonlyMap<string, UsedModule>;
  readonly types: ReadonlyMap<string, TypeDeclaration>;
  readonly functions: ReadonlyMap<string, FunctionDeclaration>;
  readonly resources: ReadonlyMap<string, ResourceDeclaration>;
  readonly lets: ReadonlyMap<string, Let>;
  readonly inputs: ReadonlyMap<string, Input>;
  readonly isRoot: boolean;
  /** The built-in kinds, as in the program. */
  readonly kinds: ReadonlyMap<string, Kind>;
  /** Some statement could not be parsed, so names may be missing. */
  readonly incomplete?: boolean;
  /** Stands in for a file that could not be read; whatever is taken from it is unknown. */
  readonly unavailable?: boolean;
}

/** A `use` and what it means. */
export interface UsedModule {
  readonly use: Use;
  readonly localName: Name;
  readonly module: Module;
}

/** All files of a recipe, parsed, with their names; what is wrong with them is in `diagnostics`. */
export interface Program {
  readonly root: Module;
  /** Every module once, the root first, then in the order of first use. */
  readonly modules: readonly Module[];
  readonly kinds: ReadonlyMap<string, Kind>;
  readonly host: CompilerHost;
  readonly diagnostics: readonly Diagnostic[];
  /** What is set beside the recipe. */
  readonly data: Data;
  /**
   * Members of records that the checker found to be optional: of two joined records only one may have the field, and where it is
   * missing it is none. Filled by the checker, asked by the evaluator.
   */
  readonly mayLack: WeakSet<Expression>;
}
