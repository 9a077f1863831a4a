import { type BuiltinFunction, FunctionProblem } from "../builtin-function.ts";
import { asSet, compare, entriesByKey, isList, isRecord, isTagged } from "../evaluate/values/values.ts";
import type { Type } from "../kind/type.ts";
import type { Value } from "../kind/value.ts";
import { anything, elementOf, int, listOf, mapOf, optional, parameter, quantity, string } from "./types.ts";

/** No list grows beyond this; a loop over more would make more resources than a host may have. */
export const longestList = 100_000;

function list(value: Value | undefined): readonly Value[] {
  return value !== undefined && isList(value) ? value : [];
}

/** The list a function was given, or its arguments themselves. */
function numbers(args: readonly Value[]): readonly Value[] {
  return args.length === 1 && args[0] !== undefined && isList(args[0]) ? args[0] : args;
}

function typeOfNumbers(args: readonly Type[]): Type {
  const first = args[0];
  return first && (first.type === "list" || first.type === "set") ? first.of : (first ?? anything);
}

/** What sort of quantity a value is; only equal sorts can be compared or added. */
function sortOf(value: Value): string {
  return typeof value === "number" ? "int" : isTagged(value) ? value.type : "other";
}

function extreme(args: readonly Value[], word: string, better: (order: number) => boolean): Value | FunctionProblem {
  const all = numbers(args);
  let best = all[0];
  if (best === undefined) return new FunctionProblem(`the list is empty, so there is no ${word}`);
  for (const value of all) {
    if (sortOf(value) !== sortOf(best)) return new FunctionProblem(notOrdered);
    if (better(compare(value, best))) best = value;
  }
  return best;
}

/** Numbers of several types have no order and no sum; so have a list and further arguments. */
function mixed(args: readonly Type[], problem: string): string | undefined {
  const takesList = (type: Type | undefined) => type?.type === "list" || type?.type === "set";
  if (args.length > 1 && args.some(takesList)) return "it takes several numbers or one list, not both";
  const types = args.map((type) => (takesList(type) ? elementOf(type) : type));
  const sorts = new Set(
    types.flatMap((type) => (type.type === "union" ? type.members : [type])).map((type) => type.type),
  );
  sorts.delete("unknown");
  return sorts.size > 1 ? problem : undefined;
}

const notOrdered = "numbers of different types have no order";
const notAdded = "numbers of different types cannot be added";

const quantities: Type = { type: "union", members: [quantity, listOf(quantity)] };

/** Functions over lists, sets, maps and numbers. */
export const listFunctions: readonly BuiltinFunction[] = [
  {
    name: "first",
    doc: "The first element of a list, none when it is empty.",
    parameters: [parameter("list", listOf(anything))],
    result: ([type]) => optional(elementOf(type)),
    call: ([all]) => list(all)[0] ?? null,
  },
  {
    name: "flatten",
    doc: "The elements of all lists in a list, one after another.",
    parameters: [parameter("lists", listOf(listOf(anything)))],
    result: ([type]) => listOf(elementOf(elementOf(type))),
    call: ([all]) => {
      const length = list(all).reduce<number>((sum, inner) => sum + list(inner).length, 0);
      if (length > longestList)
        return new FunctionProblem(`the list would have ${length} elements, more than ${longestList}`);
      return list(all).flatMap((inner) => list(inner));
    },
  },
  {
    name: "keys",
    doc: "The keys of a map or record, sorted.",
    parameters: [parameter("map", mapOf(anything))],
    result: listOf(string),
    call: ([map]) => (map !== undefined && isRecord(map) ? entriesByKey(map).map(([key]) => key) : []),
  },
  {
    name: "last",
    doc: "The last element of a list, none when it is empty.",
    parameters: [parameter("list", listOf(anything))],
    result: ([type]) => optional(elementOf(type)),
    call: ([all]) => list(all).at(-1) ?? null,
  },
  {
    name: "len",
    doc: "How many characters a text, elements a list or entries a map has.",
    parameters: [parameter("value", { type: "union", members: [string, listOf(anything), mapOf(anything)] })],
    result: int,
    call: ([value]) => {
      if (typeof value === "string") return [...value].length;
      return value !== undefined && value !== null && isRecord(value) ? value.size : list(value).length;
    },
  },
  {
    name: "max",
    doc: "The largest of its arguments, or of the one list it is given.",
    parameters: [{ name: "numbers", type: quantities, variadic: true }],
    result: typeOfNumbers,
    refuses: (args) => mixed(args, notOrdered),
    call: (args) => extreme(args, "largest", (order) => order > 0),
  },
  {
    name: "min",
    doc: "The smallest of its arguments, or of the one list it is given.",
    parameters: [{ name: "numbers", type: quantities, variadic: true }],
    result: typeOfNumbers,
    refuses: (args) => mixed(args, notOrdered),
    call: (args) => extreme(args, "smallest", (order) => order < 0),
  },
  {
    name: "range",
    doc: "The whole numbers from `from` to `to`, both included; empty when `to` is the smaller.",
    parameters: [parameter("from", int), parameter("to", int)],
    result: listOf(int),
    call: ([from, to]) => {
      if (typeof from !== "number" || typeof to !== "number") return [];
      const length = Math.max(0, to - from + 1);
      if (length > longestList)
        return new FunctionProblem(`the list would have ${length} elements, more than ${longestList}`);
      return Array.from({ length }, (_, index) => from + index);
    },
  },
  {
    name: "reverse",
    doc: "A list from its end to its beginning.",
    parameters: [parameter("list", listOf(anything))],
    result: ([type]) => listOf(elementOf(type)),
    call: ([all]) => list(all).toReversed(),
  },
  {
    name: "sort",
    doc: "A list in order: numbers by size, texts by the code of their characters.",
    parameters: [parameter("list", listOf(anything))],
    result: ([type]) => listOf(elementOf(type)),
    call: ([all]) => list(all).toSorted(compare),
  },
  {
    name: "sum",
    doc: "The sum of a list of ints, sizes or durations; 0 for an empty one.",
    parameters: [parameter("list", listOf(quantity))],
    result: ([type]) => elementOf(type),
    refuses: (args) => mixed(args, notAdded),
    call: ([all]) => {
      const values = list(all);
      const first = values[0] ?? 0;
      if (values.some((value) => sortOf(value) !== sortOf(first))) return new FunctionProblem(notAdded);
      const total = values.reduce<number>((sum, value) => sum + amount(value), 0);
      if (!Number.isSafeInteger(total)) return new FunctionProblem("the sum is beyond 2^53 - 1");
      if (isTagged(first) && first.type === "size") return { type: "size", bytes: total };
      if (isTagged(first) && first.type === "duration") return { type: "duration", milliseconds: total };
      return total;
    },
  },
  {
    name: "unique",
    doc: "A list without the elements that stand in it before, in the order of the first ones.",
    parameters: [parameter("list", listOf(anything))],
    result: ([type]) => listOf(elementOf(type)),
    call: ([all]) => {
      const sorted = new Set(asSet(list(all)));
      return list(all).filter((value) => sorted.delete(value));
    },
  },
  {
    name: "values",
    doc: "The values of a map or record, in the order of its keys.",
    parameters: [parameter("map", mapOf(anything))],
    result: ([type]) => listOf(elementOf(type)),
    call: ([map]) => (map !== undefined && isRecord(map) ? entriesByKey(map).map(([, value]) => value) : []),
  },
];

function amount(value: Value): number {
  if (typeof value === "number") return value;
  if (!isTagged(value)) return 0;
  return value.type === "size" ? value.bytes : value.type === "duration" ? value.milliseconds : 0;
}
