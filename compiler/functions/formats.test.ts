import { expect, test } from "vitest";
import { FunctionProblem } from "../builtin-function.ts";
import type { Value } from "../kind/value.ts";
import { builtinFunctions } from "./table.ts";

function call(name: string, ...args: readonly Value[]): Value | string {
  const result = builtinFunctions.get(name)?.call(args, { sha256: () => "" });
  return result instanceof FunctionProblem ? `problem: ${result.message}` : (result ?? null);
}

function record(fields: Readonly<Record<string, Value>>): Value {
  return new Map(Object.entries(fields));
}

test("ini: plain fields first, then sections; lists repeat their key, none is left out", () => {
  const server = record({
    "bind-address": "10.0.0.1",
    plugin: ["a", "b"],
    skip: null,
    size: { type: "size", bytes: 8 },
  });
  expect(call("ini", record({ mysqld: server, user: "x" }))).toBe(
    "user = x\n\n[mysqld]\nbind-address = 10.0.0.1\nplugin = a\nplugin = b\nsize = 8\n",
  );
  expect(call("ini", record({}))).toBe("");
});

test.each([
  ["plain text", "plain text"],
  [" led by space", '" led by space"'],
  ["a # b", '"a # b"'],
  ["a ; b", '"a ; b"'],
  ['"quoted"', '"\\"quoted\\""'],
  ["it's", "it's"],
  ["'single'", "\"'single'\""],
  ["back\\slash", "back\\slash"],
  ["back\\slash # and more", '"back\\\\slash # and more"'],
])("ini writes the value %j as %s", (value, written) => {
  expect(call("ini", record({ key: value }))).toBe(`key = ${written}\n`);
});

test.each([
  [{ key: "two\nlines" }, "`key` holds a line end, which a value of an ini file cannot"],
  [{ "a=b": "x" }, '"a=b" cannot be a key of an ini file'],
  [{ "#a": "x" }, '"#a" cannot be a key of an ini file'],
  [{ "a ": "x" }, '"a " cannot be a key of an ini file'],
  [{ "a]b": record({ x: 1 }) }, '"a]b" cannot be the name of a section of an ini file'],
  [{ a: record({ b: record({}) }) }, "`b` is a record inside a section; an ini file has no deeper levels"],
])("ini refuses %j", (fields, message) => {
  expect(call("ini", record(fields))).toBe(`problem: ${message}`);
});

test.each([
  ["", ""],
  ["plain-1.2:/x", "plain-1.2:/x"],
  ["a b", "'a b'"],
  ["$HOME `id`", "'$HOME `id`'"],
  ['it\'s $5 `x` \\ "q"', '"it\'s \\$5 \\`x\\` \\\\ \\"q\\""'],
  ["two\nlines", "'two\nlines'"],
  ["#x", "'#x'"],
])("dotenv writes %j as %s", (value, written) => {
  expect(call("dotenv", record({ NAME: value }))).toBe(`NAME=${written}\n`);
});

test("dotenv leaves none out and refuses what is no name", () => {
  expect(call("dotenv", record({ A: null, B: 1, C: true }))).toBe("B=1\nC=true\n");
  expect(call("dotenv", record({ "a-b": "x" }))).toBe('problem: "a-b" cannot be the name of an environment variable');
  expect(call("dotenv", record({ A: "x\r" }))).toBe(
    "problem: `A` holds a character that no reader of such files keeps",
  );
});

test("json: two spaces a level and a newline at the end, or one line", () => {
  const data = record({ b: [1, "x", null], a: record({}), c: [], d: record({ e: false }) });
  expect(call("json", data)).toBe(
    '{\n  "b": [\n    1,\n    "x",\n    null\n  ],\n  "a": {},\n  "c": [],\n  "d": {\n    "e": false\n  }\n}\n',
  );
  expect(call("json", data, 0)).toBe('{"b":[1,"x",null],"a":{},"c":[],"d":{"e":false}}');
  expect(call("json", '\u0001"\\')).toBe('"\\u0001\\"\\\\"\n');
  expect(call("json", { type: "mode", bits: 0o644 })).toBe('"0644"\n');
  expect(call("json", { type: "duration", milliseconds: 500 })).toBe(
    "problem: 500 ms is no whole number of seconds, and as text a duration is whole seconds",
  );
  expect(call("json", { type: "reference", kind: "file", title: "/x" })).toBe(
    "problem: a resource cannot be written as data",
  );
  expect(call("json", 1, 9)).toBe("problem: JSON is indented by 0 to 8 spaces");
});

test("toml: values, then tables, then arrays of tables", () => {
  const data = record({
    server: record({ port: 80, tls: record({ on: true }), empty: record({}) }),
    name: 'a "b"\u007F',
    list: [1, 2],
    mixed: [record({ a: 1 }), 2],
    "odd key": 1,
    none: null,
    hosts: [record({ name: "a", tags: record({ x: 1 }) }), record({})],
    outer: record({ inner: record({ x: 1 }) }),
  });
  expect(call("toml", data)).toBe(`name = "a \\"b\\"\\u007f"
list = [1, 2]
mixed = [{ a = 1 }, 2]
"odd key" = 1

[server]
port = 80

[server.tls]
on = true

[server.empty]

[[hosts]]
name = "a"

[hosts.tags]
x = 1

[[hosts]]

[outer.inner]
x = 1
`);
  expect(call("toml", record({ a: [null] }))).toBe("problem: TOML has no none, so it cannot stand in a list");
});

test("yaml: block style, lists of records on the dash's line", () => {
  const data = record({
    name: "x y",
    list: [record({ a: 1, b: [2, 3] }), [4, 5], "z"],
    map: record({ deep: record({ er: null }) }),
    empty: [],
  });
  expect(call("yaml", data)).toBe(`name: x y
list:
  - a: 1
    b:
      - 2
      - 3
  - - 4
    - 5
  - z
map:
  deep:
    er: null
empty: []
`);
  expect(call("yaml", "text")).toBe("text\n");
});

test.each([
  ["yes", '"yes"'],
  ["No", '"No"'],
  ["null", '"null"'],
  ["~", '"~"'],
  ["1", '"1"'],
  ["1.5", '"1.5"'],
  ["0644", '"0644"'],
  ["1e3", '"1e3"'],
  [".inf", '".inf"'],
  ["12:30", '"12:30"'],
  ["a: b", '"a: b"'],
  ["a #b", '"a #b"'],
  ["- a", '"- a"'],
  ["*a", '"*a"'],
  ["", '""'],
  [" a", '" a"'],
  ["two\nlines", '"two\\nlines"'],
  ["\u0085", '"\\u0085"'],
  ["a/b.c-d_e", "a/b.c-d_e"],
  ["ä", '"ä"'],
])("yaml writes the text %j as %s", (value, written) => {
  expect(call("yaml", value)).toBe(`${written}\n`);
});

test("data that is nested without end is refused", () => {
  let deep: Value = 1;
  for (let level = 0; level < 200; level++) deep = [deep];
  expect(call("json", deep)).toBe("problem: the data is nested more than 100 levels deep");
});
