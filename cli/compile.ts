import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { Setting } from "../compiler/data/setting.ts";
import { check } from "../compiler/check.ts";
import { builtinFunctions } from "../compiler/functions/table.ts";
import { load } from "../compiler/loader.ts";
import type { Program } from "../compiler/program.ts";
import { kinds } from "../stdlib/index.ts";
import { join } from "node:path";
import type { CommandContext } from "./command.ts";
import { nodeCompilerHost } from "./node-compiler-host.ts";

/** A recipe with everything that can be said of it without a host. */
export interface Compiled {
  readonly program: Program;
  /** Errors and warnings of all its files, in the order of files and places. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What compiling needs of the surroundings. */
type Place = Pick<CommandContext, "galleyFolder" | "workingDirectory">;

/** Reads, parses and checks a recipe and all it uses. */
export function compile(path: string, place: Place, settings: readonly Setting[] = []): Compiled {
  return checked(loaded(path, place, settings));
}

/** The first half of compiling: reads and parses a recipe and all it uses. */
export function loaded(
  path: string,
  { galleyFolder, workingDirectory }: Place,
  settings: readonly Setting[] = [],
): Program {
  const host = nodeCompilerHost(join(galleyFolder, "cookbooks"), workingDirectory);
  return load(path, host, new Map(kinds.map((kind) => [kind.name, kind])), settings);
}

/** The second half: checks what was read. */
export function checked(program: Program): Compiled {
  const diagnostics = [...program.diagnostics, ...check(program, builtinFunctions)];
  return { program, diagnostics: sorted(diagnostics, program) };
}

/** Diagnostics by file (in the order of use) and place, each once. */
export function sorted(diagnostics: readonly Diagnostic[], program: Program): readonly Diagnostic[] {
  const paths = [
    ...program.modules.map(({ source }) => source.path),
    ...program.data.files.map(({ path: data }) => data),
  ];
  const rank = new Map(paths.map((path, index) => [path, index]));
  const place = (diagnostic: Diagnostic) => rank.get(diagnostic.span.file.path) ?? rank.size;
  const seen = new Set<string>();
  return diagnostics
    .filter((diagnostic) => {
      const { file, start } = diagnostic.span;
      const key = `${diagnostic.code} ${file.path} ${start} ${diagnostic.message}`;
      return !seen.has(key) && seen.add(key);
    })
    .toSorted((a, b) => place(a) - place(b) || a.span.start - b.span.start);
}

/** Whether any of them is an error. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === "error");
}
