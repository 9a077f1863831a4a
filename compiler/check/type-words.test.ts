import { expect, test } from "vitest";
import type { Type } from "../kind/type.ts";
import { typeWords } from "./type-words.ts";

const string: Type = { type: "string" };
const port: Type = { type: "int", refinement: "port" };

const cases: readonly (readonly [Type, string])[] = [
  [string, "text"],
  [{ type: "string", refinement: "path" }, "an absolute path"],
  [{ type: "string", pattern: "[a-z]+" }, 'text that matches "[a-z]+"'],
  [{ type: "string", length: { min: 1, max: 32 } }, "text of 1 to 32 characters"],
  [{ type: "string", length: { min: 3, max: 3 } }, "text of exactly 3 characters"],
  [{ type: "int" }, "a whole number"],
  [{ type: "int", range: { min: 1, max: 64 } }, "a whole number from 1 to 64"],
  [{ type: "int", refinement: "port", range: { min: 1024 } }, "a port from 1024 up"],
  [{ type: "list", of: port }, "a list of ports"],
  [{ type: "set", of: { type: "list", of: string } }, "a set of lists of texts"],
  [{ type: "map", of: { type: "bool" } }, "a map of true or false by name"],
  [{ type: "literals", values: ["present", "absent"] }, '"present" or "absent"'],
  [{ type: "optional", of: string }, "text or none"],
  [{ type: "record", fields: { a: { type: string }, b: { type: port } } }, "a record { a, b }"],
  [{ type: "record", name: "Person", fields: {} }, "a record of type Person"],
  [{ type: "union", members: [{ type: "list", of: string }, { type: "command" }] }, "a list of texts or a command"],
  [{ type: "secret", of: string }, "a secret (text)"],
  [{ type: "resource", kind: "service" }, "a resource of kind service"],
];

for (const [type, words] of cases) {
  test(`a type in words: ${words}`, () => {
    expect(typeWords(type)).toBe(words);
  });
}
