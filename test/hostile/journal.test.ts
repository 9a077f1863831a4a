import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type JournalEvent, JournalReader } from "../../runtime/journal.ts";
import { printable } from "../../runtime/printable.ts";
import { randomNumbers } from "../verbs/random-text.ts";
import { scratchFolder } from "../verbs/scratch.ts";
import { shells } from "../verbs/shells.ts";
import { hostileBytes, howMany, seed } from "./hostile-bytes.ts";
import { runFolder, runScript } from "./run-script.ts";
import { makeVictim } from "./victim.ts";

let folder: string;
beforeEach(() => {
  folder = scratchFolder("hostile");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What one failed step printed holds this many of the byte strings, and one journal this many steps. */
const perStep = 25;
const steps = howMany / perStep / shells.length;

function read(journal: Uint8Array): readonly JournalEvent[] {
  const events: JournalEvent[] = [];
  new JournalReader((event) => events.push(event)).push(journal);
  return events;
}

for (const [index, shell] of shells.entries()) {
  test(`${shell.name}: what steps print stays one message each in the journal (seed ${seed})`, () => {
    const victim = makeVictim(folder);
    const next = hostileBytes(victim.path, index, true);
    mkdirSync(join(folder, "said"));
    const said = Array.from({ length: steps }, () => Buffer.concat(Array.from({ length: perStep }, next)));
    for (const [at, bytes] of said.entries()) writeFileSync(join(folder, "said", String(at + 1)), bytes);
    runScript(
      shell,
      folder,
      `galley_in_transaction='' galley_bad=' ' galley_ended=' ' galley_begun=0 galley_unwritten=''
       galley_id=0
       while [ "$galley_id" -lt ${steps} ]; do
         galley_id=$((galley_id + 1))
         galley_out=$0/said/$galley_id
         galley_fail_with_output 'ended with status 1'
       done`,
    );
    const journal = readFileSync(join(runFolder(folder), "journal"));
    const events = read(journal);
    // The runner keeps the end of what a step printed, and no shell can hold a NUL.
    const message = (bytes: Buffer) =>
      printable(`ended with status 1\n${withoutNul(bytes.subarray(-4096)).toString("utf8")}`).trim();
    expect(events.map((event) => (event.type === "done" ? [event.step, event.result] : event))).toEqual(
      said.map((_bytes, at) => [at + 1, "failed"]),
    );
    for (const [at, event] of events.entries()) {
      const heard = event.type === "done" ? event.message : undefined;
      // Ends of lines before the end are lost to the shell.
      expect(squeezed(heard ?? "")).toBe(squeezed(message(said[at] ?? Buffer.alloc(0))));
    }
    // Whatever a crash has cut off at the end, the rest says nothing else.
    const random = randomNumbers(seed);
    for (let cut = 0; cut < 100; cut += 1) {
      const at = Math.max(0, journal.length - Math.floor(random() * 20_000));
      const kept = read(journal.subarray(0, at));
      expect(kept).toEqual(events.slice(0, kept.length));
    }
    victim.expectUntouched();
  });
}

const withoutNul = (bytes: Buffer) => Buffer.from(bytes.filter((byte) => byte !== 0));
const squeezed = (text: string) => text.replaceAll(/\n+$/g, "").trim();
