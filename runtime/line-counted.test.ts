import { expect, test } from "vitest";
import { decodeLineCounted, encodeCall, encodeLineCounted } from "./line-counted.ts";

test("a value is a line with the number of its lines, then the lines", () => {
  expect(encodeLineCounted(["one", "", "two\nlines\n"]).toString()).toBe("1\none\n1\n\n3\ntwo\nlines\n\n");
});

test("a call begins with its verb and the number of its arguments", () => {
  expect(encodeCall("file_apply", ["/etc/motd"]).toString()).toBe("file_apply\n1\n1\n/etc/motd\n");
});

test("what was encoded is decoded", () => {
  const values = ["", "a", "\n", "a\nb\n\n", "é"];
  expect(decodeLineCounted(encodeLineCounted(values).toString().split("\n").slice(0, -1))).toEqual(values);
});

test("lines that do not add up are no values", () => {
  expect(decodeLineCounted(["3", "a", "b"])).toBeUndefined();
  expect(decodeLineCounted(["x", "a"])).toBeUndefined();
  expect(decodeLineCounted(["0"])).toBeUndefined();
});
