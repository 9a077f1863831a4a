import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { applyPlan } from "../../runtime/apply.ts";
import type { JournalEvent } from "../../runtime/journal.ts";
import { type Bench, call, makeBench, plan, step } from "../open-shell.ts";
import { shells } from "../verbs/shells.ts";
import { hostileBytes, hostileTexts, seed } from "./hostile-bytes.ts";
import { makeVictim } from "./victim.ts";

let bench: Bench | undefined;
afterEach(async () => bench?.remove());

/** Of the steps, the odd ones print hostile bytes, and the even ones are given hostile texts. */
const count = 20;
const perStep = 60;

for (const [index, shell] of shells.entries()) {
  test(`${shell.name}: a run of commands that print records, given names and values like records, is told as it went (seed ${seed})`, async () => {
    bench = makeBench(shell);
    const { path, folder } = bench;
    const victim = makeVictim(folder);
    const nextBytes = hostileBytes(victim.path, 900 + index, true);
    const nextText = hostileTexts(victim.path, 1000 + index);
    mkdirSync(path("said"));
    const given = new Map<number, readonly string[]>();
    const steps = Array.from({ length: count }, (_, at) => {
      const id = at + 1;
      if (id % 2 === 0) {
        const texts = Array.from({ length: perStep }, () => nextText().replaceAll("\0", ""));
        given.set(id, texts);
        const title = `${id}${texts.join("").slice(0, 100)}`;
        return step(id, { title, calls: [call("note_arguments", path(`said/${id}`), ...texts)] });
      }
      writeFileSync(path(`said/${id}`), Buffer.concat(Array.from({ length: perStep }, nextBytes)));
      const script = 'cat "$1"; cat "$1" >&2; exit 3';
      return step(id, { calls: [call("run_command", "", "", script, path(`said/${id}`))] });
    });
    const session = await bench.open();
    const heard: JournalEvent[] = [];
    const options = { runId: "run-1", onEvent: (event: JournalEvent) => void heard.push(event) };
    const report = await applyPlan(plan(steps), new Map(), session, options);
    expect(report).toMatchObject({ runId: "run-1", interrupted: false });
    expect(report).not.toHaveProperty("broken");
    expect(report.steps.map(({ id, result }) => [id, result])).toEqual(
      steps.map(({ id }) => [id, id % 2 === 0 ? "ok" : "failed"]),
    );
    expect(heard.map((event) => event.type)).toEqual(["begin", ...steps.flatMap(() => ["start", "done"]), "end"]);
    for (const [id, texts] of given) {
      expect(
        readFileSync(path(`said/${id}`), "utf8")
          .split("\0")
          .slice(0, -1),
      ).toEqual(texts);
    }
    victim.expectUntouched();
  });
}
