import type { Declaration, Expression, NameExpression, QualifiedName } from "../../grammar/ast.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { BuiltinFunction } from "../builtin-function.ts";
import type { Kind } from "../kind/kind.ts";
import type { Type } from "../kind/type.ts";
import type { Module, Program } from "../program.ts";
import type { OwnResource } from "../own-resource.ts";
import type { Binding, FunctionBinding, Scope, ValueBinding } from "./names/name-scope.ts";

/** What the expression being checked has been found to depend on. */
export interface Trace {
  observed: boolean;
  /** On something that a caller gives, which may be observed or not. */
  given: boolean;
}

/** Where the expression being checked stands. */
export interface Place {
  /** What decides with it which resources exist, as messages call it: "`if`". */
  deciding: string | undefined;
  /** How many names are being made from each other. */
  depth: number;
  /** In the condition of an `expect`. */
  inExpect: boolean;
  /** Inside a block of `on`. */
  inEvent: boolean;
}

/** One run of the checker: what it knows, and the rules that call each other. */
export interface Checker {
  readonly program: Program;
  readonly functions: ReadonlyMap<string, BuiltinFunction>;
  readonly resources: ReadonlyMap<string, OwnResource>;
  readonly trace: Trace;
  readonly place: Place;
  /** What needs what, among functions and values; to find cycles. */
  readonly needs: Map<Binding, Set<Binding>>;
  readonly report: (diagnostic: Diagnostic) => void;
  /** How many mistakes have been reported so far. */
  readonly reported: () => number;
  /** Runs with nothing reported: to look at a type a second time. */
  readonly quietly: <Result>(run: () => Result) => Result;
  /** Runs as the making of a value or function, so that what it uses is known to be needed. */
  readonly making: <Result>(owner: Binding, run: () => Result) => Result;
  /** Notes that the value or function being made uses another. */
  readonly use: (binding: FunctionBinding | ValueBinding) => void;
  /** Expressions that decide which resources exist. */
  readonly decisions: Decision[];
  readonly infer: (expression: Expression, scope: Scope) => Type;
  /** Checks that an expression fits a type; `subject` is what takes it, as a sentence begins: "`mode`". */
  readonly expect: (expression: Expression, type: Type, scope: Scope, subject: string) => void;
  /** Whether a name is that of a used file or `std`, behind which other names stand. */
  readonly isQualifier: (name: NameExpression, scope: Scope) => boolean;
  /** What the head of a declaration names, with nothing reported. */
  readonly findHead: (name: QualifiedName, module: Module) => Head | undefined;
  readonly resolveHead: (name: QualifiedName, module: Module) => Head | undefined;
  /** The scope inside a resource, with its title, inputs, lets … */
  readonly bodyScope: (resource: OwnResource) => Scope;
  /** What the resources and functions of a file see of it: its lets, functions, resources and used files. */
  readonly sharedScope: (module: Module) => Scope;
  /** A file as a resource of its own, the root too. */
  readonly fileResource: (module: Module) => OwnResource;
  /** All declarations of the program by qualified kind. */
  readonly declarationsOf: (kind: string) => readonly Declaration[];
}

/** An expression that decides which resources exist, and what it uses. */
export interface Decision {
  readonly what: "condition" | "loop" | "title";
  readonly span: Expression["span"];
  readonly body: OwnResource;
  readonly uses: ReadonlySet<Binding>;
}

/** What the first word of a declaration names. */
export type Head =
  | { readonly type: "kind"; readonly kind: Kind }
  | { readonly type: "own"; readonly resource: OwnResource }
  /** A machine: `host "web1" { … }`. */
  | { readonly type: "host" }
  /** A file that could not be read, or a name that a broken statement seems to declare. */
  | { readonly type: "unknown" };

/** Runs a check and reports what it depended on, also to the check around it. */
export function traced<Result>(checker: Checker, run: () => Result): { readonly result: Result } & Readonly<Trace> {
  const { trace } = checker;
  const outer = { ...trace };
  trace.observed = false;
  trace.given = false;
  const result = run();
  const found = { ...trace };
  trace.observed = outer.observed || found.observed;
  trace.given = outer.given || found.given;
  return { result, ...found };
}

/** Runs a check without recording what it depends on. */
export function untraced<Result>(checker: Checker, run: () => Result): { readonly result: Result } & Readonly<Trace> {
  const outer = { ...checker.trace };
  const found = traced(checker, run);
  Object.assign(checker.trace, outer);
  return found;
}

/** Checks what decides which resources exist; what is known only later cannot. */
export function deciding<Result>(checker: Checker, word: string, run: () => Result): Result {
  const outer = checker.place.deciding;
  checker.place.deciding = word;
  const result = run();
  checker.place.deciding = outer;
  return result;
}
