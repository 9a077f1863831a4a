import { expect, test } from "vitest";
import type { Type } from "./type.ts";
import { typeText } from "./type-text.ts";

const string: Type = { type: "string" };
const port: Type = { type: "int", refinement: "port" };

const cases: readonly (readonly [Type, string])[] = [
  [string, "string"],
  [{ type: "string", refinement: "path" }, "path"],
  [{ type: "string", pattern: "[a-z]+" }, 'string matches "[a-z]+"'],
  [{ type: "string", length: { min: 1, max: 32 } }, "string 1..32"],
  [{ type: "int", range: { min: 1, max: 64 } }, "int 1..64"],
  [{ type: "int", refinement: "port", range: { min: 1024 } }, "port 1024.."],
  [{ type: "size", range: { min: 5 * 1024 * 1024 } }, "size 5MiB.."],
  [{ type: "duration", range: { min: 0, max: 90_000 } }, "duration 0ms..90s"],
  [{ type: "set", of: { type: "list", of: string } }, "set<list<string>>"],
  [{ type: "list", of: port, length: { min: 1 } }, "list<port> 1.."],
  [{ type: "map", of: { type: "bool" } }, "map<string, bool>"],
  [{ type: "literals", values: ["present", "absent"] }, '"present" | "absent"'],
  [{ type: "optional", of: string }, "string?"],
  [{ type: "record", fields: { a: { type: string }, b: { type: port } } }, "{ a: string, b: port }"],
  [{ type: "record", name: "Person", fields: {} }, "Person"],
  [{ type: "union", members: [{ type: "list", of: string }, { type: "command" }] }, "list<string> | command"],
  [{ type: "secret", of: string }, "secret<string>"],
  [{ type: "resource", kind: "service" }, "service"],
];

for (const [type, text] of cases) {
  test(`a type in the language's notation: ${text}`, () => {
    expect(typeText(type)).toBe(text);
  });
}
