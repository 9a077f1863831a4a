import { expect, test } from "vitest";
import { type JournalEvent, JournalReader, parseJournalLine } from "./journal.ts";

test("understands every line that a run writes", () => {
  expect(
    [
      "100 begin 4711 .",
      "110 start 1 .",
      "130 done 1 changed 20 .",
      "140 transaction 0 begin .",
      "150 transaction 0 end 100 .",
      "160 done 2 failed 5 ended with status 1\\nE: no \\\\n here .",
      "170 done 3 skipped 0 requires 2 .",
      "180 retry 4 .",
      "190 react 5 reload .",
      "195 restored 3 .",
      "200 end stopped .",
      "205 end unwritten .",
      "210 refused r1 12 2026-01-31T12:00:00Z me@here (console) .",
    ].map(parseJournalLine),
  ).toEqual([
    { type: "begin", at: 100, pid: 4711 },
    { type: "start", at: 110, step: 1 },
    { type: "done", at: 130, step: 1, result: "changed", milliseconds: 20 },
    { type: "transaction", at: 140, transaction: 0 },
    { type: "transaction", at: 150, transaction: 0, status: 100 },
    {
      type: "done",
      at: 160,
      step: 2,
      result: "failed",
      milliseconds: 5,
      message: "ended with status 1\nE: no \\n here",
    },
    { type: "done", at: 170, step: 3, result: "skipped", milliseconds: 0, message: "requires 2" },
    { type: "retry", at: 180, step: 4 },
    { type: "react", at: 190, step: 5, event: "reload" },
    { type: "restored", at: 195, step: 3 },
    { type: "end", at: 200, how: "stopped" },
    { type: "end", at: 205, how: "unwritten" },
    { type: "refused", run: "r1", pid: 12, since: "2026-01-31T12:00:00Z", who: "me@here (console)" },
  ]);
});

test("understands nothing but these lines", () => {
  for (const line of [
    "",
    "120 temp 1 /etc/.galley-ab-1-0 .",
    "100 start 1 2 .",
    "100 start -1 .",
    "100 start 1e3 .",
    "100 start 1234567890123 .",
    " 100 start 1 .",
    "100 done 1 ok 2 \n100 start 3 . .x",
    "100 transaction 0 end .",
    "100 react 1 re load .",
    "100 done 1 changed 2",
    "100 done 1 chan",
    "\0\0\0",
    "100 done 1 great 2 .",
    "x start 1 .",
    "1 end odd .",
  ]) {
    expect(parseJournalLine(line)).toBeUndefined();
  }
});

test("gives the same events however the bytes are cut, and counts complete lines", () => {
  const bytes = Buffer.from("1 start 1 .\n2 done 1 failed 9 é\\nü .\n3 end finished .\n4 sta");
  for (let at = 0; at <= bytes.length; at += 1) {
    const events: JournalEvent[] = [];
    const reader = new JournalReader((event) => events.push(event));
    reader.push(bytes.subarray(0, at));
    reader.push(bytes.subarray(at));
    expect(events.map((event) => event.type)).toEqual(["start", "done", "end"]);
    expect(events[1]).toMatchObject({ message: "é\nü" });
    expect(reader.lines).toBe(3);
  }
});

test("a few torn lines are what a full disk leaves; more, or one without end, are no journal", () => {
  const events: JournalEvent[] = [];
  const reader = new JournalReader((event) => events.push(event));
  reader.push(
    Buffer.from("1 begin 7 .\n2 start 1 .\n3 done 1 cha\n4 done 1 changed 2 .\n5 en\n\n6 end unwritten .\nwhatever\n"),
  );
  expect(events.map(({ type }) => type)).toEqual(["begin", "start", "done", "end"]);
  expect(() => new JournalReader(() => {}).push(Buffer.from("x\n".repeat(9)))).toThrow("a line of it is no event");
  expect(() => new JournalReader(() => {}).push(Buffer.alloc(70_000, 120))).toThrow("a line of it has no end");
});

test("starts again with the line after the last complete one", () => {
  const events: JournalEvent[] = [];
  const reader = new JournalReader((event) => events.push(event));
  reader.push(Buffer.from("1 start 1 .\n2 star"));
  reader.restart();
  reader.push(Buffer.from("2 start 2 .\n"));
  expect(events.map((event) => "step" in event && event.step)).toEqual([1, 2]);
});
