import { expect, test } from "vitest";
import { globSearches } from "./glob.ts";

test("a path without wildcards is looked for itself", () => {
  expect(globSearches("/etc/a.b")).toEqual([{ base: "/etc/a.b", depth: 0, regex: "/etc/a[.]b" }]);
});

test("a search begins at the deepest folder without wildcards and goes no deeper than a match can be", () => {
  expect(globSearches("/etc/php/*/fpm/*.ini")).toEqual([
    { base: "/etc/php", depth: 3, regex: "/etc/php/[^/]*/fpm/[^/]*[.]ini" },
  ]);
  expect(globSearches("/?")).toEqual([{ base: "/", depth: 1, regex: "/[^/]" }]);
});

test("any depth is any number of folders", () => {
  expect(globSearches("/srv/**")).toEqual([{ base: "/srv", depth: 4096, regex: "/srv/\\([^/]*/\\)*[^/]*" }]);
  expect(globSearches("/srv/**/x")).toEqual([{ base: "/srv", depth: 4096, regex: "/srv/\\([^/]*/\\)*x" }]);
});

test("choices are written out, also one within another", () => {
  expect(
    globSearches("/a/{b,{c,d}e}")
      .map((search) => search.base)
      .toSorted(),
  ).toEqual(["/a/b", "/a/b", "/a/ce", "/a/de"]);
});

test("what is special in a regular expression matches itself", () => {
  expect(globSearches("/a+b$^[c]\\(d).e")[0]?.regex).toBe("/a[+]b[$]\\^[[]c][\\](d)[.]e");
});
