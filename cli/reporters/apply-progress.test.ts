import { Chalk } from "chalk";
import { expect, test } from "vitest";
import type { Step } from "../../compiler/plan.ts";
import { ApplyProgress } from "./apply-progress.ts";

function step(kind: string, title: string): Step {
  return {
    id: 1,
    resource: `${kind}["${title}"]`,
    kind,
    title,
    action: "create",
    because: [],
    source: { file: "site.recipe", line: 3 },
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

/** Follows a host of twelve steps on a clock of its own. */
function follow(isTerminal: boolean) {
  let text = "";
  let now = 0;
  const color = new Chalk({ level: 0 });
  const terminal = { columns: 60, isTerminal, color, unicode: true, write: (piece: string) => void (text += piece) };
  const progress = new ApplyProgress(terminal, () => now);
  const host = progress.follow("web1", 12);
  return {
    host,
    later: (seconds: number) => {
      now += seconds * 1000;
      progress.tick();
    },
    said: () => {
      const all = text;
      text = "";
      return all;
    },
  };
}

const packages = [step("package", "curl"), step("package", "git")];
const changed = { id: 1, resource: "", result: "changed" as const, milliseconds: 20 };

test("each step that ends is numbered among all", () => {
  const { host, said } = follow(false);
  host.ended(step("file", "/etc/a"), changed);
  host.ended(step("file", "/etc/b"), { ...changed, result: "ok" });
  expect(said()).toBe(
    "web1  [ 1/12] ✓ file /etc/a  create  0.02 s\nweb1  [ 2/12] = file /etc/b  nothing to do  0.02 s\n",
  );
});

test("without a terminal what takes long is mentioned once, and then rarely", () => {
  const { host, later, said } = follow(false);
  host.underWay(packages);
  later(2);
  expect(said()).toBe("");
  later(2);
  expect(said()).toBe("web1  [ 1/12] … package curl, git  under way for 4 s\n");
  for (let second = 0; second < 50; second++) later(1);
  expect(said()).toBe("");
  later(20);
  expect(said()).toBe("web1  [ 1/12] … package curl, git  under way for 74 s\n");
  host.end();
});

test("on a terminal one line that is replaced tells what is waited for, and it goes with the host", () => {
  const { host, later, said } = follow(true);
  host.underWay(packages);
  later(1);
  expect(said()).toBe("\r\u001b[Kweb1  [ 1/12] … package curl, git  under way for 1 s");
  host.underWay([step("package", `lib${"x".repeat(80)}`)]);
  later(1);
  expect(said().length).toBeLessThan("\r\u001b[K".length + 60);
  host.ended(step("file", "/etc/a"), changed);
  expect(said()).toBe("\r\u001b[Kweb1  [ 1/12] ✓ file /etc/a  create  0.02 s\n");
  host.end();
  expect(said()).toBe("\r\u001b[K");
});
