import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { randomNumbers } from "../verbs/random-text.ts";
import { scratchFolder } from "../verbs/scratch.ts";
import { shells } from "../verbs/shells.ts";
import { hostileBytes, seed } from "./hostile-bytes.ts";
import { runFolder, runScript, token } from "./run-script.ts";
import { makeVictim } from "./victim.ts";

let folder: string;
beforeEach(() => {
  folder = scratchFolder("hostile");
});
afterEach(() => rmSync(folder, { recursive: true }));

const count = 120;

/** Names of files in folders of hostile names, each once. */
function hostilePaths(victim: string, salt: number): readonly Buffer[] {
  const next = hostileBytes(victim, salt);
  const name = () => {
    const bytes = Buffer.from(next().map((byte) => (byte === 0x2f ? 0x5f : byte))).subarray(0, 90);
    return [".", "..", ""].includes(bytes.toString("latin1")) ? Buffer.from("plain") : bytes;
  };
  const slash = Buffer.from("/");
  return Array.from({ length: count }, (_, at) =>
    Buffer.concat([Buffer.from(`${folder}/work/${at}`), name(), slash, name()]),
  );
}

/** All files below a folder; one character per byte. */
function listing(path: string): readonly string[] {
  const { stdout } = spawnSync("find", [path, "-type", "f", "-print0"], { encoding: "latin1" });
  return stdout.split("\0").slice(0, -1).toSorted();
}

for (const [index, shell] of shells.entries()) {
  test(`${shell.name}: recovery removes the temporary files of a run and nothing else, whatever they lie beside (seed ${seed})`, () => {
    const victim = makeVictim(folder);
    const paths = hostilePaths(victim.path, 100 + index);
    mkdirSync(join(folder, "work"));
    mkdirSync(join(folder, "paths"));
    for (const [at, path] of paths.entries()) {
      mkdirSync(path.subarray(0, path.lastIndexOf(0x2f)), { recursive: true });
      writeFileSync(path, "own");
      writeFileSync(join(folder, "paths", String(at + 1)), Buffer.concat([path, Buffer.from("\n.\n")]));
    }
    const own = listing(join(folder, "work"));
    const make = `galley_dot="$galley_newline."
      GALLEY_STEP=0
      while [ "$GALLEY_STEP" -lt ${count} ]; do
        GALLEY_STEP=$((GALLEY_STEP + 1))
        galley_path=$(cat "$0/paths/$GALLEY_STEP")
        temp_beside "\${galley_path%"$galley_dot"}"
      done`;
    const temps = join(runFolder(folder), "temps");
    mkdirSync(runFolder(folder), { recursive: true });
    writeFileSync(join(runFolder(folder), "token"), `${token}\n`);

    runScript(shell, folder, make);
    expect(listing(join(folder, "work"))).toHaveLength(own.length + count);
    const whole = readFileSync(temps);
    runScript(shell, folder, 'galley_remove_temps "$GALLEY_DIR"');
    expect(listing(join(folder, "work"))).toEqual(own);
    victim.expectUntouched();

    // Cut off, damaged, or with words of others in it: only what it still names may go.
    const random = randomNumbers(seed + index);
    const next = hostileBytes(join(folder, "elsewhere"), 200 + index);
    for (let round = 0; round < 6; round += 1) {
      runScript(shell, folder, `rm -f "$GALLEY_DIR/temps"\n${make}`);
      const at = Math.floor(random() * whole.length);
      const foreign = Buffer.concat(Array.from({ length: 100 }, next));
      const rests = [[], [foreign], [foreign, whole.subarray(at)]][round % 3] ?? [];
      writeFileSync(temps, Buffer.concat([whole.subarray(0, at), ...rests]));
      runScript(shell, folder, 'galley_remove_temps "$GALLEY_DIR"');
      const left = listing(join(folder, "work"));
      expect(own.filter((name) => !left.includes(name))).toEqual([]);
      victim.expectUntouched();
      writeFileSync(temps, whole);
      runScript(shell, folder, 'galley_remove_temps "$GALLEY_DIR"');
      expect(listing(join(folder, "work"))).toEqual(own);
    }
  });
}
