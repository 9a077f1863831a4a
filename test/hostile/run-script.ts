import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { noteLibrary } from "../open-shell.ts";
import type { Shell } from "../verbs/shells.ts";

/** The token of the run that `runScript` plays. */
export const token = "00ff";

/** Where that run keeps its files. */
export const runFolder = (folder: string) => join(folder, "state/run/r");

/** Runs a script after the runtime's library as a runner of the run `r` would; `$0` is the folder. It may say nothing. */
export function runScript(shell: Shell, folder: string, script: string): void {
  for (const path of [runFolder(folder), join(folder, "volatile/r")]) mkdirSync(path, { recursive: true });
  writeFileSync(join(folder, "library"), noteLibrary);
  const [program, ...words] = shell.command;
  const { status, stdout, stderr } = spawnSync(program, [...words, "-c", `. "$0/library"\n${script}`, folder], {
    encoding: "utf8",
    env: {
      PATH: shell.path,
      LC_ALL: "C",
      GALLEY_STATE: join(folder, "state"),
      GALLEY_VOLATILE: join(folder, "volatile"),
      GALLEY_DIR: runFolder(folder),
      GALLEY_JOURNAL: join(runFolder(folder), "journal"),
      GALLEY_SCRATCH: join(folder, "volatile/r"),
      GALLEY_TOKEN: token,
    },
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "", stderr: "" });
}
