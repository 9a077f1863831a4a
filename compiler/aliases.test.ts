import { expect, test } from "vitest";
import { frame } from "../grammar/frame.ts";
import { service } from "../stdlib/service/service.ts";
import { meetAliases } from "./aliases.ts";
import { CatalogFixture, debian } from "../test/catalog-fixture.ts";
import { order } from "./graph.ts";
import type { Value } from "./kind/value.ts";
import type { State } from "./state.ts";

/** What a host tells of its units: ssh.service is sshd.service, too. */
function stateOf(fixture: CatalogFixture): State {
  const resources = new Map(
    fixture.resources
      .filter(({ kind }) => kind.name === "service")
      .map(({ id, want }) => {
        const names = want.title.startsWith("ssh") ? "ssh.service sshd.service" : `${want.title}.service`;
        return [id, { have: { state: "running", names } }] as const;
      }),
  );
  return {
    resources,
    keys: new Map(),
    guards: new Map(),
    owed: [],
    contents: new Map(),
    primaryGroups: new Map(),
  };
}

function fixtureOf(...services: readonly (readonly [string, Readonly<Record<string, Value>>])[]): CatalogFixture {
  const fixture = new CatalogFixture();
  for (const [title, given] of services) {
    const id = fixture.declare("service", title, given);
    const place = fixture.resources.findIndex((one) => one.id === id);
    const one = fixture.resources[place];
    if (one)
      fixture.resources[place] = { ...one, kind: { ...one.kind, ...(service.names ? { names: service.names } : {}) } };
  }
  return fixture;
}

test("two names of one unit are one resource: what is stated anywhere holds, and watches add up", () => {
  const fixture = fixtureOf(
    ["ssh", { watch: ["/etc/a", "/etc/b"] }],
    ["cron", {}],
    ["sshd", { watch: ["/etc/b", "/etc/c"], enabled: true }],
  );
  const file = fixture.declare("file", "/etc/c");
  fixture.require('service["cron"]', 'service["sshd"]');
  fixture.require('service["ssh"]', 'service["sshd"]');
  const met = meetAliases(fixture.catalog, stateOf(fixture));
  expect(met?.diagnostics).toEqual([]);
  expect(met?.catalog.resources.map(({ id }) => id)).toEqual(['service["ssh"]', 'service["cron"]', file]);
  const [both] = met?.catalog.resources ?? [];
  expect(both?.want.properties["watch"]).toEqual(["/etc/a", "/etc/b", "/etc/c"]);
  expect(both?.want.stated).toEqual(new Set(["watch", "enabled"]));
  expect(both?.declared).toHaveLength(2);
  expect(both?.aliases).toMatchObject([{ id: 'service["sshd"]' }]);
  const { graph } = order(met?.catalog ?? fixture.catalog, debian);
  expect(graph?.eventsTo('service["ssh"]').map(({ from }) => from)).toEqual([file]);
  expect(graph?.before('service["cron"]').map(({ from }) => from)).toEqual(['service["ssh"]']);
});

test("two names of one unit that contradict each other are an error with both places", () => {
  const fixture = fixtureOf(["ssh", {}], ["sshd", { state: "stopped" }]);
  const met = meetAliases(fixture.catalog, stateOf(fixture));
  expect(met?.diagnostics.map((one) => frame(one))).toMatchInlineSnapshot(`
    [
      "error[P336]: service["ssh"] and service["sshd"] are both ssh.service on web1, and contradict each other in \`state\`
      --> site.recipe:2:1
       |
     1 | line 1
       | ------ here state = running by default
     2 | line 2
       | ^^^^^^ state = stopped
       = declare it once, by one of the two names",
    ]
  `);
});

test("a drop-in by another name of the unit belongs to it", () => {
  const fixture = fixtureOf(["sshd", {}]);
  const file = fixture.declare("file", "/etc/systemd/system/ssh.service.d/a.conf");
  const met = meetAliases(fixture.catalog, stateOf(fixture));
  const { graph } = order(met?.catalog ?? fixture.catalog, debian, met?.names);
  expect(graph?.eventsTo('service["sshd"]').map(({ from, event }) => [from, event])).toEqual([[file, "restart"]]);
});

test("where every title is the only name nothing is looked at again", () => {
  const fixture = fixtureOf(["cron", {}], ["nginx", {}]);
  expect(meetAliases(fixture.catalog, stateOf(fixture))).toBeUndefined();
  const alone = fixtureOf(["ssh", {}]);
  expect(meetAliases(alone.catalog, stateOf(alone))).toBeUndefined();
});
