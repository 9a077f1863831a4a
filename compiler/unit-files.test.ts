import { expect, test } from "vitest";
import { service } from "../stdlib/service/service.ts";
import { frame } from "../grammar/frame.ts";
import { blob, CatalogFixture, context, debian, type HostFixture, shell, stateOf } from "../test/catalog-fixture.ts";
import { diff } from "./diff.ts";
import { order } from "./graph.ts";

/** A fixture whose services are those of the standard library. */
function fixtureWith(title: string, given: Parameters<CatalogFixture["declare"]>[2] = {}) {
  const fixture = new CatalogFixture();
  const id = fixture.declare("service", title, given);
  const [declared] = fixture.resources;
  const verify = given["verify"];
  if (!declared) throw new Error("nothing was declared");
  const properties = { ...declared.want.properties, ...(verify === undefined ? {} : { verify }) };
  fixture.resources[0] = { ...declared, kind: service, want: { ...declared.want, properties } };
  return { fixture, id };
}

function planned(fixture: CatalogFixture, host: HostFixture) {
  const { graph } = order(fixture.catalog, debian);
  if (!graph) throw new Error("there is no order");
  return diff(fixture.catalog, graph, stateOf(fixture.catalog, host), context);
}

const running = { state: "running", enabled: true, load: "loaded", active: "active", unit_file: "enabled" };
const old = { state: "present", content: blob("old"), mode: { type: "mode", bits: 0o644 }, owner: "root" } as const;

test("a unit file that changes is a certain restart with one reason, whatever is found before it", () => {
  const { fixture, id } = fixtureWith("api");
  const file = fixture.declare("file", "/etc/systemd/system/api.service", { content: "new" });
  const { plan } = planned(fixture, { have: { [id]: running, [file]: old } });
  expect(plan?.steps.map(({ resource, action, certain }) => [resource, action, certain])).toEqual([
    [file, "update", true],
    [id, "restart", true],
  ]);
  expect(plan?.steps[1]?.because).toEqual([{ text: `${file} changes`, resource: file }]);
  // systemd sees another unit by then.
  expect(plan?.steps[1]?.fingerprint).toBeNull();
});

test("a stopped service is not started by its unit file", () => {
  const { fixture, id } = fixtureWith("api", { state: "stopped" });
  const file = fixture.declare("file", "/etc/systemd/system/api.service.d/a.conf", { content: "new" });
  const stopped = { ...running, state: "stopped", active: "inactive" };
  const { plan } = planned(fixture, {
    have: { [id]: stopped, [file]: old },
    keys: { "file:/etc/systemd/system/api.service.d": true },
  });
  expect(plan?.steps.map(({ resource }) => resource)).toEqual([file]);
});

test("P335: a masked unit is an error with its cure, unless the recipe itself takes the mask away", () => {
  const masked = { state: "stopped", enabled: false, load: "masked", active: "inactive", unit_file: "masked" };
  const { fixture, id } = fixtureWith("api");
  expect(planned(fixture, { have: { [id]: masked } }).diagnostics.map((one) => frame(one))).toMatchInlineSnapshot(`
    [
      "error[P335]: service["api"] cannot be brought into this state on web1
      --> site.recipe:1:1
       |
     1 | line 1
       | ^^^^^^ its unit is masked: it can neither start nor be enabled
       = if that is no longer meant, run \`systemctl unmask api\` there; else declare state = "stopped" and enabled = false",
    ]
  `);
  const link = fixture.declare("link", "/etc/systemd/system/api.service", { state: "absent" });
  const { diagnostics } = planned(fixture, { have: { [id]: masked, [link]: { state: "present", to: "/dev/null" } } });
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
});

test("a unit file that goes is gone before a service that should run, and after one that should not", () => {
  for (const [given, sequence] of [
    [{}, ["link", "service"]],
    [{ state: "stopped" }, ["service", "link"]],
  ] as const) {
    const { fixture } = fixtureWith("api", given);
    fixture.declare("link", "/etc/systemd/system/api.service", { state: "absent" });
    const { graph, diagnostics } = order(fixture.catalog, debian);
    expect(graph?.order.map(({ kind }) => kind.name)).toEqual(sequence);
    expect(diagnostics).toEqual([]);
  }
});

test("what a verifier will judge is kept before it changes, and nothing else", () => {
  const verify = shell("api --check");
  const { fixture, id } = fixtureWith("api", { watch: ["/etc/api/**"], verify });
  const file = fixture.declare("file", "/etc/api/a", { content: "new" });
  const command = fixture.declare("execute", "x", { run: ["x"] });
  fixture.notify(command, id, "reload");
  const { plan } = planned(fixture, { have: { [id]: running, [file]: old } });
  expect(plan?.steps.find(({ resource }) => resource === file)?.notifies).toEqual([
    { resource: id, event: "reload", keeps: true },
  ]);
  expect(plan?.steps.find(({ resource }) => resource === command)?.notifies).toEqual([
    { resource: id, event: "reload" },
  ]);
});
