import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeCompilerHost } from "../cli/node-compiler-host.ts";
import type { Catalog } from "../compiler/catalog.ts";
import { check } from "../compiler/check.ts";
import { evaluate } from "../compiler/evaluate.ts";
import { prepare } from "../compiler/evaluate/state/prepare.ts";
import { builtinFunctions } from "../compiler/functions/table.ts";
import { order } from "../compiler/graph.ts";
import type { Facts } from "../compiler/kind/facts.ts";
import { load } from "../compiler/loader.ts";
import { debian12 } from "../stdlib/facts/debian-12.ts";
import { kinds } from "../stdlib/index.ts";

const root = join(import.meta.dirname, "..");

/** Compiles a recipe that uses Galley's own cookbooks. */
function compile(text: string, facts: Facts = debian12): { catalog?: Catalog; messages: readonly string[] } {
  const host = nodeCompilerHost(join(root, "cookbooks"), root);
  const bytes = new TextEncoder().encode(text);
  const program = load(
    "site.recipe",
    { ...host, read: (asked) => (asked === "site.recipe" ? { bytes } : host.read(asked)) },
    new Map(kinds.map((kind) => [kind.name, kind])),
  );
  const found = [...program.diagnostics, ...check(program, builtinFunctions)];
  if (found.length > 0) return { messages: found.map(({ message }) => message) };
  const { catalog, diagnostics } = evaluate(prepare(program), { facts }, { unobserved: "unknown" });
  const ordered = catalog ? order(catalog, facts).diagnostics : [];
  return { ...(catalog ? { catalog } : {}), messages: [...diagnostics, ...ordered].map(({ message }) => message) };
}

/** The catalog of a recipe that has no mistake. */
function catalogOf(text: string, facts?: Facts): Catalog {
  const { catalog, messages } = compile(text, facts);
  expect(messages).toEqual([]);
  if (!catalog) throw new Error("a recipe without mistakes has a catalog");
  return catalog;
}

function contentOf(catalog: Catalog, path: string): string | undefined {
  const content = catalog.resources.find(({ id }) => id === `file["${path}"]`)?.want.properties["content"];
  if (typeof content !== "object" || content === null || !("type" in content) || content.type !== "blob")
    return undefined;
  return new TextDecoder().decode(content.bytes);
}

/** The names of the modules whose links are there, and of those whose links must go, with a minus. */
function modulesOf(catalog: Catalog): readonly string[] {
  return catalog.resources.flatMap(({ kind, want }) => {
    const [, file] = /^\/etc\/apache2\/mods-enabled\/(.*)$/.exec(want.title) ?? [];
    if (kind.name !== "link" || file === undefined) return [];
    return [want.properties["state"] === "absent" ? `-${file}` : file];
  });
}

test("a virtual host is written as Apache reads it", () => {
  const catalog = catalogOf(`use apache
apache.vhost "shop.example" {
  root           = "/srv/shop"
  aliases        = ["www.shop.example", "shop"]
  port           = 8080
  index          = ["index.php", "index.html"]
  allow_override = ["FileInfo", "AuthConfig"]
  headers        = { "X-Frame-Options" = "DENY" }
  extra          = "KeepAlive Off"
}`);
  expect(contentOf(catalog, "/etc/apache2/sites-available/shop.example.conf"))
    .toBe(`# From the recipe; changes made here are overwritten.
<VirtualHost *:8080>
  ServerName shop.example
  ServerAlias www.shop.example
  ServerAlias shop
  DocumentRoot "/srv/shop"
  ErrorLog "/var/log/apache2/shop.example-error.log"
  CustomLog "/var/log/apache2/shop.example-access.log" combined
  <Directory "/srv/shop">
    Require all granted
    Options FollowSymLinks
    AllowOverride AuthConfig FileInfo
    DirectoryIndex index.php index.html
  </Directory>
  Header always set X-Frame-Options "DENY"
KeepAlive Off
</VirtualHost>
`);
  expect(modulesOf(catalog)).toContain("headers.load");
  const ids = catalog.resources.map(({ id }) => id);
  expect(ids).toContain('directory["/srv/shop"]');
  expect(ids).toContain('link["/etc/apache2/sites-enabled/shop.example.conf"]');
});

test("the server listens where its virtual hosts are, and on port 80 when nobody says more", () => {
  const ports = (text: string) => contentOf(catalogOf(`use apache\n${text}`), "/etc/apache2/ports.conf");
  const note = "# From the recipe; changes made here are overwritten.\n";
  expect(ports("apache.server {}")).toBe(`${note}Listen 80\n`);
  const two = `apache.vhost "a.example" { root = "/srv/a" }
apache.vhost "b.example" { root = "/srv/b", port = 8080 }
apache.server { listen = [9000] }`;
  expect(ports(two)).toBe(`${note}Listen 80\nListen 8080\nListen 9000\n`);
});

test("workers are filled up to whole processes", () => {
  const limits = (inputs: string, facts?: Facts): readonly string[] =>
    (
      contentOf(
        catalogOf(`use apache\napache.server { ${inputs} }`, facts),
        "/etc/apache2/conf-available/galley.conf",
      ) ?? ""
    )
      .split("\n")
      .filter((line) => /Limit|Threads|Max/.test(line))
      .map((line) => line.trim());
  expect(limits("workers = 400")).toEqual(["ServerLimit 16", "ThreadsPerChild 25", "MaxRequestWorkers 400"]);
  expect(limits("workers = 401")).toEqual(["ServerLimit 17", "ThreadsPerChild 25", "MaxRequestWorkers 425"]);
  expect(limits("workers = 10")).toEqual(["ServerLimit 1", "ThreadsPerChild 10", "MaxRequestWorkers 10"]);
  expect(limits('mpm = "prefork", workers = 70')).toEqual([
    "ServerLimit 70",
    "ThreadsPerChild 1",
    "MaxRequestWorkers 70",
  ]);
  expect(limits("", { ...debian12, cpus: 8 })).toContain("MaxRequestWorkers 525");
});

test("a module brings what it needs and its settings, and exactly one of the three process models is on", () => {
  const own = [
    "mpm_event.conf",
    "mpm_event.load",
    "-mpm_prefork.conf",
    "-mpm_prefork.load",
    "-mpm_worker.conf",
    "-mpm_worker.load",
  ];
  expect(modulesOf(catalogOf("use apache\napache.server {}"))).toEqual(own);
  const more = modulesOf(catalogOf('use apache\napache.server { modules = ["ssl", "rewrite"] }'));
  expect(more.filter((name) => !own.includes(name)).toSorted()).toEqual([
    "mime.conf",
    "mime.load",
    "rewrite.load",
    "setenvif.conf",
    "setenvif.load",
    "socache_shmcb.load",
    "ssl.conf",
    "ssl.load",
  ]);
  const worker = modulesOf(catalogOf('use apache\napache.server { mpm = "worker" }\napache.module "proxy_html"'));
  expect(worker).toContain("-mpm_event.load");
  expect(worker).toContain("mpm_worker.load");
  expect(worker).toContain("xml2enc.load");
});

test("a module has the name that its package gives it, and must be there", () => {
  const catalog = catalogOf('use apache\napache.server {}\napache.module "php8.2"');
  expect(modulesOf(catalog)).toContain("php8.2.load");
  const made = catalog.resources.find(({ want }) => want.title.endsWith("php8.2.load"));
  expect(made?.want.properties["dangling"]).toBe(false);
  expect(compile('use apache\napache.server {}\napache.module "../x"').messages).not.toEqual([]);
});

test("host names in upper and lower case are one virtual host", () => {
  const alike = catalogOf(`use apache
apache.vhost "Shop.Example" { root = "/srv/shop" }
apache.vhost "shop.example" { root = "/srv/shop", aliases = ["WWW.shop.example"] }
`);
  expect(contentOf(alike, "/etc/apache2/sites-available/shop.example.conf")).toContain(
    "ServerAlias www.shop.example\n",
  );
  expect(alike.resources.filter(({ want }) => want.title.includes("/sites-available/"))).toHaveLength(1);
  const { messages } = compile(`use apache
apache.vhost "A.example" { root = "/srv/a" }
apache.vhost "a.example" { root = "/srv/b" }`);
  expect(messages).toEqual(['apache.vhost["a.example"] is given two values of `root` on debian-12']);
});

test("the example site of the distribution goes unless it is asked for", () => {
  const state = (inputs: string) =>
    catalogOf(`use apache\napache.server { ${inputs} }`).resources.find(({ want }) =>
      want.title.endsWith("000-default.conf"),
    )?.want.properties["state"];
  expect(state("")).toBe("absent");
  expect(state("default_site = true")).toBe("present");
});

test("the database server is written as it reads its settings", () => {
  const catalog = catalogOf(`use mysql
mysql.server { bind = "0.0.0.0", port = 3307, options = { max_connections = "400" } }
mysql.server { buffer_pool = 1GiB, options = { slow_query_log = "on" } }`);
  expect(contentOf(catalog, "/etc/mysql/mariadb.conf.d/60-galley.cnf"))
    .toBe(`# From the recipe; changes made here are overwritten.
[mysqld]
bind-address = 0.0.0.0
port = 3307
innodb_buffer_pool_size = 1073741824
max_connections = 400
slow_query_log = on
`);
  const small = catalogOf("use mysql\nmysql.server {}", { ...debian12, memory: 256 * 1024 * 1024 });
  expect(contentOf(small, "/etc/mysql/mariadb.conf.d/60-galley.cnf")).toContain(
    "innodb_buffer_pool_size = 134217728\n",
  );
});

test("an option of the database server has one value, however its name is spelt", () => {
  const settings = (...inputs: readonly string[]) =>
    compile(`use mysql\n${inputs.map((one) => `mysql.server { ${one} }`).join("\n")}`).messages;
  const contradicted = (name: string) => [`mysql.option["${name}"] is given two values of \`value\` on debian-12`];
  expect(settings('options = { "max-connections" = "4" }', 'options = { max_connections = "5" }')).toEqual(
    contradicted("max_connections"),
  );
  expect(settings('options = { "loose-x" = "4", x = "5" }')).toEqual(contradicted("x"));
  expect(settings('options = { "max-connections" = "4" }', 'options = { max_connections = "4" }')).toEqual([]);
  expect(settings('bind = "0.0.0.0"', 'options = { bind_address = "127.0.0.1" }')).toEqual(
    contradicted("bind_address"),
  );
  // MariaDB compares the case of names: wsrep_OSU_method has no other spelling.
  expect(settings('options = { wsrep_OSU_method = "TOI", wsrep_osu_method = "RSU" }')).toEqual([]);
});

test("a database is created with its character set, and a name that is none is refused", () => {
  const catalog = catalogOf(
    'use mysql\nmysql.server {}\nmysql.database "shop" { charset = "latin1", collation = "latin1_bin" }',
  );
  expect(catalog.resources.find(({ kind }) => kind.name === "execute")?.want.properties["unless"]).toMatchObject({
    arguments: [
      "select schema_name, default_character_set_name, default_collation_name from information_schema.schemata",
      "shop\tlatin1\tlatin1_bin",
    ],
  });
  const [message] = compile('use mysql\nmysql.server {}\nmysql.database "shop; drop table users"').messages;
  expect(message).toContain('"shop; drop table users"');
});

test("another family is refused where its layout would be needed", () => {
  const facts = { ...debian12, os: { ...debian12.os, family: "redhat", id: "rocky" } } as const;
  for (const text of ["use apache\napache.server {}", "use mysql\nmysql.server {}"]) {
    const { catalog, messages } = compile(text, facts);
    expect(catalog).toBeUndefined();
    expect(messages).toEqual(['no arm of this match covers "redhat"']);
  }
});
