import type { BuiltinFunction } from "../builtin-function.ts";
import { compareText } from "../evaluate/values/values.ts";
import { formatFunctions } from "./formats.ts";
import { listFunctions } from "./lists.ts";
import { textFunctions } from "./texts.ts";

/**
 * Every function of the language by name, in alphabetical order. `template` is no row: it reads a file, so the evaluator
 * has it, and the checker compares the file with the record it is given.
 */
export const builtinFunctions: ReadonlyMap<string, BuiltinFunction> = new Map(
  [...formatFunctions, ...listFunctions, ...textFunctions]
    .sort((a, b) => compareText(a.name, b.name))
    .map((builtin) => [builtin.name, builtin]),
);
