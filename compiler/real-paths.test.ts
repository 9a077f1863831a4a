import { expect, test } from "vitest";
import { meetAliases } from "./aliases.ts";
import { CatalogFixture, debian } from "../test/catalog-fixture.ts";
import { order } from "./graph.ts";
import type { State } from "./state.ts";

/** A host on which /var/run is a link to /run. */
const state: State = {
  resources: new Map(),
  keys: new Map(),
  realFolders: new Map([
    ["/var/run", "/run"],
    ["/var/run/app", "/run/app"],
  ]),
  guards: new Map(),
  owed: [],
  contents: new Map(),
  primaryGroups: new Map(),
};

test("two paths of one file are one resource when they agree, and an error that names both when they do not", () => {
  const alike = new CatalogFixture();
  const first = alike.declare("file", "/var/run/a", { owner: "bob" });
  alike.declare("file", "/run/a");
  const met = meetAliases(alike.catalog, state);
  expect(met?.diagnostics).toEqual([]);
  expect(met?.catalog.resources.map(({ id }) => id)).toEqual([first]);

  const unlike = new CatalogFixture();
  unlike.declare("file", "/var/run/a", { owner: "bob" });
  unlike.declare("file", "/run/a", { owner: "eve" });
  expect(meetAliases(unlike.catalog, state)?.diagnostics.map(({ message }) => message)).toEqual([
    'file["/var/run/a"] and file["/run/a"] are both /run/a on web1, and contradict each other in `owner`',
  ]);
});

test("one path cannot be two things, whatever links lead to it", () => {
  const fixture = new CatalogFixture();
  fixture.declare("file", "/var/run/a");
  fixture.declare("directory", "/run/a");
  expect(meetAliases(fixture.catalog, state)?.diagnostics.map(({ code }) => code)).toEqual(["P302"]);
});

test("a folder comes before what is in it by another path, and so does a link that the recipe makes", () => {
  const fixture = new CatalogFixture();
  const file = fixture.declare("file", "/var/run/app/x");
  const folder = fixture.declare("directory", "/run/app");
  const met = meetAliases(fixture.catalog, state);
  const { graph } = order(met?.catalog ?? fixture.catalog, debian, met?.names, met?.real);
  expect(graph?.order.map(({ id }) => id)).toEqual([folder, file]);

  const linked = new CatalogFixture();
  linked.declare("file", "/srv/a/x", { owner: "bob" });
  linked.declare("file", "/srv/b/x", { owner: "eve" });
  linked.declare("link", "/srv/a", { to: "b" });
  expect(meetAliases(linked.catalog, state)?.diagnostics.map(({ code }) => code)).toEqual(["P336"]);
});

test("where no link leads anywhere else nothing is looked at again", () => {
  const fixture = new CatalogFixture();
  fixture.declare("file", "/etc/a");
  expect(meetAliases(fixture.catalog, state)).toBeUndefined();
});
