import { expect, test } from "vitest";
import { frame } from "../grammar/frame.ts";
import { CatalogFixture, debian } from "../test/catalog-fixture.ts";
import { type Graph, order } from "./graph.ts";

function graphOf(fixture: CatalogFixture): Graph {
  const { graph, diagnostics } = order(fixture.catalog, debian);
  if (!graph) throw new Error(diagnostics.map((one) => frame(one)).join("\n"));
  return graph;
}

const ids = (fixture: CatalogFixture) => graphOf(fixture).order.map((resource) => resource.id);

const why = (fixture: CatalogFixture, from: string, to: string) =>
  graphOf(fixture)
    .before(to)
    .filter((edge) => edge.from === from)
    .map((edge) => edge.because);

const errors = (fixture: CatalogFixture) => order(fixture.catalog, debian).diagnostics.map((one) => frame(one));

test("without any order resources stay as they stand in the source", () => {
  const fixture = new CatalogFixture();
  fixture.declare("group", "b");
  fixture.declare("file", "/srv/x");
  fixture.declare("group", "a");
  expect(ids(fixture)).toEqual(['group["b"]', 'file["/srv/x"]', 'group["a"]']);
});

test("what is required comes first, and everything else stays in source order", () => {
  const fixture = new CatalogFixture();
  const first = fixture.declare("file", "/srv/first");
  fixture.declare("file", "/srv/second");
  const third = fixture.declare("file", "/srv/third");
  fixture.require(first, third);
  expect(ids(fixture)).toEqual(['file["/srv/second"]', 'file["/srv/third"]', 'file["/srv/first"]']);
  expect(why(fixture, third, first)).toEqual(["you wrote `require`"]);
});

// Each row: what comes first, what comes after, and the reason that is kept. They are declared the other way round.
const pairs: readonly {
  readonly name: string;
  readonly after: readonly [string, string, Parameters<CatalogFixture["declare"]>[2]?];
  readonly first: readonly [string, string, Parameters<CatalogFixture["declare"]>[2]?];
  readonly because: string;
}[] = [
  {
    name: "a file after the directory it is in",
    after: ["file", "/srv/app/x"],
    first: ["directory", "/srv/app"],
    because: "it is inside it",
  },
  {
    name: "a file after the nearest managed folder above it",
    after: ["file", "/srv/app/a/b/x"],
    first: ["directory", "/srv/app"],
    because: "it is in /srv/app",
  },
  {
    name: "a user after the group of its name, which is then its login group",
    after: ["user", "app"],
    first: ["group", "app"],
    because: "it becomes its login group",
  },
  {
    name: "a file behind a managed link after the link",
    after: ["file", "/opt/app/current/x"],
    first: ["link", "/opt/app/current", { to: "releases/1" }],
    because: "it is behind the link /opt/app/current",
  },
  {
    name: "a file after its owner",
    after: ["file", "/srv/x", { owner: "app" }],
    first: ["user", "app"],
    because: "it is its owner",
  },
  {
    name: "a login after its groups",
    after: ["user", "app", { groups: ["web"] }],
    first: ["group", "web"],
    because: "the login belongs to it",
  },
  {
    name: "a folder after the login whose home it is",
    after: ["directory", "/srv/app"],
    first: ["user", "app", { home: "/srv/app" }],
    because: "its home comes with the login",
  },
  {
    name: "a service after the package of its name",
    after: ["service", "nginx"],
    first: ["package", "nginx"],
    because: "it is its unit, and the package brings it",
  },
  {
    name: "a service after the package that is known to bring its unit",
    after: ["service", "mariadb"],
    first: ["package", "mariadb-server"],
    because: "it is its unit, and the package brings it",
  },
  {
    name: "a service after its unit file",
    after: ["service", "api"],
    first: ["file", "/etc/systemd/system/api.service"],
    because: "it is its unit, and it is its unit file",
  },
  {
    name: "a service after the unit file of its template",
    after: ["service", "api@1"],
    first: ["file", "/etc/systemd/system/api@.service"],
    because: "it is its unit file",
  },
  {
    name: "a timer after its unit file",
    after: ["service", "dump.timer"],
    first: ["file", "/etc/systemd/system/dump.timer"],
    because: "it is its unit, and it is its unit file",
  },
  {
    name: "a service after a part of its unit",
    after: ["service", "api"],
    first: ["file", "/etc/systemd/system/api.service.d/10-limit.conf"],
    because: "it is part of its unit (/etc/systemd/system/api.service.d/10-limit.conf)",
  },
  {
    name: "a file after the package that brings the folder",
    after: ["file", "/etc/mysql/mariadb.conf.d/60-galley.cnf"],
    first: ["package", "mariadb-server"],
    because: "it is in /etc/mysql, and the package brings it",
  },
  {
    name: "a file after the package that its path names",
    after: ["file", "/etc/logrotate.d/frobnicate"],
    first: ["package", "frobnicate"],
    because: "its path names the package frobnicate",
  },
  {
    name: "a file after the package that its name without ending names",
    after: ["file", "/etc/frobnicate.conf"],
    first: ["package", "frobnicate"],
    because: "its path names the package frobnicate",
  },
  {
    name: "a login after the package that brings it",
    after: ["user", "mysql", { groups: [] }],
    first: ["package", "mariadb-server"],
    because: "it is that login, and the package brings it",
  },
  {
    name: "a link after its target",
    after: ["link", "/etc/a/enabled/x", { to: "../available/x" }],
    first: ["file", "/etc/a/available/x"],
    because: "the link points to it",
  },
  {
    name: "a service after what it watches",
    after: ["service", "api", { watch: ["/etc/api/**"] }],
    first: ["file", "/etc/api/a/b.conf"],
    because: "`watch` names it",
  },
  {
    name: "a command after the package of its first word",
    after: ["execute", "x", { run: ["psql"], always: "a test" }],
    first: ["package", "postgresql"],
    because: "it runs it, and the package brings it",
  },
  {
    name: "a file after the command that creates the folder",
    after: ["file", "/srv/app/x"],
    first: ["execute", "unpack", { creates: "/srv/app" }],
    because: "it is inside it",
  },
  {
    name: "a removed folder after what is removed in it",
    after: ["directory", "/srv/app", { state: "absent" }],
    first: ["file", "/srv/app/x", { state: "absent" }],
    because: 'directory["/srv/app"] is taken away after what uses it',
  },
  {
    name: "a removed package after the service that it brings",
    after: ["package", "apache2", { state: "absent" }],
    first: ["service", "apache2", { state: "stopped", enabled: false }],
    because: 'package["apache2"] is taken away after what uses it',
  },
  {
    name: "a removed package after files that are removed from its folders",
    after: ["package", "apache2", { state: "absent" }],
    first: ["file", "/etc/apache2/sites-enabled/a.conf", { state: "absent" }],
    because: 'package["apache2"] is taken away after what uses it',
  },
];

for (const { name, first, after, because } of pairs) {
  test(`footprints order ${name}`, () => {
    const fixture = new CatalogFixture();
    const last = fixture.declare(...after);
    const begin = fixture.declare(...first);
    expect(ids(fixture)).toEqual([begin, last]);
    expect(why(fixture, begin, last)).toContain(because);
  });
}

test("a service that another package goes on bringing does not wait for the removal of the one before", () => {
  const fixture = new CatalogFixture();
  const old = fixture.declare("package", "mysql-server", { state: "absent" });
  const service = fixture.declare("service", "mysql");
  const now = fixture.declare("package", "mariadb-server");
  expect(ids(fixture)).toEqual([old, now, service]);
});

test("what a package may have brought is removed after it is installed", () => {
  const fixture = new CatalogFixture();
  const site = fixture.declare("link", "/etc/apache2/sites-enabled/000-default.conf", { state: "absent" });
  const pkg = fixture.declare("package", "apache2");
  expect(ids(fixture)).toEqual([pkg, site]);
});

test("a file behind a managed link comes after what is managed where it really lies", () => {
  const fixture = new CatalogFixture();
  fixture.declare("file", "/opt/app/current/etc/x");
  fixture.declare("directory", "/opt/app/releases/1/etc");
  fixture.declare("link", "/opt/app/current", { to: "releases/1" });
  expect(ids(fixture)).toEqual([
    'directory["/opt/app/releases/1/etc"]',
    'link["/opt/app/current"]',
    'file["/opt/app/current/etc/x"]',
  ]);
});

test("links that point to each other do not hang the search for what lies behind them", () => {
  const fixture = new CatalogFixture();
  fixture.declare("link", "/srv/a", { to: "b" });
  fixture.declare("link", "/srv/b", { to: "a" });
  fixture.declare("file", "/srv/a/x/y");
  expect(ids(fixture)).toHaveLength(3);
});

test("a container is waited for as a whole and waits as a whole", () => {
  const fixture = new CatalogFixture();
  const page = fixture.declare("file", "/srv/page");
  const server = fixture.contain("web.server");
  fixture.declare("file", "/srv/one", {}, { containers: [server] });
  fixture.declare("file", "/srv/two", {}, { containers: [server] });
  const base = fixture.declare("group", "base");
  fixture.require(page, server);
  fixture.require(server, base);
  expect(ids(fixture)).toEqual(['group["base"]', 'file["/srv/one"]', 'file["/srv/two"]', 'file["/srv/page"]']);
  expect(why(fixture, 'file["/srv/one"]', page)).toEqual(["you wrote `require`"]);
  expect(why(fixture, base, 'file["/srv/two"]')).toEqual(["you wrote `require`"]);
});

test("containers inside containers are waited for and wait, too", () => {
  const fixture = new CatalogFixture();
  const page = fixture.declare("file", "/srv/page");
  const outer = fixture.contain("outer");
  const inner = fixture.contain("inner", [outer]);
  fixture.declare("file", "/srv/one", {}, { containers: [inner] });
  const base = fixture.declare("group", "base");
  fixture.require(page, outer);
  fixture.require(outer, base);
  expect(ids(fixture)).toEqual(['group["base"]', 'file["/srv/one"]', 'file["/srv/page"]']);
});

test("an order through a container without members holds", () => {
  const fixture = new CatalogFixture();
  const last = fixture.declare("group", "last");
  const empty = fixture.contain("empty");
  const first = fixture.declare("group", "first");
  fixture.require(last, empty);
  fixture.require(empty, first);
  expect(ids(fixture)).toEqual(['group["first"]', 'group["last"]']);
  expect(why(fixture, first, last)).toEqual(["you wrote `require`"]);
});

test("what several containers declare precedes the end of each and waits for the begin of none", () => {
  const fixture = new CatalogFixture();
  const [a, b] = [fixture.contain("site.a"), fixture.contain("site.b")];
  fixture.declare("file", "/srv/shared", {}, { containers: [a, b] });
  const gate = fixture.declare("group", "gate");
  fixture.require(a, gate);
  const page = fixture.declare("file", "/srv/page");
  fixture.require(page, b);
  expect(ids(fixture)).toEqual(['file["/srv/shared"]', 'group["gate"]', 'file["/srv/page"]']);
  expect(graphOf(fixture).before('file["/srv/shared"]')).toEqual([]);
  expect(why(fixture, 'file["/srv/shared"]', page)).toEqual(["you wrote `require`"]);
});

test("an event for a container reaches those directly inside that have it", () => {
  const fixture = new CatalogFixture();
  const server = fixture.contain("web.server");
  fixture.declare("service", "web", {}, { containers: [server] });
  fixture.declare("file", "/srv/one", {}, { containers: [server] });
  const settings = fixture.declare("file", "/srv/settings");
  fixture.notify(settings, server, "restart");
  expect(graphOf(fixture).after(settings)).toEqual([
    expect.objectContaining({ to: 'service["web"]', reason: "notify", event: "restart" }),
  ]);
});

test("P305: an event for a container in which nothing takes it", () => {
  const fixture = new CatalogFixture();
  const server = fixture.contain("web.server");
  fixture.declare("file", "/srv/one", {}, { containers: [server] });
  const settings = fixture.declare("file", "/srv/settings");
  fixture.notify(settings, server, "restart");
  expect(errors(fixture)).toEqual([
    `error[P305]: nothing directly inside web.server takes the event \`restart\`
  --> site.recipe:4:1
   |
 4 | line 4
   | ^^^^^^ no resource would receive this event
   = an event for a resource of your own goes to those directly inside it that have it`,
  ]);
});

test("the event of a watched file is the weakest, that of a watched unit file the strongest", () => {
  const fixture = new CatalogFixture();
  fixture.declare("service", "api", { watch: ["/etc/api/*.conf", "/etc/systemd/system/api.service", "/etc/api"] });
  fixture.declare("file", "/etc/api/a.conf");
  fixture.declare("file", "/etc/api/a.txt");
  fixture.declare("directory", "/etc/api");
  fixture.declare("file", "/etc/systemd/system/api.service");
  const events = graphOf(fixture)
    .before('service["api"]')
    .filter((edge) => edge.event !== undefined)
    .map((edge) => [edge.from, edge.event]);
  expect(events).toEqual([
    ['file["/etc/api/a.conf"]', "reload"],
    ['file["/etc/systemd/system/api.service"]', "restart"],
  ]);
});

test("whatever a unit is made from restarts it, and nothing else does", () => {
  const fixture = new CatalogFixture();
  const files = [
    "/etc/systemd/system/app-web@.service",
    "/run/systemd/system/app-web@1.service.d/a.conf",
    "/usr/lib/systemd/system/app-web@.service.d/a.conf",
    "/usr/local/lib/systemd/system/app-.service.d/a.conf",
    "/etc/systemd/system.control/service.d/a.conf",
    "/srv/app/linked.service",
    "/etc/systemd/system/app-web@2.service",
    "/etc/systemd/system/app-web@1.timer",
    "/etc/systemd/system/app-web@1.service.d/a.txt",
    "/etc/systemd/system/timer.d/a.conf",
    "/etc/systemd/system/ap-.service.d/a.conf",
    "/etc/systemd/system/multi-user.target.wants/app-web@1.service",
  ].map((path) => fixture.declare("file", path));
  const link = fixture.declare("link", "/etc/systemd/system/app-web@1.service", { to: "/srv/app/linked.service" });
  const gone = fixture.declare("file", "/etc/systemd/system/app-web@1.service.d/gone.conf", { state: "absent" });
  fixture.declare("directory", "/etc/systemd/system/app-web@1.service.d");
  const unit = fixture.declare("service", "app-web@1");
  const graph = graphOf(fixture);
  expect(new Set(graph.eventsTo(unit).map((edge) => `${edge.event} ${edge.from}`))).toEqual(
    new Set([...files.slice(0, 6), link, gone].map((id) => `restart ${id}`)),
  );
});

test("a unit file that must come after its unit is said to change nothing", () => {
  const fixture = new CatalogFixture();
  const unit = fixture.declare("service", "api");
  const file = fixture.declare("file", "/etc/systemd/system/api.service.d/a.conf");
  fixture.require(file, unit);
  const { diagnostics } = order(fixture.catalog, debian);
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([
    `P337 ${file} belongs to the unit of ${unit} but comes after it, so a change does not restart it`,
  ]);
});

test("`watch` as a guard of a command orders and sends nothing", () => {
  const fixture = new CatalogFixture();
  const run = fixture.declare("execute", "x", { run: ["x"], watch: ["/srv/*.txt"] });
  const file = fixture.declare("file", "/srv/a.txt");
  expect(graphOf(fixture).before(run)).toEqual([
    expect.objectContaining({ from: file, because: "`watch` names it", reason: "inferred" }),
  ]);
  expect(graphOf(fixture).before(run)[0]).not.toHaveProperty("event");
});

test("an inferred order that contradicts a stated one is left out, with what holds instead", () => {
  const fixture = new CatalogFixture();
  const pkg = fixture.declare("package", "apache2");
  const file = fixture.declare("file", "/etc/apache2/ports.conf");
  fixture.require(pkg, file);
  expect(ids(fixture)).toEqual([file, pkg]);
  expect(graphOf(fixture).dropped.map(({ edge, instead }) => [edge.from, edge.to, instead()])).toContainEqual([
    pkg,
    file,
    [file, pkg],
  ]);
});

test("of inferred orders that contradict each other the weaker is left out", () => {
  const fixture = new CatalogFixture();
  const file = fixture.declare("file", "/srv/app/x");
  const service = fixture.declare("service", "app", { watch: ["/srv/app/**"] });
  const seed = fixture.declare("execute", "seed", { run: ["true"], creates: "/srv/app" });
  fixture.require(seed, service);
  // The file cannot do without the folder that the command creates; that it is watched weighs less.
  expect(ids(fixture)).toEqual([service, seed, file]);
  expect(graphOf(fixture).dropped.map(({ edge }) => [edge.from, edge.to])).toContainEqual([file, service]);
});

test("R203: a cycle of requires, with each reason and place", () => {
  const fixture = new CatalogFixture();
  const a = fixture.declare("group", "a");
  const b = fixture.declare("group", "b");
  fixture.require(a, b);
  fixture.require(b, a);
  expect(errors(fixture)).toEqual([
    `error[R203]: these wait for each other
  --> site.recipe:3:1
   |
 3 | line 3
   | ^^^^^^
   = 1  group["a"]  waits for  group["b"]  because you wrote \`require\`  site.recipe:3
   = 2  group["b"]  waits for  group["a"]  because you wrote \`require\`  site.recipe:4
   = removing number 1 is the simplest way to break the cycle`,
  ]);
});

test("R203: a cycle closed by an owner that cannot be done without", () => {
  const fixture = new CatalogFixture();
  const file = fixture.declare("file", "/etc/app/db.conf", { owner: "app" });
  const user = fixture.declare("user", "app");
  const folder = fixture.declare("directory", "/srv/app");
  fixture.require(user, folder);
  fixture.edges.push({ from: file, to: folder, reason: "before", because: "you wrote `before`" });
  expect(errors(fixture)).toEqual([
    `error[R203]: these wait for each other
  --> site.recipe:3:1
   |
 3 | line 3
   | ^^^^^^
   = 1  file["/etc/app/db.conf"]  waits for  user["app"]               because it is its owner      site.recipe:1 (inferred)
   = 2  user["app"]               waits for  directory["/srv/app"]     because you wrote \`require\`  site.recipe:4
   = 3  directory["/srv/app"]     waits for  file["/etc/app/db.conf"]  because you wrote \`before\`   site.recipe:3
   = removing number 3 is the simplest way to break the cycle`,
  ]);
});

test("R203: a member that requires the container it is in", () => {
  const fixture = new CatalogFixture();
  const server = fixture.contain("web.server");
  const file = fixture.declare("file", "/srv/one", {}, { containers: [server] });
  fixture.require(file, server);
  expect(errors(fixture)).toEqual([
    `error[R203]: these wait for each other
  --> site.recipe:3:1
   |
 3 | line 3
   | ^^^^^^
   = 1  file["/srv/one"]  waits for  web.server        because you wrote \`require\`         site.recipe:3
   = 2  web.server        waits for  file["/srv/one"]  because the one contains the other  site.recipe:1
   = removing number 1 is the simplest way to break the cycle`,
  ]);
});

test("two cycles are two errors", () => {
  const fixture = new CatalogFixture();
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => fixture.declare("group", name));
  for (const [to, from] of [
    [a, b],
    [b, a],
    [c, d],
    [d, c],
  ])
    fixture.require(to ?? "", from ?? "");
  expect(order(fixture.catalog, debian).diagnostics.map((one) => one.code)).toEqual(["R203", "R203"]);
});

test("P301: a command and a file that write the same path in no order", () => {
  const fixture = new CatalogFixture();
  fixture.declare("execute", "seed", { run: ["x"], creates: "/srv/x" });
  const file = fixture.declare("file", "/srv/x");
  expect(errors(fixture)).toEqual([
    `warning[P301]: nothing says which of these comes first
  --> site.recipe:2:1
   |
 1 | line 1
   | ------ execute["seed"] is declared here
 2 | line 2
   | ^^^^^^ file["/srv/x"] makes /srv/x
   = execute["seed"] (site.recipe:1) makes /srv/x too
   = in source order file["/srv/x"] has the last word; add \`require execute["seed"]\` to it to say so, or the reverse`,
  ]);
  fixture.require(file, 'execute["seed"]');
  expect(errors(fixture)).toEqual([]);
});

test("P340: two accounts of one number", () => {
  const fixture = new CatalogFixture();
  fixture.declare("user", "ada", { uid: "1500" });
  fixture.declare("user", "eve", { uid: "1500" });
  fixture.declare("user", "bob", { uid: "1501" });
  expect(errors(fixture)).toEqual([
    `error[P340]: user["ada"] and user["eve"] have the same number, 1500
  --> site.recipe:2:1
   |
 1 | line 1
   | ------ user["ada"] is declared here
 2 | line 2
   | ^^^^^^ give it a number of its own, or leave the number out
   = the kernel knows accounts by their numbers: to it both are one, with all the files of either`,
  ]);
});

test("P302: two resources that own one path", () => {
  const fixture = new CatalogFixture();
  fixture.declare("file", "/srv/x");
  fixture.declare("directory", "/srv/x");
  expect(errors(fixture)).toEqual([
    `error[P302]: /srv/x cannot be both file["/srv/x"] and directory["/srv/x"]
  --> site.recipe:2:1
   |
 1 | line 1
   | ------ file["/srv/x"] is declared here
 2 | line 2
   | ^^^^^^ one path has one owner`,
  ]);
});

test("P303: something needs what is taken away", () => {
  const fixture = new CatalogFixture();
  fixture.declare("user", "app", { state: "absent" });
  fixture.declare("file", "/srv/x", { owner: "app" });
  fixture.declare("directory", "/srv/app", { state: "absent" });
  fixture.declare("file", "/srv/app/deep/x");
  expect(errors(fixture)).toEqual([
    `error[P303]: file["/srv/x"] needs what user["app"] takes away
  --> site.recipe:2:1
   |
 1 | line 1
   | ------ user["app"] is taken away here
 2 | line 2
   | ^^^^^^ needed because it is its owner`,
    `error[P303]: file["/srv/app/deep/x"] needs what directory["/srv/app"] takes away
  --> site.recipe:4:1
   |
 3 | line 3
   | ------ directory["/srv/app"] is taken away here
 4 | line 4
   | ^^^^^^ needed because it is inside it`,
  ]);
});

test("P304: a watch that has to be given up is said", () => {
  const fixture = new CatalogFixture();
  const service = fixture.declare("service", "api", { watch: ["/srv/api/**"] });
  const file = fixture.declare("file", "/srv/api/data");
  fixture.require(file, service);
  expect(ids(fixture)).toEqual([service, file]);
  expect(errors(fixture)).toEqual([
    `warning[P304]: service["api"] watches file["/srv/api/data"] but comes before it, so a change does not reload it
  --> site.recipe:1:1
   |
 1 | line 1
   | ^^^^^^ this watch has no effect on it
   = service["api"] comes first because you wrote \`require\``,
  ]);
});

test("P306: a path below a file", () => {
  const fixture = new CatalogFixture();
  fixture.declare("file", "/srv/app");
  fixture.declare("file", "/srv/app/x");
  expect(errors(fixture)).toEqual([
    `error[P306]: file["/srv/app/x"] is in /srv/app, which is a file
  --> site.recipe:2:1
   |
 1 | line 1
   | ------ file["/srv/app"] is declared here
 2 | line 2
   | ^^^^^^ only a directory can hold it`,
  ]);
});

test("packages without order between them stand together, whatever stands between them in the source", () => {
  const fixture = new CatalogFixture();
  fixture.declare("package", "a");
  fixture.declare("file", "/srv/x");
  fixture.declare("package", "b");
  fixture.declare("file", "/srv/y");
  fixture.declare("package", "c");
  expect(ids(fixture)).toEqual(['package["a"]', 'package["b"]', 'package["c"]', 'file["/srv/x"]', 'file["/srv/y"]']);
});

test("packages are levelled by the longest way of packages to them", () => {
  const fixture = new CatalogFixture();
  const c = fixture.declare("package", "c");
  const file = fixture.declare("file", "/srv/x");
  const a = fixture.declare("package", "a");
  const b = fixture.declare("package", "b");
  fixture.require(c, file);
  fixture.require(file, a);
  expect(ids(fixture)).toEqual([a, b, file, c]);
  const graph = graphOf(fixture);
  expect([a, b, c].map(graph.level)).toEqual([0, 0, 1]);
});
