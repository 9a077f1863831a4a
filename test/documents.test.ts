import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fastGlob from "fast-glob";
import { expect, it } from "vitest";
import { check } from "../compiler/check.ts";
import { checkOnHosts } from "../compiler/check-hosts.ts";
import { builtinFunctions } from "../compiler/functions/table.ts";
import { load } from "../compiler/loader.ts";
import { nodeCompilerHost } from "../cli/node-compiler-host.ts";
import { frame } from "../grammar/frame.ts";
import { debian12 } from "../stdlib/facts/debian-12.ts";
import { kinds } from "../stdlib/index.ts";

const root = join(import.meta.dirname, "..");
const pages = fastGlob.sync(["*.md", "{cookbooks,docs,examples,grammar,stdlib,vscode-extension}/**/*.md"], {
  cwd: root,
  ignore: ["**/node_modules/**"],
});
const blocks = pages.flatMap((page) =>
  [...readFileSync(join(root, page), "utf8").matchAll(/^```recipe\n(.*?)^```$/gms)].map((match, index) => ({
    name: `${page} block ${index + 1}`,
    text: match[1] ?? "",
  })),
);

it.each(blocks)("$name compiles", ({ text }) => {
  const host = nodeCompilerHost(join(root, "cookbooks"), root);
  const path = "block.recipe";
  const bytes = new TextEncoder().encode(text);
  const program = load(
    path,
    { ...host, read: (asked) => (asked === path ? { bytes } : host.read(asked)) },
    new Map(kinds.map((kind) => [kind.name, kind])),
  );
  const found = [...program.diagnostics, ...check(program, builtinFunctions)];
  if (found.length === 0) {
    found.push(...checkOnHosts(program, [debian12]));
  }
  expect(found.map((diagnostic) => frame(diagnostic))).toEqual([]);
});

it("every page of the documentation that others link to is there", () => {
  const missing = pages.flatMap((page) =>
    [...readFileSync(join(root, page), "utf8").matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)]
      .map((match) => join(page, "..", match[1] ?? ""))
      .filter((target) => !existsSync(join(root, target)))
      .map((target) => `${page} links to ${target}`),
  );
  expect(missing).toEqual([]);
});

it("every file that a page names is there", () => {
  const missing = pages.flatMap((page) =>
    [
      ...readFileSync(join(root, page), "utf8").matchAll(
        /`((?:cli|compiler|grammar|runtime|scripts|stdlib|test)\/[\w./-]+\.(?:ts|sh))`/g,
      ),
    ]
      .map((match) => match[1] ?? "")
      .filter((path) => !existsSync(join(root, path)))
      .map((path) => `${page} names ${path}`),
  );
  expect(missing).toEqual([]);
});
