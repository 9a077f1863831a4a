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

test("a link to what is not there and nothing makes is planned with a warning", async () => {
  const recipe = `link "/srv/nowhere" { to = "no such" }\nlink "/srv/name" { to = "../etc/hostname" }\n`;
  const ended = await run("plan", recipe);
  expect(ended.errors.match(/warning\[P332\]/g)).toHaveLength(1);
  expect(ended.errors).toContain('link["/srv/nowhere"] will lead nowhere: /srv/no such is not on');
  expect(ended.output).toContain("link /srv/nowhere");
  const made = await run("plan", `${recipe}file "/srv/no such"\n`);
  expect(made.errors).not.toContain("P332");
});
