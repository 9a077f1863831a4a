import { expect, test } from "vitest";
import { frame } from "../../grammar/frame.ts";
import { CatalogFixture, context, debian, type HostFixture, shell, stateOf } from "../../test/catalog-fixture.ts";
import { diff, neededKeys } from "../diff.ts";
import { order } from "../graph.ts";

function planned(fixture: CatalogFixture, host: HostFixture = {}, realFolders = new Map<string, string>()) {
  const { graph } = order(fixture.catalog, debian);
  if (!graph) throw new Error("there is no order");
  const result = diff(fixture.catalog, graph, { ...stateOf(fixture.catalog, host), realFolders }, context);
  return { ...result, asked: neededKeys(graph) };
}

const codes = (...words: Parameters<typeof planned>) => planned(...words).diagnostics.map(({ code }) => code);

test("P332: a link that leads nowhere is a warning, and its target is asked for", () => {
  const fixture = new CatalogFixture();
  fixture.declare("link", "/srv/app", { to: "../opt/nosuch" });
  const { asked, diagnostics, plan } = planned(fixture, { keys: { "file:/opt/nosuch": false } });
  expect(asked).toContain("file:/opt/nosuch");
  expect(diagnostics.map((one) => frame(one))).toMatchInlineSnapshot(`
    [
      "warning[P332]: link["/srv/app"] will lead nowhere: /opt/nosuch is not on web1
      --> site.recipe:1:1
       |
     1 | line 1
       | ^^^^^^ no step of the plan makes what it points to
       = declare it, or correct \`to\`: a relative path starts at the link's own folder",
    ]
  `);
  expect(plan?.steps).toHaveLength(1);
  expect(codes(fixture, { keys: { "file:/opt/nosuch": true } })).toEqual([]);
  // Behind a link of the host the relative path starts elsewhere.
  expect(codes(fixture, { keys: { "file:/opt/nosuch": false } }, new Map([["/srv", "/data/srv"]]))).toEqual([]);
});

test("what the plan makes, or may make, is not missed", () => {
  const keys = { "file:/opt/x": false };
  for (const declare of [
    (fixture: CatalogFixture) => fixture.declare("file", "/opt/x"),
    (fixture: CatalogFixture) => fixture.declare("directory", "/opt/x"),
    (fixture: CatalogFixture) => fixture.declare("link", "/opt", { to: "/srv" }),
    (fixture: CatalogFixture) => fixture.declare("package", "x"),
    (fixture: CatalogFixture) => fixture.declare("execute", "deploy", { run: ["x"], unless: shell("false") }),
  ]) {
    const fixture = new CatalogFixture();
    fixture.declare("link", "/srv/app", { to: "/opt/x" });
    declare(fixture);
    expect(codes(fixture, { keys, guards: { 'execute["deploy"]': 0 } })).not.toContain("P332");
  }
  const volatile = new CatalogFixture();
  volatile.declare("link", "/srv/app", { to: "/run/x" });
  expect(codes(volatile, { keys: { "file:/run/x": false } })).toEqual([]);
});

test("a link to what the recipe takes away leads nowhere; one that is as wanted is not looked at", () => {
  const fixture = new CatalogFixture();
  const link = fixture.declare("link", "/srv/app", { to: "/opt/x" });
  const gone = fixture.declare("file", "/opt/x", { state: "absent" });
  expect(codes(fixture, { have: { [gone]: { state: "present" } } })).toContain("P332");
  const have = { [link]: { state: "present", to: "/opt/x" } };
  expect(codes(fixture, { have })).toEqual([]);
});
