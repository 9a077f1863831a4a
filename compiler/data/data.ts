import type { Set as SetNode } from "../../grammar/ast.ts";
import type { SourceFile } from "../../grammar/source.ts";

/** Where data comes from, the weakest first. A call in the recipe stands between the hosts' data and the command line. */
export const dataLevels = ["common", "stack", "layer", "host", "command line"] as const;

/** One of these. */
export type DataLevel = (typeof dataLevels)[number];

/** One value that data gives an input: `set apache.server.workers = 800`. */
export interface DataEntry {
  readonly level: DataLevel;
  /** The stack, layer or host whose data it is. */
  readonly of?: string;
  /** The resource, by its qualified kind. */
  readonly kind: string;
  readonly input: string;
  /** Adds to what the weaker levels gave, instead of replacing it. */
  readonly append: boolean;
  /** It stands in a test, among the names of the root file, and may be calculated. */
  readonly isOfTest?: true;
  readonly node: SetNode;
}

/** The data of a recipe: its entries by input, and the files that they came from. */
export interface Data {
  readonly files: readonly SourceFile[];
  readonly entries: readonly DataEntry[];
  /** The entries of one input, the weakest level first. */
  readonly of: (kind: string, input: string) => readonly DataEntry[];
}

/** The data of a recipe that has none. */
export const noData: Data = { files: [], entries: [], of: () => [] };

/** Data of these entries. */
export function dataOf(files: readonly SourceFile[], entries: readonly DataEntry[]): Data {
  const byInput = Map.groupBy(entries, ({ kind, input }) => `${kind}.${input}`);
  for (const all of byInput.values()) all.sort((a, b) => dataLevels.indexOf(a.level) - dataLevels.indexOf(b.level));
  return { files, entries, of: (kind, input) => byInput.get(`${kind}.${input}`) ?? [] };
}

/** What a host belongs to, as data is chosen for it. */
export interface DataPlace {
  readonly host: string;
  /** By their qualified and their short names. */
  readonly layers: ReadonlySet<string>;
  readonly stacks: ReadonlySet<string>;
}

/** Whether an entry is meant for a host. */
export function appliesTo({ level, of = "" }: DataEntry, { host, layers, stacks }: DataPlace): boolean {
  switch (level) {
    case "stack":
      return stacks.has(of);
    case "layer":
      return layers.has(of);
    case "host":
      return of === host;
    default:
      return true;
  }
}
