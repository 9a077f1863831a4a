import { expect, test } from "vitest";
import { listed, cycleOf, suggest } from "./suggest.ts";

const kinds = ["directory", "execute", "file", "group", "link", "package", "service", "user"];

test.each([
  ["servce", "service"],
  ["pacakge", "package"],
  ["flie", "file"],
  ["Directory", "directory"],
  ["users", "user"],
  ["lnik", "link"],
])("%s probably means %s", (written, meant) => {
  expect(suggest(written, kinds)).toBe(meant);
});

test.each(["nginx", "x", "cron", "certificate"])("%s is near to nothing", (written) => {
  expect(suggest(written, kinds)).toBeUndefined();
});

test("the nearest name wins, whatever the order", () => {
  expect(suggest("worker", ["workers", "before", "wonder"])).toBe("workers");
  expect(suggest("worker", ["wonder", "before", "workers"])).toBe("workers");
});

test("of equally near names the one with the same capitals wins, then the first by alphabet", () => {
  expect(suggest("prot", ["Port", "port"])).toBe("port");
  expect(suggest("cat", ["hat", "bat"])).toBe("bat");
});

test("a name is never suggested for itself", () => {
  expect(suggest("file", ["file"])).toBeUndefined();
});

test("long lists are cut", () => {
  expect(listed(["a", "b", "c"], 2)).toBe("a, b …");
  expect(listed(["a", "b"], 2)).toBe("a, b");
});

test("cycles end where they began, and long ones are cut", () => {
  expect(cycleOf(["a", "b"])).toBe("a > b > a");
  expect(cycleOf(["a", "b", "c", "d", "e", "f", "g", "h", "i"])).toBe("a > b > c > d > e > f > g > … > a");
});
