import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { kinds } from "../test/cases/evaluate/kinds.ts";
import { debian12 } from "../stdlib/facts/debian-12.ts";
import { evaluate, type Evaluated } from "./evaluate.ts";
import { prepare } from "./evaluate/state/prepare.ts";
import { load } from "./loader.ts";
import type { ObserveReading } from "./state.ts";

function run(text: string, observed?: ReadonlyMap<number, ObserveReading>): Evaluated {
  const host = {
    read: (path: string) =>
      path === "site.recipe"
        ? { bytes: new TextEncoder().encode(text) }
        : { problem: "missing" as const, detail: path },
    resolve: (_: string, relative: string) => relative,
    cookbook: () => ({ looked: [] }),
    dataFiles: () => [],
    sha256: (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex"),
  };
  const program = load("site.recipe", host, kinds);
  expect(program.diagnostics).toEqual([]);
  return evaluate(prepare(program), { facts: debian12, ...(observed && { observed }) });
}

function contentOf({ catalog, diagnostics }: Evaluated, path: string): string | undefined {
  expect(diagnostics).toEqual([]);
  const content = catalog?.resources.find(({ want }) => want.title === path)?.want.properties["content"];
  return content && typeof content === "object" && "digest" in content
    ? new TextDecoder().decode(content.bytes)
    : undefined;
}

const many = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");

test("a chain of ten thousand names has a value, from its end and in a cycle a message", () => {
  const chain = many(10_000, (index) => (index === 0 ? "let a0 = 0" : `let a${index} = a${index - 1} + 1`));
  expect(contentOf(run(`${chain}\nfile "/x" { content = "\${a9999}" }`), "/x")).toBe("9999");
  const cycle = many(10_000, (index) => `let a${index} = a${(index + 1) % 10_000} + 1`);
  const { diagnostics } = run(`${cycle}\nfile "/x" { content = "\${a5}" }`);
  expect(diagnostics.map(({ code }) => code)).toEqual(["T123"]);
});

test("a chain of five thousand resources that refer to each other has values and edges", () => {
  const chain = many(5000, (index) => {
    const at = 4999 - index;
    return `file "/f${at}" { content = ${at === 0 ? '"end"' : `file["/f${at - 1}"].content`} }`;
  });
  const evaluated = run(chain);
  expect(contentOf(evaluated, "/f4999")).toBe("end");
  expect(evaluated.catalog?.edges).toHaveLength(4999);
});

test("resources within resources may be nested thousands deep", () => {
  const nested = many(3000, (index) =>
    index === 0 ? 'resource r0 { file "/x" { content = "in" } }' : `resource r${index} { r${index - 1} {} }`,
  );
  const { catalog, diagnostics } = run(`${nested}\nr2999 {}`);
  expect(diagnostics).toEqual([]);
  expect(catalog?.resources[0]?.declared[0]?.through).toHaveLength(3000);
});

test("the most deeply nested expressions the parser lets through are evaluated", () => {
  const lists = `${"[".repeat(190)}1${"]".repeat(190)}`;
  const calls = `${"trim(".repeat(190)}"x"${")".repeat(190)}`;
  const ifs = `${"if true { ".repeat(190)}"y"${" } else { none }".repeat(190)}`;
  const sum = Array.from({ length: 400 }, () => "1").join(" + ");
  const text = `let lists = ${lists}
let calls = ${calls}
let ifs = ${ifs}
let sum = ${sum}
file "/x" { content = "\${len(lists)} \${calls} \${ifs} \${sum}" }`;
  expect(contentOf(run(text), "/x")).toBe("1 x y 400");
});

test("more resources than a host may have are refused", () => {
  const { catalog, diagnostics } = run('for i in range(1, 100000) { package "p${i}" }\npackage "one-more"');
  expect(catalog).toBeUndefined();
  expect(diagnostics.map(({ message }) => message)).toEqual(["a host has at most 100000 resources"]);
});

test("the same recipe and facts give the same catalog, byte for byte", () => {
  const text = `resource app(name: string) {
  input ports: set<int> = [1]
  file "/app/\${name}" { content = join(ports, " "), owner = user["ada"].name }
}
user "ada"
for name in ["b", "a"] { app name { ports = [3, 2] } }
app "a" { ports = [9] }`;
  const plain = (evaluated: Evaluated) =>
    JSON.stringify(evaluated.catalog, (key, value: unknown) =>
      key === "span" || key === "kind" || key === "through"
        ? undefined
        : value instanceof Map || value instanceof Set
          ? [...value]
          : value,
    );
  const first = plain(run(text));
  expect(first).toContain('file[\\"/app/b\\"]');
  expect(plain(run(text))).toBe(first);
});

test("answers that are not all there are asked for again, with the same numbers", () => {
  const text = `observe one: string = sh"one"
observe two: string = sh"two"
file "/x" { content = "\${one} \${two}" }`;
  const names = ({ needs }: Evaluated) => needs.map(({ index, name }) => `${index} ${name}`);
  expect(names(run(text))).toEqual(["0 one", "1 two"]);
  expect(names(run(text, new Map([[0, { status: 0, output: "1" }]])))).toEqual(["0 one", "1 two"]);
  const answers = new Map([
    [0, { status: 0, output: "1\n" }],
    [1, { status: 0, output: "2\n" }],
  ]);
  expect(contentOf(run(text, answers), "/x")).toBe("1 2");
});

test("with mistakes in it a recipe asks a host for nothing", () => {
  const { needs, diagnostics } = run('observe one: string = sh"one"\nfile "relative" {}');
  expect(needs).toEqual([]);
  expect(diagnostics.map(({ code }) => code)).toEqual(["E101"]);
});
