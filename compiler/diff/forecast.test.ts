import { expect, test } from "vitest";
import { frame } from "../../grammar/frame.ts";
import { CatalogFixture, context, debian, type HostFixture, shell, stateOf } from "../../test/catalog-fixture.ts";
import type { Catalog } from "../catalog.ts";
import { diff, neededForecasts } from "../diff.ts";
import { order } from "../graph.ts";
import { call, probe } from "../kind/call.ts";
import type { Forecast, Forecaster, Kind } from "../kind/kind.ts";

/** Packages of the fixture with a tool that says what it would do. */
const forecaster: Forecaster = {
  dependsOn: ["/etc/apt"],
  probe: (wants) => probe("ask_tool", [], ...wants.map(({ title }) => title)),
  read: (output, wants) =>
    new Map(wants.map(({ title }) => [title, { settles: { version: new TextDecoder().decode(output) } }])),
};

function withForecasts(catalog: Catalog): Catalog {
  const plain = catalog.resources.find(({ kind }) => kind.name === "package")?.kind;
  if (!plain) return catalog;
  const kind: Kind = { ...plain, forecast: forecaster, apply: () => [call("package_apply")] };
  return { ...catalog, resources: catalog.resources.map((one) => (one.kind === plain ? { ...one, kind } : one)) };
}

function planned(fixture: CatalogFixture, host: HostFixture = {}, forecasts = new Map<string, Forecast>()) {
  const catalog = withForecasts(fixture.catalog);
  const { graph } = order(catalog, debian);
  if (!graph) throw new Error("there is no order");
  const state = { ...stateOf(catalog, host), forecasts };
  const result = diff(catalog, graph, state, context);
  return { ...result, needed: result.plan ? neededForecasts(result.plan, catalog, state, context) : [] };
}

const asked = (fixture: CatalogFixture, host?: HostFixture) =>
  planned(fixture, host).needed.map(({ probe: question }) => question.arguments);

test("the tool is asked about steps alone, and its answer is told by resource", () => {
  const fixture = new CatalogFixture();
  fixture.declare("package", "a");
  const there = fixture.declare("package", "b");
  const { needed } = planned(fixture, { have: { [there]: { state: "present" } } });
  expect(needed.map(({ probe: question }) => question)).toEqual([{ verb: "ask_tool", names: [], arguments: ["a"] }]);
  expect(needed[0]?.read(new TextEncoder().encode("1.2"))).toEqual(
    new Map([['package["a"]', { settles: { version: "1.2" } }]]),
  );
});

test("nothing is asked behind what may change the answer", () => {
  const behindFile = new CatalogFixture();
  const source = behindFile.declare("file", "/etc/apt/sources.list.d/x.sources", { content: "x" });
  behindFile.require(behindFile.declare("package", "a"), source);
  expect(asked(behindFile, { keys: { "file:/etc/apt/sources.list.d": true } })).toEqual([]);

  const behindCommand = new CatalogFixture();
  const command = behindCommand.declare("execute", "add", { run: ["x"], unless: shell("false") });
  behindCommand.require(behindCommand.declare("package", "a"), command);
  expect(asked(behindCommand, { guards: { [command]: 0 } })).toEqual([]);

  const behindPackage = new CatalogFixture();
  const keys = behindPackage.declare("package", "keys");
  behindPackage.require(behindPackage.declare("package", "a"), keys);
  behindPackage.declare("package", "free");
  expect(asked(behindPackage)).toEqual([["keys", "free"]]);
});

test("a file elsewhere, and a source that is as wanted, do not keep the tool from being asked", () => {
  const fixture = new CatalogFixture();
  const file = fixture.declare("file", "/etc/motd", { content: "x" });
  fixture.require(fixture.declare("package", "a"), file);
  expect(asked(fixture)).toEqual([["a"]]);
});

test("what the tool settles is shown; what it refuses is an error, what it doubts a warning", () => {
  const fixture = new CatalogFixture();
  const one = fixture.declare("package", "a");
  const told = (forecast: Forecast) => planned(fixture, {}, new Map([[one, forecast]]));
  expect(told({ settles: { version: "1.2" } }).plan?.steps[0]?.changes).toContainEqual({
    property: "version",
    to: "1.2",
  });
  const refused = told({ refusal: { problem: "it is nowhere", cure: "look elsewhere" } });
  expect(refused.plan).toBeUndefined();
  expect(refused.diagnostics.map((found) => frame(found))).toEqual([
    `error[P335]: package["a"] cannot be brought into this state on web1
  --> site.recipe:1:1
   |
 1 | line 1
   | ^^^^^^ it is nowhere
   = look elsewhere`,
  ]);
  const doubted = told({ doubt: "its lists are old" });
  expect(doubted.plan?.steps).toHaveLength(1);
  expect(doubted.diagnostics.map((found) => frame(found))).toEqual([
    `warning[P342]: package["a"] may not be possible on web1
  --> site.recipe:1:1
   |
 1 | line 1
   | ^^^^^^ its lists are old`,
  ]);
});
