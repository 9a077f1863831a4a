import { Chalk } from "chalk";
import { expect, test } from "vitest";
import type { Action } from "../../compiler/kind/kind.ts";
import type { Plan, Step } from "../../compiler/plan.ts";
import { countSteps, planSummary } from "./plan-summary.ts";
import { planDocument } from "./json.ts";
import { printPlan } from "./pretty-plan.ts";

const heading = { host: "web1", system: "debian 12", resources: 9, milliseconds: 310, frames: 1 };

function step(kind: string, title: string, more: Partial<Step> = {}): Step {
  return {
    id: 1,
    resource: `${kind}["${title}"]`,
    kind,
    title,
    action: "create",
    because: [{ text: "it is not there" }],
    source: { file: "site.recipe", line: 3 },
    certain: true,
    changes: [],
    requires: [],
    fingerprint: null,
    identity: [],
    calls: [],
    notifies: [],
    reactions: [],
    ...more,
  };
}

function planOf(steps: readonly Step[], unchanged = 0): Plan {
  return { version: 1, host: "web1", steps, transactions: [], observes: [], unchanged, seen: [], blobs: [] };
}

/** The lines of a plan below its heading. */
function lines(steps: readonly Step[], { columns = 80, full = false } = {}): readonly string[] {
  let text = "";
  const color = new Chalk({ level: 0 });
  const terminal = { columns, isTerminal: false, color, unicode: true, write: (piece: string) => (text += piece) };
  printPlan(planOf(steps), heading, terminal, full);
  return text
    .split("\n")
    .slice(2)
    .map((line) => line.trimEnd())
    .filter((line) => line !== "");
}

const numbered = (count: number) => Array.from({ length: count }, (_, at) => `line ${at + 1}\n`).join("");

test("what the sign of a line tells is not said again as its reason, unless --full asks for it", () => {
  const steps = [
    step("package", "nginx"),
    step("file", "/etc/x", { action: "update", because: [{ text: "mode differs" }] }),
    step("file", "/etc/y", { action: "remove", because: [{ text: "it is there" }] }),
  ];
  expect(lines(steps).join("\n")).not.toMatch(/because|differs|there/);
  expect(lines(steps, { full: true }).join("\n")).toContain("because it is not there");
});

test("why something restarts, or may not be needed, is always said: on its line where there is room", () => {
  const because = [{ text: 'file["/etc/x"] changes' }];
  expect(lines([step("service", "nginx", { action: "restart", because })])[0]).toBe(
    '  ! service nginx  restart  because file["/etc/x"] changes         site.recipe:3',
  );
  const unsure = [{ text: "it is not there" }, { text: 'package["a"] may bring it' }];
  expect(lines([step("file", "/etc/y", { certain: false, because: unsure })])[0]).toBe(
    '  ? file /etc/y  because package["a"] may bring it                 site.recipe:3',
  );
});

test("a step of one thing that was declared by two names shows the other, too", () => {
  const aliases = [{ resource: 'service["sshd"]', source: { file: "b.recipe", line: 9 } }];
  expect(lines([step("service", "ssh", { action: "start", aliases })]).slice(0, 2)).toEqual([
    "  ? service ssh  start                                             site.recipe:3".replace("?", "!"),
    '      also service["sshd"] at b.recipe:9',
  ]);
});

test("files of one content share a line and its difference, and many are counted", () => {
  const diff = { before: null, after: "x\n" };
  const files = Array.from({ length: 20 }, (_, at) => step("file", `/f${at}`, { diff }));
  const shown = lines([...files, step("file", "/other", { diff: { before: null, after: "y\n" } })]);
  expect(shown.slice(0, 5)).toEqual([
    "  + file /f0, /f1, /f2, /f3, /f4, /f5, /f6, /f7, /f8, /f9, /f10, /f11, 8 more",
    "      (--full)",
    "                                                                   site.recipe:3",
    "      │ 1 +x",
    "  + file /other                                                    site.recipe:3",
  ]);
  expect(lines(files, { full: true }).join("\n")).toContain("/f19");
});

test("neighbours that differ in nothing but their titles share a line", () => {
  const at = (line: number) => ({ source: { file: "site.recipe", line } });
  const mode = { changes: [{ property: "mode", to: "0750" }] };
  expect(
    lines([
      step("package", "curl", at(3)),
      step("package", "git", at(3)),
      step("package", "nginx", at(9)),
      step("directory", "/srv/a", { ...at(10), ...mode }),
      step("directory", "/srv/b", { ...at(11), ...mode }),
      step("directory", "/srv/c", { ...at(12), changes: [{ property: "mode", to: "0700" }] }),
    ]),
  ).toEqual([
    "  + package curl, git, nginx                                     site.recipe:3-9",
    "  + directory /srv/a, /srv/b  0750                             site.recipe:10-11",
    "  + directory /srv/c          0700                                site.recipe:12",
  ]);
});

test("a new file is folded to its first lines; --full shows all of it", () => {
  const file = step("file", "/etc/new", { diff: { before: null, after: numbered(43) } });
  expect(lines([file]).slice(1)).toEqual([
    "      │  1 +line 1",
    "      │  2 +line 2",
    "      │  3 +line 3",
    "      │ … 40 more lines (--full)",
  ]);
  expect(lines([file], { full: true })).toHaveLength(44);
});

test("what is removed, restarted and run stands by name below the steps, whether sure or not", () => {
  const steps = [
    step("file", "/etc/old", { action: "remove" }),
    step("service", "nginx", { action: "restart" }),
    step("execute", "migrate", { action: "run" }),
    step("execute", "reindex", { action: "run", certain: false }),
  ];
  expect(lines(steps).slice(4)).toEqual([
    "  removes   file /etc/old",
    "  restarts  service nginx",
    "  runs      execute migrate",
    "  may run   execute reindex",
  ]);
});

test.each([80, 50])("no line is longer than %d columns, and no word is broken", (columns) => {
  const words = "some words that go on for quite a while until they do not fit on one line any more";
  const steps = [
    ...["curl", "git", "htop", "nginx", "postgresql", "redis", "rsync", "strace", "tmux", "unzip", "vim"].map((name) =>
      step("package", name),
    ),
    step("file", "/etc/nginx/sites-available/example.conf", {
      changes: [
        { property: "mode", from: "0600", to: "0644" },
        { property: "owner", from: "root", to: "www-data" },
        { property: "group", from: "root", to: "www-data" },
      ],
      action: "update",
      diff: { before: `a\n  ${words}\n`, after: `b\n\t${words} now\n` },
    }),
    step("service", "nginx", { action: "restart", because: [{ text: words }, { text: `${words} too` }] }),
    step("execute", words, { action: "run", because: [{ text: `it runs always: ${words}` }] }),
  ];
  const shown = lines(steps, { columns });
  const widths = shown.map((line) => line.length + 7 * (line.split("\t").length - 1));
  expect(Math.max(...widths)).toBeLessThanOrEqual(columns);
  const known = new Set(`${words} example.conf postgresql www-data`.split(" "));
  for (const word of known) expect(shown.join("\n")).toContain(word);
});

test("a word longer than the line stands whole", () => {
  const path = `/srv/${"long/".repeat(20)}x`;
  expect(lines([step("file", path)], { columns: 50 }).join("\n")).toContain(path);
});

test("the numbers of every summary add up, whatever the plan", () => {
  const actions: readonly Action[] = ["create", "update", "remove", "run", "start", "stop", "reload", "restart"];
  let seed = 7;
  const random = (below: number) => (seed = (seed * 48271) % 2147483647) % below;
  for (let round = 0; round < 200; round++) {
    const plans = Array.from({ length: 1 + random(3) }, () =>
      planOf(
        Array.from({ length: random(30) }, (_, at) =>
          step("file", `/x${at}`, { action: actions[random(actions.length)] ?? "run", certain: random(4) > 0 }),
        ),
        random(50),
      ),
    );
    const steps = plans.reduce((sum, plan) => sum + plan.steps.length, 0);
    const unchanged = plans.reduce((sum, plan) => sum + plan.unchanged, 0);
    const said = [...planSummary(plans).matchAll(/\d+/g)].map(([number]) => Number(number));
    expect(said.reduce((sum, number) => sum + number, 0)).toBe(steps + unchanged);
    const counts = countSteps(plans);
    expect(Object.values(counts.actions).reduce((sum, number) => sum + number, counts.undecided)).toBe(steps);
    const hosts = plans.map((plan) => ({ name: plan.host, status: "read" as const, plan, work: { frame0: {} } }));
    expect(JSON.parse(planDocument(hosts, []))).toMatchObject({ summary: { ...counts, changes: steps, unchanged } });
  }
});
