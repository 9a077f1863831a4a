import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { replaceFile } from "./replace-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "galley-replace-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

test("a file gets its content and keeps its mode, also behind a link", () => {
  const file = join(folder, "real.recipe");
  const link = join(folder, "link.recipe");
  writeFileSync(file, "old");
  chmodSync(file, 0o640);
  symlinkSync(file, link);
  replaceFile(link, "new\n");
  expect(readFileSync(file, "utf8")).toBe("new\n");
  expect(statSync(file).mode & 0o7777).toBe(0o640);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readdirSync(folder).toSorted()).toEqual(["link.recipe", "real.recipe"]);
});

test("what cannot be replaced stays, and nothing is left beside it", () => {
  const place = join(folder, "place");
  mkdirSync(place);
  writeFileSync(join(place, "inner"), "kept");
  expect(() => replaceFile(place, "new")).toThrow();
  expect(readFileSync(join(place, "inner"), "utf8")).toBe("kept");
  expect(readdirSync(folder)).toEqual(["place"]);
});
