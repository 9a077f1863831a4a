import { expect, test } from "vitest";
import { JournalGuard } from "./journal-guard.ts";
import { parseJournalLine } from "./journal.ts";

const steps = [
  { id: 0, resource: "a", retry: { count: 1, everyMilliseconds: 1 } },
  { id: 1, resource: "b", transaction: 0 },
  { id: 2, resource: "c", transaction: 0 },
];

/** What is said against the first line that is refused. */
function refusal(...lines: readonly string[]): string | undefined {
  const guard = new JournalGuard(steps);
  for (const line of lines) {
    const event = parseJournalLine(`1 ${line} .`);
    if (!event) throw new Error(`not an event: ${line}`);
    const wrong = guard.refuse(event);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

test("everything that a run of the plan may say is taken", () => {
  const all = [
    "begin 7",
    "start 0",
    "retry 0",
    "react 0 reload",
    "done 0 changed 5",
    "start 1",
    "transaction 0 begin",
    "transaction 0 end 0",
    "done 1 ok 5",
    "done 2 skipped 0 requires 1",
    "restored 0",
    "end finished",
  ];
  expect(refusal(...all)).toBeUndefined();
});

const refused: readonly (readonly [lines: readonly string[], why: string])[] = [
  [["start 0"], "a is told of before the run begins"],
  [["begin 7", "begin 7"], "the run begins twice"],
  [["begin 7", "refused r 1 s w"], "a run that has begun is refused"],
  [["begin 7", "start 3"], "the plan has no step 3"],
  [["begin 7", "start 0", "start 0"], "a begins twice"],
  [["begin 7", "done 0 ok 1"], "a ends without having begun"],
  [["begin 7", "done 0 skipped 0", "done 0 skipped 0"], "a ends twice"],
  [["begin 7", "start 0", "done 0 ok 1", "retry 0"], "a goes on after its end"],
  [["begin 7", "retry 0"], "a goes on without having begun"],
  [["begin 7", "start 0", "retry 0", "retry 0"], "a is tried more often than the plan says"],
  [["begin 7", "start 1", "retry 1"], "b is tried more often than the plan says"],
  [["begin 7", "start 0", "react 0 x", "react 0 x"], "a takes a second event"],
  [["begin 7", "restored 0"], "a is put back out of turn"],
  [["begin 7", "start 0", "done 0 ok 1", "restored 0", "restored 0"], "a is put back out of turn"],
  [["begin 7", "transaction 1 begin"], "the plan has no transaction 1"],
  [["begin 7", "transaction 0 end 0"], "transaction 0 ends out of turn"],
  [["begin 7", "transaction 0 begin", "transaction 0 begin"], "transaction 0 begins out of turn"],
];

for (const [lines, why] of refused) {
  test(`a journal is refused in which ${why}`, () => {
    expect(refusal(...lines)).toBe(why);
  });
}

test("the steps that were begun and did not end are known", () => {
  const guard = new JournalGuard(steps);
  for (const line of ["begin 7", "start 0", "done 0 ok 1", "start 1"]) {
    const event = parseJournalLine(`1 ${line} .`);
    if (event) guard.refuse(event);
  }
  expect(guard.unended).toEqual([1]);
});
