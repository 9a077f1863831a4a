import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { Plan } from "./plan.ts";
import { readPlan, writePlan } from "./plan-file.ts";

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

const saved = writePlan([plan], blobs, sha256);

/** A file as the writer makes it, around a document that it would not write. */
function forged(plans: unknown, others: Readonly<Record<string, unknown>> = {}): string {
  const fields = { format: "galley-plan", version: 2, plans, blobs: {}, ...others };
  const body = `${JSON.stringify(fields).slice(1)}\n`;
  return `{"digest":"${sha256(new TextEncoder().encode(body))}",${body}`;
}

const problemOf = (text: string) => {
  const read = readPlan(text, sha256);
  return "problem" in read ? read.problem : undefined;
};

test("a saved plan comes back as it was, with the bytes it sends", () => {
  expect(readPlan(saved, sha256)).toStrictEqual({ plans: [plan], blobs });
});

test("the file is one JSON document, the same for the same plans whatever the order of their fields", () => {
  expect(JSON.parse(saved)).toMatchObject({ format: "galley-plan", version: 2 });
  const turned = Object.fromEntries(Object.entries(plan).toReversed());
  expect(writePlan([{ ...plan, ...turned }], blobs, sha256)).toBe(saved);
});

test("only the bytes that a plan uses are saved", () => {
  expect(writePlan([plan], new Map([...blobs, ["f".repeat(64), bytes]]), sha256)).toBe(saved);
});

test("a plan whose bytes were not given cannot be saved", () => {
  expect(() => writePlan([plan], new Map(), sha256)).toThrow("which was not given");
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
  expect(problemOf(forged([], { version: 1 }))).toBe(
    "the plan has format 1, this galley reads format 2: make the plan anew",
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
    const read = readPlan(writePlan([{ ...plan, steps: [], blobs: [name] }], new Map([[name, many]]), sha256), sha256);
    expect("blobs" in read && read.blobs.get(name)).toEqual(many);
  }
});
