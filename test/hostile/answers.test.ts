import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import type { Observe } from "../../compiler/catalog.ts";
import { FrameScanner } from "../../runtime/frame-scanner.ts";
import { readDetails, readObserves } from "../../runtime/read.ts";
import { type Bench, makeBench } from "../open-shell.ts";
import { randomNumbers } from "../verbs/random-text.ts";
import { shells } from "../verbs/shells.ts";
import { hostileBytes, howMany, seed } from "./hostile-bytes.ts";
import { makeVictim } from "./victim.ts";

let bench: Bench | undefined;
afterEach(async () => bench?.remove());

test(`${howMany} byte strings in frames: each arrives as it is, and none is a mark (seed ${seed})`, () => {
  const nonce = "fedcba9876543210fedcba9876543210";
  const next = hostileBytes("/victim", 300, true);
  const random = randomNumbers(seed);
  const heard: Buffer[] = [];
  const marks: string[] = [];
  const scanner = new FrameScanner(nonce, {
    onBytes: (bytes) => heard.push(Buffer.from(bytes)),
    onMark: (words) => marks.push(words),
  });
  const perFrame = 50;
  for (let frame = 0; frame < howMany / perFrame; frame += 1) {
    // A prefix of the real mark is the most that chance can print.
    const close = Buffer.from(`\u001e${nonce}`.slice(0, Math.floor(random() * 33)));
    const said = Buffer.concat([...Array.from({ length: perFrame }, next), close]);
    const stream = Buffer.concat([
      Buffer.from(`\u001e${nonce} begin\n`),
      said,
      Buffer.from(`\u001e${nonce} end ${frame % 256}\n`),
    ]);
    for (let at = 0; at < stream.length;) {
      const length = 1 + Math.floor(random() * 400);
      scanner.push(stream.subarray(at, at + length));
      at += length;
    }
    expect(marks.splice(0)).toEqual(["begin", `end ${frame % 256}`]);
    expect(Buffer.concat(heard.splice(0)).equals(said)).toBe(true);
  }
});

/** Files that a shell's session reads, and how many of the byte strings each holds. */
const files = 40;
const perFile = howMany / shells.length / files;
const span = { file: { path: "site.recipe", text: "" }, start: 0, end: 0 };

for (const [index, shell] of shells.entries()) {
  test(`${shell.name}: what commands answer and files hold is read as it is (seed ${seed})`, async () => {
    bench = makeBench(shell);
    const { path, folder } = bench;
    const victim = makeVictim(folder);
    const next = hostileBytes(victim.path, 400 + index, true);
    const withoutNul = hostileBytes(victim.path, 500 + index);
    mkdirSync(path("said"));
    const said = Array.from({ length: files }, () => Buffer.concat(Array.from({ length: perFile }, next)));
    const held = Array.from({ length: files }, () => Buffer.concat(Array.from({ length: perFile }, withoutNul)));
    for (const [at, bytes] of said.entries()) writeFileSync(path(`said/${at}`), bytes);
    const name = (at: number) => {
      const bytes = held[at]?.subarray(0, 30).toString("utf8").replaceAll("/", "_") ?? "";
      return path(`said/held ${at}${bytes}`);
    };
    for (const [at, bytes] of held.entries()) writeFileSync(name(at), bytes);

    const session = await bench.open();
    const observes = said.map((_bytes, at): Observe => {
      const script = 'cat "$1"; cat "$1" >&2; exit "$2"';
      const command = {
        type: "command",
        shown: script,
        script,
        arguments: [path(`said/${at}`), String(at % 3)],
      } as const;
      return { index: at, name: `o${at}`, span, command, result: "string", optional: false };
    });
    const answers = await readObserves(session, observes);
    for (const [at, bytes] of said.entries()) {
      expect(answers.get(at)).toEqual({ status: at % 3, output: bytes.toString("utf8").replace(/^\ufeff/, "") });
    }
    const { contents } = await readDetails(
      { files: held.map((_bytes, at) => name(at)), folders: [], forecasts: [] },
      session,
    );
    expect(contents.size).toBe(files);
    for (const [at, bytes] of held.entries()) {
      expect(Buffer.from(contents.get(name(at)) ?? []).equals(bytes)).toBe(true);
    }
    expect(readdirSync(path("said"))).toHaveLength(2 * files);
    victim.expectUntouched();
  });
}
