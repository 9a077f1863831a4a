import { expect, test } from "vitest";
import { frame } from "../grammar/frame.ts";
import type { Condition } from "./catalog.ts";
import {
  applied,
  blob,
  CatalogFixture,
  context,
  debian,
  type HostFixture,
  shell,
  stateOf,
} from "../test/catalog-fixture.ts";
import { diff, neededContents, neededKeys } from "./diff.ts";
import { order } from "./graph.ts";
import type { Plan, Step } from "./plan.ts";

function planned(fixture: CatalogFixture, host: HostFixture = {}) {
  const { catalog } = fixture;
  const { graph, diagnostics } = order(catalog, debian);
  if (!graph) throw new Error(diagnostics.map((one) => frame(one)).join("\n"));
  return diff(catalog, graph, stateOf(catalog, host), context);
}

function planOf(fixture: CatalogFixture, host: HostFixture = {}): Plan {
  const { plan, diagnostics } = planned(fixture, host);
  if (!plan) throw new Error(diagnostics.map((one) => frame(one)).join("\n"));
  return plan;
}

/** The plan as a person sees it: `?` for steps that are not certain. */
function lines(fixture: CatalogFixture, host: HostFixture = {}): readonly string[] {
  return planOf(fixture, host).steps.map(
    ({ certain, action, resource, because }) =>
      `${certain ? "" : "? "}${action} ${resource}: ${because.map((one) => one.text).join("; ")}`,
  );
}

function step(plan: Plan, resource: string): Step {
  const found = plan.steps.find((one) => one.resource === resource);
  if (!found) throw new Error(`the plan has no step for ${resource}`);
  return found;
}

const errors = (fixture: CatalogFixture, host: HostFixture = {}) =>
  planned(fixture, host).diagnostics.map((one) => frame(one));

const running = { state: "running", enabled: true };
const mode = (bits: number) => ({ type: "mode", bits }) as const;
const plainFile = (content: string) => ({ state: "present", content: blob(content), mode: mode(0o644), owner: "root" });

test("what is as it should be has no step and is counted", () => {
  const fixture = new CatalogFixture();
  const motd = fixture.declare("file", "/etc/motd", { content: "hi\n" });
  const plan = planOf(fixture, { have: { [motd]: plainFile("hi\n") } });
  expect(plan.steps).toEqual([]);
  expect(plan.unchanged).toBe(1);
});

test("a step tells what it changes, why, where it was declared and what it does", () => {
  const fixture = new CatalogFixture();
  const motd = fixture.declare("file", "/etc/motd", { content: "hi\n", mode: mode(0o600) });
  const plan = planOf(fixture, { have: { [motd]: plainFile("old\n") }, contents: { "/etc/motd": "old\n" } });
  const { digest } = blob("hi\n");
  expect(plan.steps).toEqual([
    {
      id: 0,
      resource: motd,
      kind: "file",
      title: "/etc/motd",
      action: "update",
      because: [{ text: "content differs" }, { text: "mode differs" }],
      source: { file: "site.recipe", line: 1 },
      certain: true,
      changes: [
        { property: "content", from: "sha256 0096bb… 4 bytes", to: "sha256 0004c1… 3 bytes" },
        { property: "mode", from: "0644", to: "0600" },
      ],
      diff: { before: "old\n", after: "hi\n" },
      requires: [],
      fingerprint: `present ${blob("old\n").digest} 644 root`,
      identity: ["/etc/motd"],
      calls: [{ verb: "file_apply", arguments: ["/etc/motd", { blob: digest }] }],
      notifies: [],
      reactions: [],
    },
  ]);
  expect(plan.blobs).toEqual([digest]);
  expect(plan.seen).toEqual([
    { resource: motd, kind: "file", identity: ["/etc/motd"], fingerprint: `present ${blob("old\n").digest} 644 root` },
  ]);
});

test("a removal says that the thing is there", () => {
  const fixture = new CatalogFixture();
  const motd = fixture.declare("file", "/etc/motd", { state: "absent" });
  expect(lines(fixture, { have: { [motd]: plainFile("x") } })).toEqual(['remove file["/etc/motd"]: it is there']);
  expect(lines(fixture)).toEqual([]);
});

test("rule 1: what an earlier step makes is there for later ones, which stay certain", () => {
  const fixture = new CatalogFixture();
  fixture.declare("file", "/srv/app/x", { content: "x", owner: "app" });
  fixture.declare("directory", "/srv/app", { owner: "app" });
  fixture.declare("user", "app");
  const host = { keys: { "user:app": false } };
  expect(lines(fixture, host)).toEqual([
    'create user["app"]: it is not there',
    'create directory["/srv/app"]: it is not there',
    'create file["/srv/app/x"]: it is not there',
  ]);
  expect(planOf(fixture, host).steps.map(({ requires }) => requires)).toEqual([[], [0], [1]]);
});

test("rule 1: a package sets what it is known to bring to unknown, and leaves alone what it is known not to bring", () => {
  const fixture = new CatalogFixture();
  const pkg = fixture.declare("package", "apache2");
  const ports = fixture.declare("file", "/etc/apache2/ports.conf", { content: "Listen 81\n" });
  const site = fixture.declare("file", "/etc/apache2/sites-available/shop.conf", { content: "x" });
  expect(lines(fixture)).toEqual([
    `create ${pkg}: it is not there`,
    `? create ${ports}: it is not there; ${pkg} may bring it`,
    `create ${site}: it is not there`,
  ]);
  const plan = planOf(fixture);
  expect(step(plan, ports).fingerprint).toBeNull();
  expect(step(plan, site).fingerprint).toBeNull();
  expect(step(plan, pkg).fingerprint).toBe("absent -");
});

test("rule 1: of a package that is not in the table everything of its name is unknown", () => {
  const fixture = new CatalogFixture();
  const pkg = fixture.declare("package", "frobd");
  const file = fixture.declare("file", "/etc/frobd/frobd.conf", { content: "x" });
  const service = fixture.declare("service", "frobd");
  expect(lines(fixture, { keys: { "file:/etc/frobd": false } })).toEqual([
    `create ${pkg}: it is not there`,
    `? create ${file}: it is not there; ${pkg} may bring it`,
    `? start ${service}: it is not there; ${pkg} may bring it`,
  ]);
});

test("rule 1: an upgrade moves what the package brings, a hold does not", () => {
  const fixture = new CatalogFixture();
  const pkg = fixture.declare("package", "nginx", { version: "2", hold: true });
  const file = fixture.declare("file", "/etc/nginx/nginx.conf", { content: "x" });
  const have = { [file]: plainFile("x") };
  expect(lines(fixture, { have: { ...have, [pkg]: { state: "present", version: "1", hold: true } } })).toEqual([
    `update ${pkg}: version differs`,
    `? update ${file}: ${pkg} may change it`,
  ]);
  expect(lines(fixture, { have: { ...have, [pkg]: { state: "present", version: "2", hold: false } } })).toEqual([
    `update ${pkg}: hold differs`,
  ]);
});

test("rule 2: P310, a missing folder that nothing may provide, with the line to add", () => {
  const fixture = new CatalogFixture();
  fixture.declare("file", "/srv/app/conf/x");
  const host = { keys: { "file:/srv/app": false, "file:/srv/app/conf": false } };
  expect(errors(fixture, host)).toEqual([
    `error[P310]: there is no directory /srv/app/conf on web1, and nothing in the plan makes it
  --> site.recipe:1:1
   |
 1 | line 1
   | ^^^^^^ file["/srv/app/conf/x"] needs it because it is inside it
   = add this: directory "/srv/app", "/srv/app/conf" {}`,
  ]);
  expect(planned(fixture, host).plan).toBeUndefined();
  expect(lines(fixture, { keys: { "file:/srv/app/conf": true } })).toHaveLength(1);
});

test("rule 2: what is missing for several is said once", () => {
  const fixture = new CatalogFixture();
  for (const name of ["a", "b", "c"]) fixture.declare("file", `/srv/app/${name}`);
  expect(errors(fixture, { keys: { "file:/srv/app": false } })).toHaveLength(1);
});

test("rule 2: P310 only names the folders that are neither there nor made", () => {
  const fixture = new CatalogFixture();
  fixture.declare("directory", "/srv/app");
  fixture.declare("file", "/srv/app/conf/x");
  const [error] = errors(fixture, { keys: { "file:/srv/app/conf": false } });
  expect(error).toContain('= add this: directory "/srv/app/conf" {}');
});

test("rule 2: P311 and P312, a missing user and group", () => {
  const fixture = new CatalogFixture();
  fixture.declare("file", "/srv/x", { owner: "app" });
  fixture.declare("user", "web", { groups: ["www"] });
  expect(errors(fixture, { keys: { "group:www": false } })).toEqual([
    `error[P311]: there is no user app on web1, and nothing in the plan makes it
  --> site.recipe:1:1
   |
 1 | line 1
   | ^^^^^^ file["/srv/x"] needs it because it is its owner
   = add this: user "app" {}`,
    `error[P312]: there is no group www on web1, and nothing in the plan makes it
  --> site.recipe:2:1
   |
 2 | line 2
   | ^^^^^^ user["web"] needs it because the login belongs to it
   = add this: group "www" {}`,
  ]);
  expect(lines(fixture, { keys: { "group:www": true }, users: ["app"] })).toHaveLength(2);
});

test("rule 2: P313, a unit that nothing brings", () => {
  const fixture = new CatalogFixture();
  fixture.declare("service", "api");
  expect(errors(fixture)).toEqual([
    `error[P313]: there is no unit api on web1, and nothing in the plan makes it
  --> site.recipe:1:1
   |
 1 | line 1
   | ^^^^^^ service["api"] needs it because it is its unit
   = add this: the package that has it, or file "/etc/systemd/system/api.service" { … }`,
  ]);
});

test("rule 2: P314, anything else that is needed", () => {
  const fixture = new CatalogFixture();
  fixture.declare("group", "x");
  const [group] = fixture.resources;
  const footprint = () => [{ mode: "needs", key: "program:frob", because: "it runs it" }] as const;
  if (group) fixture.resources[0] = { ...group, kind: { ...group.kind, footprint } };
  expect(errors(fixture, { keys: { "program:frob": false } })).toEqual([
    `error[P314]: there is no program frob on web1, and nothing in the plan makes it
  --> site.recipe:1:1
   |
 1 | line 1
   | ^^^^^^ group["x"] needs it because it runs it`,
  ]);
});

test("rule 2: P341, what a link must lead to", () => {
  const linked = (...declared: readonly string[]) => {
    const fixture = new CatalogFixture();
    fixture.declare("link", "/etc/on/x", { to: "../off/x" });
    const [link] = fixture.resources;
    const footprint = () => [{ mode: "needs", key: "file:/etc/off/x", because: "it points to it" }] as const;
    if (link) {
      const want = { ...link.want, properties: { ...link.want.properties, dangling: false } };
      fixture.resources[0] = { ...link, want, kind: { ...link.kind, footprint } };
    }
    for (const name of declared) fixture.declare("package", name);
    return fixture;
  };
  const keys = { "file:/etc/off/x": false };
  expect(errors(linked(), { keys })).toEqual([
    `error[P341]: there is no /etc/off/x on web1, and nothing in the plan makes it
  --> site.recipe:1:1
   |
 1 | line 1
   | ^^^^^^ link["/etc/on/x"] would lead nowhere
   = correct the name (\`ls /etc/off\` there lists those that exist), or declare the package that brings it`,
  ]);
  expect(errors(linked("frobd"), { keys }).join("\n")).toContain(
    'package["frobd"] may bring it but comes later: add `require package["frobd"]` here',
  );
  expect(errors(linked(), { keys: { "file:/etc/off/x": true } })).toEqual([]);
});

test("rule 2: a unit file in the plan brings the unit", () => {
  const fixture = new CatalogFixture();
  const service = fixture.declare("service", "api");
  const file = fixture.declare("file", "/etc/systemd/system/api.service", { content: "[Unit]\n" });
  expect(lines(fixture)).toEqual([
    `create ${file}: it is not there`,
    `? start ${service}: it is not there; ${file} may bring it`,
  ]);
});

test("rule 2: a pending package that is not in the table may bring a system folder, whatever its name", () => {
  const fixture = new CatalogFixture();
  fixture.declare("package", "frobd");
  fixture.declare("file", "/etc/other/x");
  expect(planned(fixture, { keys: { "file:/etc/other": false } }).diagnostics).toEqual([]);
});

test("rule 2: a pending package that is in the table does not bring folders it is not known for", () => {
  const fixture = new CatalogFixture();
  fixture.declare("package", "curl");
  fixture.declare("file", "/etc/other/x");
  expect(planned(fixture, { keys: { "file:/etc/other": false } }).diagnostics.map(({ code }) => code)).toEqual([
    "P310",
  ]);
});

test("rule 2: packages bring nothing below /srv", () => {
  const fixture = new CatalogFixture();
  fixture.declare("package", "frobd");
  fixture.declare("file", "/srv/other/x");
  expect(planned(fixture, { keys: { "file:/srv/other": false } }).diagnostics.map(({ code }) => code)).toEqual([
    "P310",
  ]);
});

test("rule 2: a package that comes too late is named", () => {
  const fixture = new CatalogFixture();
  const file = fixture.declare("file", "/etc/other/x");
  const pkg = fixture.declare("package", "frobd");
  fixture.require(pkg, file);
  expect(errors(fixture, { keys: { "file:/etc/other": false } })).toEqual([
    `error[P310]: there is no directory /etc/other on web1, and nothing in the plan makes it
  --> site.recipe:1:1
   |
 1 | line 1
   | ^^^^^^ file["/etc/other/x"] needs it because it is inside it
   = package["frobd"] may bring it but comes later: add \`require package["frobd"]\` here`,
  ]);
});

test("rule 2: a command before it may have made the folder", () => {
  const fixture = new CatalogFixture();
  const run = fixture.declare("execute", "unpack", { run: ["tar"], unless: shell("test -e /srv/app/x") });
  const file = fixture.declare("file", "/srv/app/x", { content: "x" });
  fixture.require(file, run);
  expect(lines(fixture, { keys: { "file:/srv/app": false }, guards: { [run]: 0 } })).toEqual([
    `run ${run}: \`unless\` does not hold`,
    `? create ${file}: it is not there; ${run} may change it`,
  ]);
});

test("rule 3: what a pending package may bring is removed, if it does", () => {
  const fixture = new CatalogFixture();
  const pkg = fixture.declare("package", "apache2");
  const site = fixture.declare("link", "/etc/apache2/sites-enabled/000-default.conf", { state: "absent" });
  fixture.declare("link", "/etc/apache2/sites-enabled/other.conf", { state: "absent" });
  expect(lines(fixture)).toEqual([`create ${pkg}: it is not there`, `? remove ${site}: ${pkg} may bring it`]);
});

test("rule 3: what lies behind a link that moves is unknown", () => {
  const fixture = new CatalogFixture();
  const link = fixture.declare("link", "/opt/app/current", { to: "releases/2" });
  const file = fixture.declare("file", "/opt/app/current/x", { content: "x" });
  const host = { have: { [link]: { state: "present", to: "releases/1" }, [file]: plainFile("x") } };
  expect(lines(fixture, host)).toEqual([`update ${link}: to differs`, `? update ${file}: ${link} may change it`]);
});

test("rule 3: an account whose number changes moves what belongs to it", () => {
  const fixture = new CatalogFixture();
  const user = fixture.declare("user", "app", { uid: "1002" });
  const file = fixture.declare("file", "/srv/x", { content: "x", owner: "app" });
  const have = { [user]: { state: "present", uid: "1001" }, [file]: { ...plainFile("x"), owner: "app" } };
  expect(lines(fixture, { have })).toEqual([`update ${user}: uid differs`, `? update ${file}: ${user} may change it`]);
});

test("rule 3: a command of whose effect nothing is known makes what comes after it uncertain, but for packages", () => {
  const fixture = new CatalogFixture();
  const run = fixture.declare("execute", "x", { run: ["x"], only_if: shell("test -e /x") });
  const file = fixture.declare("file", "/srv/x", { content: "x" });
  const after = fixture.declare("file", "/srv/y", { content: "y" });
  const pkg = fixture.declare("package", "curl");
  fixture.require(file, run);
  fixture.require(after, file);
  fixture.require(pkg, run);
  const have = { [file]: plainFile("x"), [after]: plainFile("old") };
  expect(lines(fixture, { have, guards: { [run]: 0 } })).toEqual([
    `run ${run}: \`only_if\` holds`,
    `? update ${file}: ${run} may change it`,
    `? update ${after}: content differs; ${run} may change it`,
    `create ${pkg}: it is not there`,
  ]);
  expect(step(planOf(fixture, { have, guards: { [run]: 0 } }), pkg).fingerprint).toBeNull();
  expect(lines(fixture, { have, guards: { [run]: 1 } })).toEqual([
    `update ${after}: content differs`,
    `create ${pkg}: it is not there`,
  ]);
});

test("rule 3: a command that says what it creates changes nothing else", () => {
  const fixture = new CatalogFixture();
  const run = fixture.declare("execute", "x", { run: ["x"], creates: "/srv/made" });
  const file = fixture.declare("file", "/srv/x", { content: "x" });
  fixture.require(file, run);
  expect(lines(fixture, { have: { [file]: plainFile("x") }, guards: { [run]: 0 } })).toEqual([
    `run ${run}: /srv/made is not there`,
  ]);
});

test("rule 4: an uncertain step has no fingerprint and is applied as if nothing were known of it", () => {
  const fixture = new CatalogFixture();
  fixture.declare("package", "frobd");
  const file = fixture.declare("file", "/etc/frobd/x", { content: "x" });
  const uncertain = step(planOf(fixture), file);
  expect([uncertain.certain, uncertain.fingerprint, uncertain.action]).toEqual([false, null, "create"]);
  expect(uncertain.calls).toHaveLength(1);
});

// Each row: how the observe ended, whether a package before the command is pending, and what the plan then holds.
const conditions: readonly {
  readonly name: string;
  readonly condition: (observe: number) => Condition;
  readonly reading: { readonly status: number; readonly output: string };
  readonly pending: boolean;
  readonly lines: readonly string[];
}[] = [
  {
    name: "a condition that holds runs the step",
    condition: (observe) => ({ type: "succeeds", observe }),
    reading: { status: 0, output: "" },
    pending: false,
    lines: ['run execute["x"]: `when` holds'],
  },
  {
    name: "a condition that does not hold leaves it",
    condition: (observe) => ({ type: "succeeds", observe }),
    reading: { status: 1, output: "" },
    pending: false,
    lines: [],
  },
  {
    name: "its opposite runs it",
    condition: (observe) => ({ type: "not", of: { type: "succeeds", observe } }),
    reading: { status: 1, output: "" },
    pending: false,
    lines: ['run execute["x"]: `when` holds'],
  },
  {
    name: "all of several must hold",
    condition: (observe) => ({
      type: "and",
      of: [
        { type: "succeeds", observe },
        { type: "constant", value: false },
      ],
    }),
    reading: { status: 0, output: "" },
    pending: false,
    lines: [],
  },
  {
    name: "one of several is enough",
    condition: (observe) => ({
      type: "or",
      of: [
        { type: "fails", observe },
        { type: "equals", observe, text: "v1" },
      ],
    }),
    reading: { status: 0, output: "v1\n" },
    pending: false,
    lines: ['run execute["x"]: `when` holds'],
  },
  {
    name: "with a change before it a condition that does not hold may come to hold",
    condition: (observe) => ({ type: "succeeds", observe }),
    reading: { status: 1, output: "" },
    pending: true,
    lines: [
      'create package["db"]: it is not there',
      '? run execute["x"]: package["db"] may change what `when` looks at',
    ],
  },
  {
    name: "rule 5: without an answer but with a change before it the observe counts as false",
    condition: (observe) => ({ type: "not", of: { type: "succeeds", observe } }),
    reading: { status: 127, output: "" },
    pending: true,
    lines: [
      'create package["db"]: it is not there',
      '? run execute["x"]: `when` holds; package["db"] may change what `when` looks at',
    ],
  },
];

for (const { name, condition, reading, pending, lines: expected } of conditions) {
  test(`when: ${name}`, () => {
    const fixture = new CatalogFixture();
    const pkg = fixture.declare("package", "db");
    const when = condition(fixture.observe("exists", "db -e 'use x'"));
    const run = fixture.declare("execute", "x", { run: ["true"] }, { when });
    fixture.require(run, pkg);
    const have = pending ? {} : { [pkg]: { state: "present" } };
    expect(lines(fixture, { have, observes: [reading] })).toEqual(expected);
  });
}

test("a resource whose values need a `when` that did not hold has no step: with it off nothing is said, else P343 or P344", () => {
  const found = (status: number, pending: boolean) => {
    const fixture = new CatalogFixture();
    const pkg = fixture.declare("package", "db");
    const when: Condition = { type: "succeeds", observe: fixture.observe("exists", "db -e 'use x'") };
    const file = fixture.declare("file", "/etc/x", {}, { when, isPartial: true });
    fixture.require(file, pkg);
    const have = pending ? {} : { [pkg]: { state: "present" } };
    return planned(fixture, { have, observes: [{ status, output: "" }] }).diagnostics;
  };
  expect(found(1, false)).toEqual([]);
  expect(found(1, true)).toMatchObject([{ code: "P343", severity: "warning" }]);
  expect(found(0, false)).toMatchObject([{ code: "P344", severity: "error" }]);
});

test("rule 5: P321, an observe without an answer and without a change before it", () => {
  const fixture = new CatalogFixture();
  const observe = fixture.observe("exists", "db -e 'use x'");
  fixture.declare("execute", "x", { run: ["true"] }, { when: { type: "succeeds", observe } });
  expect(errors(fixture, { observes: [{ status: 127, output: "sh: db: not found\n" }] })).toEqual([
    `error[P321]: the observe \`exists\` has no answer on web1
  --> site.recipe:1:1
   |
 1 | line 1
   | ^^^^^^ its program is not there (status 127)
   = nothing in the plan comes before it that could change that`,
  ]);
});

test("rule 5: the answer to a bool is 0 or 1, to an optional value any end, to everything else 0", () => {
  const ends = (result: "bool" | "string", optional: boolean) =>
    [0, 1, 2, 126, 127, 137].filter((status) => {
      const fixture = new CatalogFixture();
      const observe = fixture.observe("it", "x", result, optional);
      fixture.declare("execute", "x", { run: ["true"] }, { when: { type: "fails", observe } });
      return errors(fixture, { observes: [{ status, output: "" }] }).length === 0;
    });
  expect(ends("bool", false)).toEqual([0, 1]);
  expect(ends("string", true)).toEqual([0, 1, 2]);
  expect(ends("string", false)).toEqual([0]);
});

test("a step carries its condition with the observes of the plan renumbered", () => {
  const fixture = new CatalogFixture();
  fixture.observe("unused", "true");
  const observe = fixture.observe("exists", "test -e /x");
  const run = fixture.declare("execute", "x", { run: ["true"] }, { when: { type: "succeeds", observe } });
  const plan = planOf(fixture, {
    observes: [
      { status: 0, output: "" },
      { status: 0, output: "yes\n" },
    ],
  });
  expect(step(plan, run).when).toEqual({ type: "succeeds", observe: 0 });
  expect(plan.observes).toEqual([
    {
      call: { verb: "ask_command", arguments: ["", "", "test -e /x"] },
      seen: { status: 0, output: "yes\n" },
    },
  ]);
});

test("a condition that can only be compared with what was seen is settled when an earlier step may change it", () => {
  const fixture = new CatalogFixture();
  const pkg = fixture.declare("package", "db");
  const observe = fixture.observe("grants", "db grants", "lines", true);
  const run = fixture.declare(
    "execute",
    "x",
    { run: ["true"] },
    { when: { type: "not", of: { type: "seen", observe, value: false } } },
  );
  fixture.require(run, pkg);
  const observes = [{ status: 1, output: "" }];
  expect(step(planOf(fixture, { observes }), run).when).toEqual({
    type: "not",
    of: { type: "constant", value: false },
  });
  const settled = planOf(fixture, { observes, have: { [pkg]: { state: "present" } } });
  expect(step(settled, run).when).toEqual({ type: "not", of: { type: "seen", observe: 0, value: false } });
});

test("a resource whose condition does not hold has no step, sends no event and takes none", () => {
  const fixture = new CatalogFixture();
  const observe = fixture.observe("on", "x");
  const when = { type: "succeeds", observe } as const;
  const file = fixture.declare("file", "/srv/x", { content: "x" }, { when });
  const service = fixture.declare("service", "api");
  fixture.notify(file, service, "reload");
  const host = { have: { [service]: running }, observes: [{ status: 1, output: "" }] };
  expect(lines(fixture, host)).toEqual([]);
});

// Each row: how the guard ended, whether something comes before it, and the step.
const guardRows: readonly {
  readonly name: string;
  readonly property: "always" | "creates" | "only_if" | "unless" | "watch";
  readonly status: number;
  readonly before: "nothing" | "package" | "file";
  readonly line: string | undefined;
}[] = [
  { name: "0 runs", property: "unless", status: 0, before: "nothing", line: "run: `unless` does not hold" },
  { name: "1 rests", property: "unless", status: 1, before: "nothing", line: undefined },
  { name: "0 of only_if runs", property: "only_if", status: 0, before: "nothing", line: "run: `only_if` holds" },
  { name: "0 of creates runs", property: "creates", status: 0, before: "nothing", line: "run: /srv/made is not there" },
  {
    name: "0 of watch runs",
    property: "watch",
    status: 0,
    before: "nothing",
    line: "run: a watched file has changed since it last ran",
  },
  {
    name: "always runs, whatever comes before it",
    property: "always",
    status: 0,
    before: "package",
    line: "run: it runs always: because",
  },
  {
    name: "rule 6: 0 with a change before it may run",
    property: "unless",
    status: 0,
    before: "file",
    line: '? run: `unless` does not hold; file["/srv/first"] may change it',
  },
  {
    name: "rule 6: 1 with a change before it may run",
    property: "unless",
    status: 1,
    before: "file",
    line: '? run: file["/srv/first"] may change it',
  },
  {
    name: "rule 6: what it creates is not touched by that",
    property: "creates",
    status: 1,
    before: "file",
    line: undefined,
  },
  {
    name: "rule 6: 127 with a pending package runs",
    property: "unless",
    status: 127,
    before: "package",
    line: '? run: package["first"] may bring the program of its guard',
  },
  {
    name: "a guard without an answer may get one by a change before it",
    property: "unless",
    status: 2,
    before: "package",
    line: '? run: package["first"] may change it',
  },
];

for (const { name, property, status, before, line } of guardRows) {
  test(`a guard that ends with ${name}`, () => {
    const fixture = new CatalogFixture();
    const values = {
      always: "because",
      creates: "/srv/made",
      only_if: shell("x"),
      unless: shell("x"),
      watch: ["/w/*"],
    };
    const run = fixture.declare("execute", "x", { run: ["true"], [property]: values[property] });
    if (before === "package") fixture.require(run, fixture.declare("package", "first"));
    if (before === "file") fixture.require(run, fixture.declare("file", "/srv/first"));
    const found = lines(fixture, { guards: { [run]: status } }).filter((one) => one.includes(run));
    expect(found.map((one) => one.replace(` ${run}`, ""))).toEqual(line === undefined ? [] : [line]);
  });
}

test("a command runs for sure when what it watches changes for sure, each cause once", () => {
  for (const status of [0, 1]) {
    const fixture = new CatalogFixture();
    const folder = fixture.declare("directory", "/w");
    const first = fixture.declare("file", "/w/a", { content: "1" });
    const second = fixture.declare("file", "/w/b", { content: "2" });
    const run = fixture.declare("execute", "x", { run: ["true"], watch: ["/w/*", "/w/**"] });
    fixture.require(run, folder);
    const found = lines(fixture, { guards: { [run]: status } }).filter((one) => one.includes(`${run}:`));
    expect(found, `status ${status}`).toEqual([`run ${run}: ${first} changes; ${second} changes`]);
  }
});

test("a new owner of a watched file is no new content", () => {
  const fixture = new CatalogFixture();
  const file = fixture.declare("file", "/w/a", { owner: "root" });
  const run = fixture.declare("execute", "x", { run: ["true"], watch: ["/w/*"] });
  const have = { [file]: { state: "present", owner: "ada" } };
  const found = lines(fixture, { have, guards: { [run]: 1 } }).filter((one) => one.includes(`${run}:`));
  expect(found).toEqual([`? run ${run}: ${file} may change it`]);
});

test("P322: a guard that gives no answer", () => {
  const fixture = new CatalogFixture();
  const run = fixture.declare("execute", "x", { run: ["true"], unless: shell("x") });
  expect(errors(fixture, { guards: { [run]: { status: 2, output: "usage: x FILE\n\n" } } })).toEqual([
    `error[P322]: \`unless\` of execute["x"] gives no answer on web1
  --> site.recipe:1:1
   |
 1 | line 1
   | ^^^^^^ it ended with status 2, so the guard does not decide
   = it said: usage: x FILE`,
  ]);
});

test("P323: a guard whose program is missing", () => {
  const fixture = new CatalogFixture();
  const run = fixture.declare("execute", "x", { run: ["true"], unless: shell("x") });
  const guards = { [run]: 127 };
  expect(errors(fixture, { guards })).toEqual([
    `error[P323]: \`unless\` of execute["x"] runs a program that is not on web1
  --> site.recipe:1:1
   |
 1 | line 1
   | ^^^^^^ no earlier step of the plan installs the program
   = declare the package that has it, and \`require\` it here when the names differ`,
  ]);
  fixture.declare("package", "x-tools");
  fixture.require('package["x-tools"]', run);
  expect(errors(fixture, { guards })[0]).toContain(
    '= if package["x-tools"] brings it, add `require package["x-tools"]` here',
  );
});

test("P315: what stands there and will not be replaced is an error, unless something before may move it", () => {
  const fixture = new CatalogFixture();
  const file = fixture.declare("file", "/srv/x");
  const have = { [file]: { state: "other:directory" } };
  expect(errors(fixture, { have })).toEqual([
    `error[P315]: file["/srv/x"] cannot be applied on web1
  --> site.recipe:1:1
   |
 1 | line 1
   | ^^^^^^ a directory stands there
   = Galley does not replace what it does not manage: move it away, or declare another path`,
  ]);
  const move = fixture.declare("execute", "move it", { run: ["x"], only_if: shell("test -e /x") });
  fixture.require(file, move);
  expect(errors(fixture, { have, guards: { [move]: 0 } })).toEqual([]);
});

test("P320: what cannot be read", () => {
  const fixture = new CatalogFixture();
  const file = fixture.declare("file", "/srv/x");
  expect(errors(fixture, { unreadable: { [file]: "stat: Permission denied" } })).toEqual([
    `error[P320]: file["/srv/x"] cannot be read on web1
  --> site.recipe:1:1
   |
 1 | line 1
   | ^^^^^^ stat: Permission denied`,
  ]);
});

test("rule 7: a service takes the strongest event, and the step names every cause", () => {
  const fixture = new CatalogFixture();
  const service = fixture.declare("service", "api", { watch: ["/etc/api/**"] });
  const watched = fixture.declare("file", "/etc/api/a", { content: "a" });
  const file = fixture.declare("file", "/srv/b", { content: "b" });
  fixture.notify(file, service, "restart");
  const plan = planOf(fixture, { have: { [service]: running }, keys: { "file:/etc/api": true } });
  expect(lines(fixture, { have: { [service]: running } })).toEqual([
    `create ${watched}: it is not there`,
    `create ${file}: it is not there`,
    `restart ${service}: ${watched} changes; ${file} changes`,
  ]);
  expect(step(plan, watched).notifies).toEqual([{ resource: service, event: "reload" }]);
  expect(step(plan, file).notifies).toEqual([{ resource: service, event: "restart" }]);
  const taker = step(plan, service);
  expect(taker.because.map(({ resource }) => resource)).toEqual([watched, file]);
  expect(taker.calls).toEqual([]);
  expect(taker.fingerprint).toBe("running true");
  expect(taker.requires).toEqual([0, 1]);
  expect(taker.reactions).toEqual([
    { event: "reload", calls: [{ verb: "service_react", arguments: ["api", "reload"] }] },
    { event: "restart", calls: [{ verb: "service_react", arguments: ["api", "restart"] }] },
  ]);
});

test("rule 7: what a service itself needs comes before the event in its step", () => {
  const fixture = new CatalogFixture();
  const service = fixture.declare("service", "api");
  const file = fixture.declare("file", "/srv/b", { content: "b" });
  fixture.notify(file, service, "restart");
  expect(lines(fixture, { have: { [service]: { state: "stopped", enabled: true } } })).toEqual([
    `create ${file}: it is not there`,
    `start ${service}: it is stopped`,
  ]);
  expect(lines(fixture, { have: { [service]: { state: "running", enabled: false } } })).toEqual([
    `create ${file}: it is not there`,
    `update ${service}: enabled differs; ${file} changes`,
  ]);
});

test("rule 7: of two events of one step only the stronger is sent, and it is one reason", () => {
  const fixture = new CatalogFixture();
  const service = fixture.declare("service", "api", { watch: ["/srv/b"] });
  const file = fixture.declare("file", "/srv/b", { content: "b" });
  fixture.notify(file, service, "restart");
  const plan = planOf(fixture, { have: { [service]: running } });
  expect(step(plan, file).notifies).toEqual([{ resource: service, event: "restart" }]);
  expect(step(plan, service).because).toEqual([{ text: `${file} changes`, resource: file }]);
  expect(step(plan, service).reactions.map(({ event }) => event)).toEqual(["restart"]);
});

test("rule 7: an event of a step that is not certain is not certain either", () => {
  const fixture = new CatalogFixture();
  fixture.declare("package", "frobd");
  const file = fixture.declare("file", "/etc/frobd/x", { content: "x" });
  const service = fixture.declare("service", "api");
  fixture.notify(file, service, "reload");
  expect(lines(fixture, { have: { [service]: running } }).at(-1)).toBe(`? reload ${service}: ${file} may change`);
});

test("rule 7: a service that should be stopped takes no event", () => {
  const fixture = new CatalogFixture();
  const service = fixture.declare("service", "api", { state: "stopped", enabled: false });
  const file = fixture.declare("file", "/srv/b", { content: "b" });
  fixture.notify(file, service, "restart");
  const host = { have: { [service]: { state: "stopped", enabled: false } } };
  expect(lines(fixture, host)).toEqual([`create ${file}: it is not there`]);
  expect(planOf(fixture, host).steps[0]?.notifies).toEqual([]);
});

test("rule 7: an event that an earlier run owes is paid", () => {
  const fixture = new CatalogFixture();
  const service = fixture.declare("service", "api");
  const owed = [{ resource: service, event: "restart", cause: 'file["/srv/b"]', run: "3f2a" }];
  const host = { have: { [service]: running }, owed };
  expect(lines(fixture, host)).toEqual([`restart ${service}: restart owed since run 3f2a, for file["/srv/b"]`]);
  expect(planOf(fixture, host).steps[0]?.reactions.map(({ event }) => event)).toEqual(["restart"]);
});

test("rule 7: a change that is not certain does not hide a certain one", () => {
  const fixture = new CatalogFixture();
  fixture.declare("package", "frobd");
  const maybe = fixture.declare("file", "/etc/frobd/x", { content: "x" });
  const sure = fixture.declare("file", "/srv/b", { content: "b" });
  const service = fixture.declare("service", "api");
  fixture.notify(maybe, service, "restart");
  fixture.notify(sure, service, "reload");
  expect(lines(fixture, { have: { [service]: running } }).at(-1)).toBe(
    `reload ${service}: ${maybe} may change; ${sure} changes`,
  );
});

test("a command takes its event, too", () => {
  const fixture = new CatalogFixture();
  const run = fixture.declare("execute", "index", { run: ["true"], creates: "/srv/index" });
  const file = fixture.declare("file", "/srv/b", { content: "b" });
  fixture.notify(file, run, "run");
  expect(lines(fixture, { guards: { [run]: 1 } })).toEqual([
    `create ${file}: it is not there`,
    `run ${run}: ${file} changes`,
  ]);
});

test("rule 8: packages without order between them share one run", () => {
  const fixture = new CatalogFixture();
  for (const name of ["a", "b", "c"]) fixture.declare("package", name);
  const plan = planOf(fixture, { have: { 'package["b"]': { state: "present" } } });
  expect(plan.transactions).toEqual([[{ verb: "package_transaction", arguments: ["a", "c"] }]]);
  expect(plan.steps.map(({ transaction }) => transaction)).toEqual([0, 0]);
});

test("rule 8: packages that wait for packages have a run of their own, one a level", () => {
  const fixture = new CatalogFixture();
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => fixture.declare("package", name));
  fixture.require(c ?? "", a ?? "");
  fixture.require(d ?? "", b ?? "");
  expect(planOf(fixture).transactions).toEqual([
    [{ verb: "package_transaction", arguments: ["a", "b"] }],
    [{ verb: "package_transaction", arguments: ["c", "d"] }],
  ]);
});

test("rule 8: a package that waits for something else fails alone, so it has a run of its own", () => {
  const fixture = new CatalogFixture();
  const a = fixture.declare("package", "a");
  fixture.declare("package", "b");
  fixture.require(a, fixture.declare("file", "/srv/source.list"));
  expect(planOf(fixture).transactions).toEqual([
    [{ verb: "package_transaction", arguments: ["a"] }],
    [{ verb: "package_transaction", arguments: ["b"] }],
  ]);
});

test("rule 8: a package with a condition is installed by itself", () => {
  const fixture = new CatalogFixture();
  const observe = fixture.observe("on", "x");
  const pkg = fixture.declare("package", "a", {}, { when: { type: "succeeds", observe } });
  const plan = planOf(fixture, { observes: [{ status: 0, output: "" }] });
  expect(plan.transactions).toEqual([]);
  expect(step(plan, pkg).calls).toEqual([{ verb: "package_apply", arguments: ["a"] }]);
});

test("a step stands on the steps before it, also through what needs no step, and names none twice", () => {
  const fixture = new CatalogFixture();
  const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => fixture.declare("group", name));
  for (const [to, from] of [
    [b, a],
    [c, b],
    [c, a],
    [d, c],
    [d, a],
  ])
    fixture.require(to ?? "", from ?? "");
  expect(planOf(fixture).steps.map(({ requires }) => requires)).toEqual([[], [0], [1], [2]]);
  const have = { [b ?? ""]: { state: "present" } };
  expect(planOf(fixture, { have }).steps.map(({ requires }) => requires)).toEqual([[], [0], [1]]);
});

test("a step carries retry and timeout", () => {
  const fixture = new CatalogFixture();
  const retry = { count: 3, everyMilliseconds: 5000 };
  const file = fixture.declare("file", "/srv/x", {}, { retry, timeoutMilliseconds: 60_000 });
  expect(step(planOf(fixture), file)).toMatchObject({ retry, timeoutMilliseconds: 60_000 });
});

test("a guard travels with its step", () => {
  const fixture = new CatalogFixture();
  const run = fixture.declare("execute", "x", { run: ["true"], creates: "/srv/x" });
  expect(step(planOf(fixture, { guards: { [run]: 0 } }), run).guard).toEqual({
    call: { verb: "execute_guard", arguments: ["x"] },
    confirms: true,
  });
});

// Each row: the wanted content, the content that was read, and the diff.
const diffRows = [
  { name: "of a file that is created", wanted: "a\n", old: undefined, expected: { before: null, after: "a\n" } },
  { name: "of a file that changes", wanted: "a\n", old: "b\n", expected: { before: "b\n", after: "a\n" } },
  { name: "not of bytes that are no text", wanted: "a\0", old: "b\n", expected: undefined },
  { name: "not of a large file", wanted: "a".repeat(262_145), old: "b\n", expected: undefined },
] as const;

for (const { name, wanted, old, expected } of diffRows) {
  test(`a diff is shown ${name}`, () => {
    const fixture = new CatalogFixture();
    const file = fixture.declare("file", "/srv/x", { content: wanted });
    const host = old === undefined ? {} : { have: { [file]: plainFile(old) }, contents: { "/srv/x": old } };
    expect(step(planOf(fixture, host), file).diff).toEqual(expected);
  });
}

test("a diff is shown of a file that is removed, and none where the old content was not read", () => {
  const fixture = new CatalogFixture();
  const gone = fixture.declare("file", "/srv/gone", { state: "absent" });
  const changed = fixture.declare("file", "/srv/changed", { content: "new" });
  const owned = fixture.declare("file", "/srv/owned", { content: "x", mode: mode(0o600) });
  const have = { [gone]: plainFile("a"), [changed]: plainFile("b"), [owned]: plainFile("x") };
  const first = planOf(fixture, { have });
  expect(first.steps.map((one) => one.diff)).toEqual([undefined, undefined, undefined]);
  expect(neededContents(first, stateOf(fixture.catalog)).files).toEqual(["/srv/gone", "/srv/changed"]);
  const again = planOf(fixture, { have, contents: { "/srv/gone": "a", "/srv/changed": "b" } });
  expect(again.steps.map((one) => one.diff)).toEqual([
    { before: "a", after: null },
    { before: "b", after: "new" },
    undefined,
  ]);
});

test("the folders above what a diff would show are asked for, and what is in a closed one is private", () => {
  const fixture = new CatalogFixture();
  const made = fixture.declare("file", "/var/lib/vault/key", { content: "new\n" });
  const first = planOf(fixture, {});
  expect(neededContents(first, stateOf(fixture.catalog))).toEqual({
    files: [],
    folders: ["/var/lib/vault", "/var/lib"],
  });
  const again = planOf(fixture, { closedFolders: ["/var/lib/vault"] });
  expect(step(again, made)).toMatchObject({ hidden: { lines: 1 }, sensitive: true });
  expect(JSON.stringify(step(again, made).changes)).not.toContain("sha256");
  expect(step(again, made).diff).toBeUndefined();
});

test("a folder is closed by whatever path leads to it, as it is and as it should be", () => {
  const realFolders = new Map([["/srv/link", "/var/lib/vault/sub"]]);
  const shown = (fixture: CatalogFixture, closed: readonly string[]) => {
    const { graph } = order(fixture.catalog, debian);
    if (!graph) throw new Error("there is no order");
    const state = { ...stateOf(fixture.catalog, { closedFolders: closed }), realFolders };
    const { plan } = diff(fixture.catalog, graph, state, context);
    return { folders: plan && neededContents(plan, state).folders, hidden: plan?.steps.at(-1)?.hidden !== undefined };
  };
  const linked = new CatalogFixture();
  linked.declare("file", "/srv/link/key", { content: "new\n" });
  expect(shown(linked, [])).toEqual({
    folders: ["/srv/link", "/srv", "/var/lib/vault/sub", "/var/lib/vault", "/var/lib"],
    hidden: false,
  });
  expect(shown(linked, ["/var/lib/vault"])).toEqual({ folders: [], hidden: true });

  const declared = new CatalogFixture();
  declared.declare("directory", "/var/lib/vault", { mode: mode(0o700) });
  declared.declare("file", "/srv/link/key", { content: "new\n" });
  expect(shown(declared, [])).toEqual({ folders: [], hidden: true });
});

test("the read phase is asked for what is needed and not read anyway", () => {
  const fixture = new CatalogFixture();
  fixture.declare("file", "/srv/app/conf/x", { owner: "app" });
  fixture.declare("directory", "/srv/app");
  fixture.declare("file", "/etc/motd");
  fixture.declare("user", "web", { groups: ["www"] });
  const { graph } = order(fixture.catalog, debian);
  expect(graph && neededKeys(graph)).toEqual(["file:/srv/app/conf", "group:www", "user:app"]);
});

test("a plan survives a round trip through JSON and is the same each time", () => {
  const fixture = new CatalogFixture();
  fixture.declare("package", "apache2");
  fixture.declare("file", "/etc/apache2/ports.conf", { content: "Listen 80\n" });
  fixture.declare("service", "apache2", { watch: ["/etc/apache2/**"] });
  const plan = planOf(fixture);
  expect(JSON.parse(JSON.stringify(plan))).toStrictEqual(plan);
  expect(JSON.stringify(planOf(fixture))).toBe(JSON.stringify(plan));
});

test("a host that is as its catalog says has an empty plan", () => {
  const fixture = new CatalogFixture();
  fixture.declare("user", "app", { groups: ["web"], home: "/srv/app" });
  fixture.declare("group", "web");
  fixture.declare("directory", "/srv/app", { owner: "app", mode: mode(0o750) });
  fixture.declare("link", "/srv/app/current", { to: "releases/1" });
  fixture.declare("file", "/srv/app/x", { content: "x" });
  fixture.declare("file", "/srv/app/y", { state: "absent" });
  fixture.declare("service", "app", { watch: ["/srv/app/**"] });
  const have = Object.fromEntries(fixture.resources.map((resource) => [resource.id, applied(resource)]));
  expect(lines(fixture, { have, users: ["app"] })).toEqual([]);
});
