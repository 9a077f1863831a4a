import type { Expression } from "../../grammar/ast.ts";

/** Inclusive limits: of a number itself, of the bytes or milliseconds of a size or duration, of the length of text and containers. */
export interface Range {
  readonly min?: number;
  readonly max?: number;
}

/** Text and numbers with a meaning that the checker, the editor and the planner use. */
export type Refinement = "cidr" | "hostname" | "ip" | "path" | "port" | "ssh_key" | "url" | "version";

/** The types of the language; a kind's properties are declared in the same vocabulary, so no second schema exists. */
export type Type =
  | {
      readonly type: "string";
      readonly refinement?: Exclude<Refinement, "port">;
      readonly length?: Range;
      readonly pattern?: string;
    }
  | { readonly type: "int"; readonly refinement?: "port"; readonly range?: Range }
  | { readonly type: "bool" | "mode" | "command" | "none" }
  | { readonly type: "duration" | "size"; readonly range?: Range }
  | { readonly type: "list" | "set"; readonly of: Type; readonly length?: Range }
  | { readonly type: "map"; readonly of: Type; readonly keyPattern?: string; readonly length?: Range }
  | {
      readonly type: "record";
      readonly fields: Readonly<Record<string, FieldType>>;
      /** as the person named it */ readonly name?: string;
    }
  /** One of a few texts: `"present" | "absent"`. */
  | { readonly type: "literals"; readonly values: readonly string[] }
  | { readonly type: "union"; readonly members: readonly Type[] }
  | { readonly type: "optional"; readonly of: Type }
  | { readonly type: "secret"; readonly of: Type }
  | { readonly type: "later"; readonly of: Type }
  /** A resource: `kind` is its qualified name, such as `service` or `apache.vhost`. */
  | { readonly type: "resource"; readonly kind: string }
  /** An event of a resource: `service["x"].reload`. */
  | { readonly type: "event"; readonly kind: string; readonly event: string }
  /** What an expression with an error has: fits everything, so that one mistake gives one message. */
  | { readonly type: "unknown" };

/** A field of a record; one with a default, or of optional type, may be left out. */
export interface FieldType {
  readonly type: Type;
  readonly hasDefault?: boolean;
  /** The default as written, evaluated with the names of its own file (`default.span.file`). */
  readonly default?: Expression;
}
