import { Chalk } from "chalk";
import { expect, test } from "vitest";
import type { Plan, Step } from "../../compiler/plan.ts";
import type { Terminal } from "../terminal.ts";
import { groupHosts, type PlannedHost, printGroups } from "./host-groups.ts";

function printed(hosts: readonly PlannedHost[]): string {
  let text = "";
  const terminal: Terminal = {
    write: (more) => void (text += more),
    columns: 100,
    isTerminal: false,
    color: new Chalk({ level: 0 }),
    unicode: true,
  };
  printGroups(groupHosts(hosts, terminal, false), terminal, false);
  return text;
}

function step(id: number, title: string): Step {
  return {
    id,
    resource: `file["${title}"]`,
    kind: "file",
    title,
    action: "create",
    because: [],
    source: { file: "site.recipe", line: 1 },
    certain: true,
    changes: [],
    requires: [],
    fingerprint: null,
    identity: [],
    calls: [],
    notifies: [],
    reactions: [],
  };
}

function host(name: string, ...titles: readonly string[]): PlannedHost {
  const steps = titles.map((title, index) => step(index, title));
  const plan: Plan = {
    version: 1,
    host: name,
    steps,
    unchanged: 3,
    transactions: [],
    observes: [],
    seen: [],
    blobs: [],
  };
  return { plan, heading: { host: name, system: "debian 12", resources: 4, milliseconds: 120, frames: 2 } };
}

test("plans that read the same are shown once, what stands alone first, hosts without change last", () => {
  const text = printed([
    host("idle1"),
    ...Array.from({ length: 5 }, (_, index) => host(`web${index + 1}`, "/etc/a")),
    host("web9", "/etc/a", "/etc/odd"),
    host("idle2"),
  ]);
  expect(text.match(/^\S.*$/gm)).toEqual([
    "web9  debian 12 · 4 resources · read in 0.12 s · unlike the others",
    "web[1-5]  5 hosts · debian 12 · 4 resources each · read in 0.12 s",
    "idle[1-2]  2 hosts · debian 12 · 4 resources each · read in 0.12 s · nothing to change",
  ]);
  expect(text.match(/file \/etc\/a/g)).toHaveLength(2);
});

test("every host is in one group, however many there are", () => {
  const hosts = Array.from({ length: 200 }, (_, index) =>
    host(`n${index}`, ...Array.from({ length: index % 4 }, (_two, file) => `/etc/${file}`)),
  );
  const text = printed(hosts);
  expect(text).toContain("n[1,5,9,13,17,21,25,29,33,37,41,45,49,53,57,61,65,69,73,…]  50 hosts");
  const groups = text.match(/^\S.* (\d+) hosts /gm) ?? [];
  expect(groups.map((line) => Number(/ (\d+) hosts /.exec(line)?.[1])).reduce((sum, one) => sum + one, 0)).toBe(200);
});
