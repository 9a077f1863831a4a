import { expect, test } from "vitest";
import type { Step } from "../compiler/plan.ts";
import { shownResult } from "./shown-result.ts";

const plain: Step = {
  id: 0,
  resource: 'execute["seed"]',
  kind: "execute",
  title: "seed",
  action: "run",
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
const sensitive: Step = { ...plain, sensitive: true };

function shown(step: Step, message: string, showPrivate = false): string | undefined {
  return shownResult(step, { id: 0, resource: step.resource, result: "failed", milliseconds: 1, message }, showPrivate)
    .message;
}

const failed = "ended with status 1\npassword is hunter2\nand again\nthe command ended with status 3";

test("what a sensitive command printed is counted, not shown", () => {
  expect(shown(sensitive, failed)).toBe(
    "ended with status 1\nwhat it printed is private (2 lines); --show-private shows it\nthe command ended with status 3",
  );
});

test("a last line of the command's own is no sentence of ours", () => {
  expect(shown(sensitive, "was not done within 5 s\nthe command ended with status hunter2")).toBe(
    "was not done within 5 s\nwhat it printed is private (1 line); --show-private shows it",
  );
});

test("with --show-private, and of other steps, all is shown", () => {
  expect(shown(sensitive, failed, true)).toBe(failed);
  expect(shown(plain, failed)).toBe(failed);
});
