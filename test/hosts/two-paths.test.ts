import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, galley } from "./galley.ts";
import { type Machine, startMachine } from "./machine.ts";

/** Paths that lead over symbolic links of a real machine: one file is one file, by whatever path. */
let machine: Machine;
let folder: string;

beforeAll(async () => {
  machine = await startMachine({ name: "two-paths" });
  folder = mkdtempSync(join(tmpdir(), "galley-two-paths-"));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await machine.stop();
});

function run(command: "apply" | "plan", recipe: string): Promise<Ended> {
  const file = join(folder, "site.recipe");
  writeFileSync(file, recipe);
  const words = [command, file, "--on", `ssh://root@${machine.address}`, ...(command === "apply" ? ["--yes"] : [])];
  return galley(words, { home: machine.home });
}

test("two paths of one file may not contradict each other", async () => {
  const ended = await run("plan", `file "/var/run/a" { content = "1\\n" }\nfile "/run/a" { content = "2\\n" }\n`);
  expect(ended.status).toBe(1);
  expect(ended.errors).toContain('file["/var/run/a"] and file["/run/a"] are both /run/a on');
});

test("two paths of one file that agree are one step, and the folder comes first by whatever path", async () => {
  const recipe = `file "/var/run/app/a" { content = "1\\n" }
file "/run/app/a" { content = "1\\n" }
directory "/run/app"
`;
  const ended = await run("apply", recipe);
  expect(`${ended.errors}${ended.output}`).toContain("converged");
  expect(ended.status).toBe(0);
  expect((await run("plan", recipe)).output).toContain("Nothing to change");
});
