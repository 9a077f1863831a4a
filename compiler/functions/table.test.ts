import { expect, test } from "vitest";
import { FunctionProblem } from "../builtin-function.ts";
import type { Value } from "../kind/value.ts";
import { builtinFunctions } from "./table.ts";

function call(name: string, ...args: readonly Value[]): Value | string {
  const result = builtinFunctions.get(name)?.call(args, { sha256: (bytes) => `digest of ${bytes.length} bytes` });
  return result instanceof FunctionProblem ? `problem: ${result.message}` : (result ?? null);
}

test("functions stand in alphabetical order, each with a sentence and a name that can be written", () => {
  const names = [...builtinFunctions.keys()];
  expect(names).toEqual(names.toSorted());
  for (const [name, { doc, parameters }] of builtinFunctions) {
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(doc).toMatch(/^[A-Z].*[.]/s);
    expect(parameters.slice(0, -1).some((parameter) => parameter.optional ?? parameter.variadic)).toBe(false);
  }
});

const size = (bytes: number): Value => ({ type: "size", bytes });
const cases: readonly (readonly [string, readonly Value[], Value])[] = [
  ["after", ["a@b@c", "@"], "b@c"],
  ["after", ["abc", "@"], 'problem: there is no "@" in "abc"'],
  ["basename", ["/etc/motd"], "motd"],
  ["basename", ["/etc/"], "etc"],
  ["basename", ["/"], "/"],
  ["basename", ["motd"], "motd"],
  ["before", ["a@b@c", "@"], "a"],
  ["before", ["abc", "@"], 'problem: there is no "@" in "abc"'],
  ["dirname", ["/etc/motd"], "/etc"],
  ["dirname", ["/motd"], "/"],
  ["dirname", ["/"], "/"],
  ["dirname", ["motd"], "."],
  ["dirname", ["/etc//motd/"], "/etc"],
  ["ends_with", ["abc", "bc"], true],
  ["ends_with", ["abc", "ab"], false],
  ["first", [[]], null],
  ["first", [[1, 2]], 1],
  ["flatten", [[[1], [], [2, 3]]], [1, 2, 3]],
  ["int", ["-42"], -42],
  ["int", ["-0"], 0],
  ["int", ["1.5"], 'problem: "1.5" is no whole number between -(2^53 - 1) and 2^53 - 1'],
  [
    "int",
    ["99999999999999999999"],
    'problem: "99999999999999999999" is no whole number between -(2^53 - 1) and 2^53 - 1',
  ],
  ["join", [["a", 1, true], "-"], "a-1-true"],
  ["join", [[], "-"], ""],
  [
    "keys",
    [
      new Map([
        ["b", 1],
        ["a", 2],
      ]),
    ],
    ["a", "b"],
  ],
  ["last", [[1, 2]], 2],
  ["len", ["ä😀"], 2],
  ["len", [[1, 2, 3]], 3],
  ["len", [new Map([["a", 1]])], 1],
  ["lines", [["a", "b"]], "a\nb\n"],
  ["lines", [[]], ""],
  ["lower", ["ÄB"], "äb"],
  ["max", [1, 3, 2], 3],
  ["max", [[size(1), size(5)]], size(5)],
  ["max", [[]], "problem: the list is empty, so there is no largest"],
  ["max", [1, size(1)], "problem: numbers of different types have no order"],
  ["min", [3, 1, 2], 1],
  ["range", [2, 4], [2, 3, 4]],
  ["range", [2, 1], []],
  ["range", [0, 100_000], "problem: the list would have 100001 elements, more than 100000"],
  ["replace", ["a.b.c", ".", "$&"], "a$&b$&c"],
  ["replace", ["abc", "", "x"], "problem: an empty text cannot be replaced, it stands everywhere"],
  ["reverse", [[1, 2]], [2, 1]],
  ["sha256", ["ä"], "digest of 2 bytes"],
  ["sort", [["b", "B", "a"]], ["B", "a", "b"]],
  ["sort", [[10, 9, 1]], [1, 9, 10]],
  ["split", ["a,b,", ","], ["a", "b", ""]],
  ["split", ["a", ""], "problem: an empty text separates nothing"],
  ["starts_with", ["abc", "ab"], true],
  ["string", [size(1024)], "1024"],
  ["string", [{ type: "mode", bits: 0o2775 }], "02775"],
  ["sum", [[1, 2]], 3],
  ["sum", [[]], 0],
  ["sum", [[size(1), size(2)]], size(3)],
  ["sum", [[1, size(2)]], "problem: numbers of different types cannot be added"],
  ["sum", [[Number.MAX_SAFE_INTEGER, 1]], "problem: the sum is beyond 2^53 - 1"],
  ["trim", [" \n x\t"], "x"],
  ["unique", [["b", "a", "b"]], ["b", "a"]],
  ["unique", [[size(1), size(1), 1]], [size(1), 1]],
  ["upper", ["äb"], "ÄB"],
  [
    "values",
    [
      new Map([
        ["b", 1],
        ["a", 2],
      ]),
    ],
    [2, 1],
  ],
];

test.each(cases)("%s(%j) is %j", (name, args, result) => {
  expect(call(name, ...args)).toEqual(result);
});

test("text does not grow without end", () => {
  const long = "x".repeat(1024 * 1024);
  expect(call("replace", long, "x", "y".repeat(100))).toBe("problem: the text would be longer than 64 MiB");
  expect(
    call(
      "join",
      Array.from({ length: 65 }, () => long),
      "",
    ),
  ).toBe("problem: the text would be longer than 64 MiB");
});
