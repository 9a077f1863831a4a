/** A value on its way to a verb: text is sent as UTF-8; a blob arrives as the path of a file that holds it. No NUL inside. */
export type Argument = string | { readonly blob: string };

/**
 * One call of a verb, a function of the kind's `.sh` file. Arguments travel as data beside the program and arrive as
 * `"$1" "$2" …`; they are never part of shell text.
 */
export interface Call {
  readonly verb: string;
  readonly arguments: readonly Argument[];
}

/** Builds a call; a blob argument names its digest, and the bytes come from the wanted state's own blob. */
export function call(verb: string, ...args: readonly Argument[]): Call {
  return { verb, arguments: args };
}

/**
 * A probe: one run of a verb for all resources of a kind on a host. `names` arrive on its standard input, each ended by NUL;
 * `arguments` are positional as in a call. Kinds whose probes have the same verb and arguments share one run for the names of
 * all of them, and each is given the whole answer.
 */
export interface Probe extends Call {
  readonly names: readonly string[];
}

/** Builds a probe whose standard input is the given names. */
export function probe(verb: string, names: readonly string[], ...args: readonly string[]): Probe {
  return { verb, names, arguments: args };
}
