import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeCompilerHost } from "../cli/node-compiler-host.ts";
import { evaluate } from "../compiler/evaluate.ts";
import { prepare } from "../compiler/evaluate/state/prepare.ts";
import { type Graph, order } from "../compiler/graph.ts";
import { load } from "../compiler/loader.ts";
import { debian12 } from "../stdlib/facts/debian-12.ts";
import { kinds } from "../stdlib/index.ts";

const root = join(import.meta.dirname, "..");

/** The order of a recipe on a Debian 12. */
function graphOf(text: string): Graph {
  const host = nodeCompilerHost(join(root, "cookbooks"), root);
  const bytes = new TextEncoder().encode(text);
  const program = load(
    "site.recipe",
    { ...host, read: (asked) => (asked === "site.recipe" ? { bytes } : host.read(asked)) },
    new Map(kinds.map((kind) => [kind.name, kind])),
  );
  const { catalog } = evaluate(prepare(program), { facts: debian12 }, { unobserved: "unknown" });
  const graph = catalog && order(catalog, debian12).graph;
  expect(program.diagnostics.map(({ message }) => message)).toEqual([]);
  if (!graph) throw new Error("the recipe of a test compiles");
  return graph;
}

/** Why the command comes after each of the resources that it waits for. */
function waits(text: string): Readonly<Record<string, string>> {
  const edges = graphOf(text).before('execute["load"]');
  return Object.fromEntries(edges.map((edge) => [edge.from, edge.because]));
}

const schema = 'file "/srv/app/schema.sql" { content = "select 1;\\n" }\n';
const folder = 'directory "/srv/app"\n';
const execute = (properties: string) => `execute "load" { always = "each time"\n ${properties} }\n`;
const named = { 'file["/srv/app/schema.sql"]': "its command names it" };

test.each([
  ["as a word", 'run = ["psql", "-f", "/srv/app/schema.sql"]'],
  ["as the value of an option", 'run = ["psql", "--file=/srv/app/schema.sql"]'],
  ["glued to the letter of an option", 'run = ["psql", "-f/srv/app/schema.sql"]'],
  ["behind an @", 'run = ["curl", "--data", "@/srv/app/schema.sql", "https://db.example/srv"]'],
  ["as one side of a mount", 'run = ["docker", "run", "-v", "/srv/app/schema.sql:/schema.sql:ro", "db"]'],
  ["in shell text", 'run = sh"psql -f /srv/app/schema.sql"'],
  ["quoted in shell text", "run = sh\"psql -f '/srv/app/schema.sql'\""],
  ["behind < in shell text", 'run = sh"psql </srv/app/schema.sql"'],
  ["as a hole of shell text", 'run = sh"psql -f ${"/srv/app/schema.sql"}"'],
  ["as a part that a hole completes", 'run = sh"psql -f ${"/srv"}/app/schema.sql"'],
])("a command comes after the file that it names %s, though it is declared before", (_way, run) => {
  expect(waits(execute(run) + schema)).toMatchObject(named);
});

test("a command comes after what its environment and its guard name", () => {
  const recipe =
    'execute "load" { run = ["load"], env = { CONFIG = "/etc/load.conf" }, unless = sh"grep -q done /etc/done" }';
  const files = 'file "/etc/load.conf" { content = "a" }\nfile "/etc/done" { content = "b" }';
  expect(waits(`${recipe}\n${files}`)).toEqual({
    'file["/etc/load.conf"]': "its environment names it",
    'file["/etc/done"]': "its guard names it",
  });
});

test("a command comes after the managed directory that holds what it names, and after the files that a glob of it takes", () => {
  expect(waits(execute('run = ["tar", "xf", "/tmp/a.tar", "-C", "/srv/app/data"]') + folder)).toEqual({
    'directory["/srv/app"]': "it is in /srv/app",
  });
  expect(waits(execute('run = sh"cat /srv/app/*.sql | psql"') + folder + schema)).toHaveProperty(
    'file["/srv/app/schema.sql"]',
  );
});

test("a program that the recipe itself writes comes before the command that runs it", () => {
  const program = 'file "/usr/local/bin/load" { content = "#!/bin/sh\\n", mode = 0755 }\n';
  expect(waits(execute('run = ["/usr/local/bin/load"]') + program)).toEqual({
    'file["/usr/local/bin/load"]': "it runs it",
  });
  expect(waits(execute('run = sh"${"/usr/local/bin/load"} now"') + program)).toEqual({
    'file["/usr/local/bin/load"]': "it runs it",
  });
});

test("what the recipe says about the order wins over the names in a command", () => {
  const recipe = `${execute('run = ["psql", "-f", "/srv/app/schema.sql"]')}file "/srv/app/schema.sql" { content = "select 1;"\n require execute["load"] }`;
  const { order: ordered, dropped } = graphOf(recipe);
  expect(ordered.map(({ id }) => id)).toEqual(['execute["load"]', 'file["/srv/app/schema.sql"]']);
  expect(dropped.map(({ edge }) => edge.because)).toContain("its command names it");
});

test("a command that may make a file is not moved behind what only sets the mode of the file", () => {
  const key = 'file "/etc/app.key" { mode = 0600 }\n';
  const made =
    'execute "load" { run = ["openssl", "genrsa", "-out", "/etc/app.key"], unless = sh"test -s /etc/app.key" }\n';
  expect(waits(made + key)).toEqual({});
  expect(waits(`execute "load" { run = ["mk", "/etc/app.key"], creates = "/etc/app.key" }\n${key}`)).toEqual({});
});

test("a path in the address of another host is no path of this one", () => {
  expect(
    waits(execute('run = ["curl", "https://srv/app/schema.sql", "https:/srv", "a/srv/app/schema.sql"]') + schema),
  ).toEqual({});
});

test("a file comes after what its `verify` names", () => {
  const recipe = `file "/etc/app.crt" { content = "x", verify = sh"openssl verify -CAfile /etc/ca.pem \${candidate}" }
file "/etc/ca.pem" { content = "y" }`;
  expect(graphOf(recipe).order.map(({ id }) => id)).toEqual(['file["/etc/ca.pem"]', 'file["/etc/app.crt"]']);
});
