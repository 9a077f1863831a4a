import type { Type } from "./kind/type.ts";
import type { Value } from "./kind/value.ts";

/** A function of the language itself; all of them stand in one table. */
export interface BuiltinFunction {
  readonly name: string;
  readonly doc: string;
  readonly parameters: readonly BuiltinParameter[];
  /** The type of the result, when it depends on the arguments given as a function of their types. */
  readonly result: Type | ((args: readonly Type[]) => Type);
  /** Why arguments of these types, each of which fits, have no result together. */
  readonly refuses?: (args: readonly Type[]) => string | undefined;
  /** Arguments already conform to the parameters' types; a problem becomes an error at the call. */
  readonly call: (args: readonly Value[], context: FunctionContext) => Value | FunctionProblem;
}

/** What a function may use besides its arguments. */
export interface FunctionContext {
  /** SHA-256 in lower-case hexadecimal. */
  readonly sha256: (bytes: Uint8Array) => string;
}

export interface BuiltinParameter {
  readonly name: string;
  readonly type: Type;
  readonly optional?: boolean;
  /** Takes all further arguments; only the last parameter. */
  readonly variadic?: boolean;
}

/** Why a call has no value, as one sentence: "the list is empty, so there is no largest". */
export class FunctionProblem {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}
