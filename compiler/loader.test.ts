import { expect, test } from "vitest";
import type { CompilerHost } from "./compiler-host.ts";
import { load } from "./loader.ts";
import type { Program } from "./program.ts";

type Files = Readonly<Record<string, string | Uint8Array>>;

/** A host of files that are written out here; cookbooks lie in `cookbooks/`. */
function hostOf(files: Files): CompilerHost & { readonly reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    read: (path) => {
      reads.push(path);
      const content = Object.hasOwn(files, path) ? files[path] : undefined;
      if (content === undefined) return { problem: "missing", detail: path };
      return { bytes: typeof content === "string" ? new TextEncoder().encode(content) : content };
    },
    resolve: (from, name) => {
      const folder = from.includes("/") ? from.slice(0, from.lastIndexOf("/") + 1) : "";
      return `${folder}${name}`.replaceAll("./", "").replaceAll(/[^/]+\/\.\.\//g, "");
    },
    cookbook: (_, name) => {
      const path = `cookbooks/${name}/${name}.recipe`;
      return Object.hasOwn(files, path) ? { path } : { looked: [path] };
    },
    dataFiles: () => [],
    sha256: () => "",
  };
}

function loaded(files: Files): Program {
  return load("site.recipe", hostOf(files), new Map());
}

function codes(program: Program): readonly string[] {
  return program.diagnostics.map((diagnostic) => diagnostic.code);
}

test("the root comes first, then files in the order of their first use", () => {
  const program = loaded({
    "site.recipe": 'use "./b.recipe"\nuse web',
    "b.recipe": 'use "./sub/c.recipe"',
    "cookbooks/web/web.recipe": "use tls",
    "cookbooks/tls/tls.recipe": "",
    "sub/c.recipe": "",
  });
  expect(program.modules.map((module) => module.name)).toEqual(["site", "b", "web", "c", "tls"]);
  expect(program.root).toBe(program.modules[0]);
  expect(codes(program)).toEqual([]);
});

test("a file that is used twice is read once and is one module", () => {
  const host = hostOf({
    "site.recipe": 'use "./a.recipe"\nuse "./b.recipe"',
    "a.recipe": 'use "./b.recipe" as other',
    "b.recipe": "",
  });
  const program = load("site.recipe", host, new Map());
  expect(host.reads).toEqual(["site.recipe", "a.recipe", "b.recipe"]);
  expect(program.modules[1]?.uses.get("other")?.module).toBe(program.root.uses.get("b")?.module);
});

test("files may use each other in a cycle", () => {
  const program = loaded({
    "site.recipe": 'use "./a.recipe"',
    "a.recipe": 'use "./b.recipe"',
    "b.recipe": 'use "./a.recipe"\nuse "./site.recipe"',
  });
  expect(codes(program)).toEqual([]);
  expect(program.modules[2]?.uses.get("a")?.module).toBe(program.modules[1]);
  expect(program.modules[2]?.uses.get("site")?.module).toBe(program.root);
});

test("a module knows what its top level declares", () => {
  const { root } = loaded({
    "site.recipe": [
      "type Name = string",
      "fn f(x: int): int = x",
      "resource app(name: string) { let inner = 1 }",
      "let size = 1",
      "input port: port",
      "if true { let hidden = 1 }",
    ].join("\n"),
  });
  expect([...root.types.keys()]).toEqual(["Name"]);
  expect([...root.functions.keys()]).toEqual(["f"]);
  expect([...root.resources.keys()]).toEqual(["app"]);
  expect([...root.lets.keys()]).toEqual(["size"]);
  expect([...root.inputs.keys()]).toEqual(["port"]);
});

test("of two declarations of one name the first counts", () => {
  const program = loaded({ "site.recipe": "let a = 1\nlet a = 2" });
  expect(codes(program)).toEqual(["L105"]);
  expect(program.root.lets.get("a")?.span.start).toBe(0);
});

test("a name that a file is used under may be a type or a let as well, but not a resource", () => {
  const program = loaded({
    "site.recipe": "use tls\ntype tls = string\nlet tls = 1",
    "cookbooks/tls/tls.recipe": "resource tls {}",
  });
  expect(codes(program)).toEqual([]);
});

test("a missing file is said once, however often it is used", () => {
  const program = loaded({
    "site.recipe": 'use "./a.recipe"\nuse "./gone.recipe"',
    "a.recipe": 'use "./gone.recipe"',
  });
  expect(program.diagnostics.map((found) => `${found.code} ${found.span.file.path} ${found.message}`)).toEqual([
    "L101 site.recipe there is no file gone.recipe",
  ]);
  expect(program.root.uses.get("gone")?.module.unavailable).toBe(true);
  expect(program.modules.map((module) => module.name)).toEqual(["site", "a"]);
});

test("a missing cookbook names the places that were looked at", () => {
  const program = loaded({ "site.recipe": "use apache" });
  expect(program.diagnostics[0]?.hints?.[0]).toBe("looked for cookbooks/apache/apache.recipe");
});

test("a missing root is an error without a place, and an empty program", () => {
  const program = loaded({});
  expect(codes(program)).toEqual(["L107"]);
  expect(program.modules).toEqual([program.root]);
  expect(program.root.ast.items).toEqual([]);
});

test("bytes that are no text are refused", () => {
  const program = loaded({ "site.recipe": new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2, 255]) });
  expect(codes(program)).toEqual(["R001"]);
  expect(program.root.unavailable).toBe(true);
});

test("a file that is larger than a recipe may be is refused by the size it has on disk", () => {
  const program = loaded({ "site.recipe": `# ${"ü".repeat(600_000)}\n` });
  expect(codes(program)).toEqual(["R002"]);
});

test("a module whose text has mistakes is marked, for names may be missing in it", () => {
  const program = loaded({ "site.recipe": "let a = = 1" });
  expect(program.root.incomplete).toBe(true);
});
