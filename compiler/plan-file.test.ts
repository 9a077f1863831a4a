import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { positionAt } from "../grammar/source.ts";
import { CatalogFixture, context, shell } from "../test/catalog-fixture.ts";
import type { Catalog } from "./catalog.ts";
import type { Value } from "./kind/value.ts";
import { fixtureKinds } from "../test/kinds-fixture.ts";
import type { Plan } from "./plan.ts";
import { readPlan, type SavedPlans, writePlan } from "./plan-file.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");

const bytes = new Uint8Array([0, 1, 2, 250, 255, 10]);
const blobs = new Map([[sha256(bytes), bytes]]);

const plan: Plan = {
  version: 1,
  host: "web1",
  target: "ssh://web1",
  steps: [
    {
      id: 0,
      resource: 'file["/etc/motd"]',
      kind: "file",
      title: "/etc/motd",
      action: "update",
      because: [{ text: "content differs" }],
      source: { file: "site.recipe", line: 3 },
      certain: true,
      changes: [{ property: "mode", from: "0644", to: "0600" }],
      diff: { before: "alt\n", after: "größer\n" },
      requires: [],
      fingerprint: "present 644",
      identity: ["/etc/motd"],
      calls: [{ verb: "file_apply", arguments: ["/etc/motd", { blob: sha256(bytes) }] }],
      transaction: 0,
      guard: { call: { verb: "execute_guard", arguments: [] }, confirms: true },
      when: {
        type: "and",
        of: [
          { type: "not", of: { type: "succeeds", observe: 0 } },
          { type: "constant", value: true },
        ],
      },
      retry: { count: 2, everyMilliseconds: 500 },
      timeoutMilliseconds: 60_000,
      notifies: [{ resource: 'service["x"]', event: "reload" }],
      reactions: [{ event: "reload", calls: [{ verb: "service_react", arguments: ["x", "reload"] }] }],
    },
  ],
  transactions: [[{ verb: "package_transaction", arguments: ["a"] }]],
  observes: [{ call: { verb: "run_command", arguments: ["", "", "true"] }, seen: { status: 0, output: "" } }],
  unchanged: 4,
  seen: [{ resource: 'file["/etc/motd"]', kind: "file", identity: ["/etc/motd"], fingerprint: "present 644" }],
  blobs: [sha256(bytes)],
};

const fixture = new CatalogFixture();
fixture.contain("site.web");
const asked = fixture.observe("is_new", "test -e /new");
const motd = fixture.declare(
  "file",
  "/etc/motd",
  { content: "größer\n", mode: { type: "mode", bits: 0o600 }, verify: shell('check "$1"') },
  {
    containers: ["site.web"],
    when: { type: "not", of: { type: "succeeds", observe: asked } },
    retry: { count: 2, everyMilliseconds: 500 },
    timeoutMilliseconds: 60_000,
  },
);
fixture.require("site.web", fixture.declare("directory", "/srv", { owner: "www-data" }));
fixture.notify(motd, fixture.declare("service", "x"), "reload");
const { catalog } = fixture;
const kinds = new Map(Object.values(fixtureKinds).map((kind) => [kind.name, kind]));

const save = (one: Plan, bytesOf = blobs) => writePlan([{ plan: one, catalog }], bytesOf, sha256);
const saved = save(plan);

/** What is left of a catalog without the text of its recipe: places as their lines, bytes as their digests. */
function comparable({ resources, containers, edges, observes, host }: Catalog) {
  const lines = (declared: Catalog["resources"][number]["declared"]) =>
    declared.map(({ span, through }) => [span.file.path, positionAt(span.file, span.start).line, through.length]);
  return {
    host,
    resources: resources.map(({ origins: _origins, declared, want, ...rest }) => ({
      ...rest,
      want: {
        ...want,
        properties: Object.entries(want.properties).map(([name, value]) => [name, withoutBytes(value)]),
      },
      declared: lines(declared),
    })),
    containers: containers.map(({ declared, ...rest }) => ({ ...rest, declared: lines(declared) })),
    edges: edges.map(({ span: _span, ...rest }) => rest),
    observes: observes.map(({ span: _span, ...rest }) => rest),
  };
}

function withoutBytes(value: Value): unknown {
  return typeof value === "object" && value !== null && "digest" in value ? [value.digest, value.size] : value;
}

function readBack(text: string): SavedPlans {
  const result = readPlan(text, sha256, kinds);
  if ("problem" in result) throw new Error(result.problem);
  return result;
}

/** A file as the writer makes it, around a document that it would not write. */
function forged(plans: unknown, others: Readonly<Record<string, unknown>> = {}): string {
  const { catalogs } = JSON.parse(saved);
  const fields = { format: "galley-plan", version: 4, plans, catalogs, blobs: {}, ...others };
  const body = `${JSON.stringify(fields).slice(1)}\n`;
  return `{"digest":"${sha256(new TextEncoder().encode(body))}",${body}`;
}

const problemOf = (text: string) => {
  const read = readPlan(text, sha256, kinds);
  return "problem" in read ? read.problem : undefined;
};

test("a saved plan comes back as it was, with the bytes it sends", () => {
  const { plans, blobs: found } = readBack(saved);
  expect(plans.map((one) => one.plan)).toStrictEqual([plan]);
  expect(found).toStrictEqual(blobs);
});

test("what the host should be comes back with it, but for the text of the recipe", () => {
  expect(readBack(saved).plans.map((one) => comparable(one.catalog))).toStrictEqual([comparable(catalog)]);
});

test("a resource of which not all is known stays one, and its footprint is not guessed", () => {
  const partial = new CatalogFixture();
  const when = { type: "succeeds", observe: partial.observe("is_new", "test -e /new") } as const;
  partial.declare("link", "/a", {}, { when, isPartial: true });
  const [read] = readBack(
    writePlan([{ plan: { ...plan, steps: [], blobs: [] }, catalog: partial.catalog }], blobs, sha256),
  ).plans;
  expect(read?.catalog.resources).toMatchObject([{ id: 'link["/a"]', isPartial: true }]);
  const [link] = read?.catalog.resources ?? [];
  expect(link?.kind.footprint(link.want, context.facts)).toEqual([]);
});

test("the file is one JSON document, the same for the same plans whatever the order of their fields", () => {
  expect(JSON.parse(saved)).toMatchObject({ format: "galley-plan", version: 4 });
  const turned = Object.fromEntries(Object.entries(plan).toReversed());
  expect(save({ ...plan, ...turned })).toBe(saved);
});

test("only the bytes that a plan uses are saved", () => {
  expect(save(plan, new Map([...blobs, ["f".repeat(64), bytes]]))).toBe(saved);
});

test("a plan whose bytes were not given cannot be saved", () => {
  expect(() => save(plan, new Map())).toThrow("which was not given");
});

test("any flipped byte is refused", () => {
  const encoded = new TextEncoder().encode(saved);
  const flips = encoded.length * 8;
  let accepted = 0;
  for (let bit = 0; bit < flips; bit++) {
    const changed = encoded.slice();
    changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    if (problemOf(new TextDecoder().decode(changed)) === undefined) accepted += 1;
  }
  expect(accepted).toBe(0);
});

test("a plan that is cut short, or has something added, is refused", () => {
  const changed = "the plan has been changed since it was saved: its digest does not match its content";
  expect(problemOf(saved.slice(0, -1))).toBe(changed);
  expect(problemOf(`${saved}\n`)).toBe(changed);
});

test("what is no plan is said to be none", () => {
  const noPlan = "this is not a plan that galley has saved";
  for (const text of ["", "{}", 'file "/etc/motd" {}\n', '{"digest":"', forged([], { format: "other" })]) {
    expect(problemOf(text)).toBe(noPlan);
  }
});

test("a plan of another format is refused with what to do", () => {
  expect(problemOf(forged([], { version: 2 }))).toBe(
    "the plan has format 2, this galley reads format 4: make a new plan",
  );
});

const [only] = plan.steps;
const withStep = (fields: object) => [{ ...plan, steps: [{ ...only, ...fields }] }];
const encoded = { blobs: { [sha256(bytes)]: btoa(String.fromCharCode(...bytes)) } };

// Each row: plans as somebody else might write them, and what is said of them. The digest is right in all of them.
const damaged: readonly (readonly [string, unknown, string])[] = [
  ["plans that are no list", {}, "the plan is damaged: plans should be a list"],
  ["a plan that is none", [1], "the plan is damaged: plans[0] should be an object"],
  ["a field that is missing", [{ ...plan, host: undefined }], "the plan is damaged: plans[0].host should be a value"],
  ["a field that nobody knows", [{ ...plan, hots: 1 }], "the plan is damaged: plans[0].hots should be no such field"],
  ["a number for text", withStep({ title: 1 }), "the plan is damaged: plans[0].steps[0].title should be text"],
  [
    "an action that nobody knows",
    withStep({ action: "destroy" }),
    "the plan is damaged: plans[0].steps[0].action should be create or update or remove or run or start or stop or reload or restart",
  ],
  ["a step with another's number", withStep({ id: 3 }), "the plan is damaged: plans[0].steps[0].id should be 0"],
  [
    "a step that stands on itself",
    withStep({ requires: [0] }),
    "the plan is damaged: plans[0].steps[0].requires should be earlier steps",
  ],
  [
    "a transaction that is not there",
    withStep({ transaction: 1 }),
    "the plan is damaged: plans[0].steps[0].transaction should be a transaction of the plan",
  ],
  [
    "a condition over an observe that is not there",
    withStep({ when: { type: "fails", observe: 1 } }),
    "the plan is damaged: plans[0].steps[0].when should be observes of the plan",
  ],
  [
    "a condition that nobody knows",
    withStep({ when: { type: "maybe" } }),
    "the plan is damaged: plans[0].steps[0].when should be a condition",
  ],
  [
    "a digest that is none",
    withStep({ calls: [{ verb: "x", arguments: [{ blob: "../../etc/passwd" }] }] }),
    "the plan is damaged: plans[0].steps[0].calls[0].arguments[0] should be text or a blob",
  ],
  [
    "bytes that the plan does not list",
    withStep({ calls: [{ verb: "x", arguments: [{ blob: "a".repeat(64) }] }] }),
    `the plan is damaged: plans[0].blobs should be ${"a".repeat(64)}`,
  ],
];

for (const [name, plans, problem] of damaged) {
  test(`a plan file with ${name} is refused`, () => {
    expect(problemOf(forged(plans, encoded))).toBe(problem);
  });
}

const [document] = JSON.parse(saved).catalogs;
const withResource = (fields: object) => ({
  ...document,
  resources: [{ ...document.resources[0], ...fields }, ...document.resources.slice(1)],
});

// Each row: what the host should be as somebody else might write it, and what is said of it. The digest is right in all of them.
const damagedCatalogs: readonly (readonly [string, unknown, string])[] = [
  ["without any", [], "catalogs should be a list with one for each plan"],
  ["that is none", [1], "catalogs[0] should be an object"],
  ["with a field that nobody knows", [{ ...document, more: 1 }], "catalogs[0].more should be no such field"],
  [
    "with a kind that this galley has not",
    [withResource({ kind: "volcano" })],
    "catalogs[0].resources[0].kind should be a kind of this galley",
  ],
  [
    "with a property that its kind has not",
    [withResource({ properties: { colour: "red" } })],
    "catalogs[0].resources[0].properties.colour should be a property of file",
  ],
  [
    "with a value of another type",
    [withResource({ properties: { mode: "0644" } })],
    "catalogs[0].resources[0].properties.mode should be a property of file",
  ],
  [
    "with a value of no type",
    [withResource({ properties: { mode: { type: "colour" } } })],
    "catalogs[0].resources[0].properties.mode should be a value",
  ],
  [
    "with one resource twice",
    [{ ...document, resources: [...document.resources, document.resources[0]] }],
    'catalogs[0] should be one resource file["/etc/motd"]',
  ],
  [
    "with an order of what is not there",
    [{ ...document, edges: [{ ...document.edges[0], to: "x" }] }],
    "catalogs[0].edges[0] should be resources of the plan, not x",
  ],
  ["with a container that is not there", [withResource({ containers: ["x"] })], "catalogs[0].containers should be x"],
  [
    "with a condition over an observe that is not there",
    [withResource({ when: { type: "fails", observe: 7 } })],
    "catalogs[0].resources[0].when should be observes of the plan",
  ],
];

for (const [name, catalogs, problem] of damagedCatalogs) {
  test(`a catalog ${name} is refused`, () => {
    expect(problemOf(forged([plan], { ...encoded, catalogs }))).toBe(`the plan is damaged: ${problem}`);
  });
}

test("bytes that are missing or not those they are named for are refused", () => {
  expect(problemOf(forged([plan]))).toBe(`the plan sends the bytes of ${sha256(bytes)}, which are not in it`);
  expect(problemOf(forged([plan], { blobs: { [sha256(bytes)]: btoa("other") } }))).toBe(
    `the plan is damaged: the bytes of ${sha256(bytes)} are not those it names`,
  );
  expect(problemOf(forged([plan], { blobs: [] }))).toBe("the plan is damaged: blobs should be texts by digest");
});

test("the fields of an object's prototype are no fields of a plan", () => {
  expect(problemOf(forged(JSON.parse('[{"__proto__":{"version":1},"constructor":1}]')))).toBe(
    "the plan is damaged: plans[0].version should be a value",
  );
});

test("bytes of any length come back", () => {
  for (const length of [0, 1, 2, 3, 8189, 8190, 8191, 20_000]) {
    const many = Uint8Array.from({ length }, (_, at) => (at * 7) % 256);
    const name = sha256(many);
    const found = readBack(save({ ...plan, steps: [], blobs: [name] }, new Map([[name, many]])));
    expect(found.blobs.get(name)).toEqual(many);
  }
});
