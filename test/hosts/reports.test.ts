import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { galley } from "./galley.ts";
import { type Machine, startMachine } from "./machine.ts";

let machine: Machine;
let folder: string;

beforeAll(async () => {
  machine = await startMachine({ name: "reports" });
  folder = mkdtempSync(join(tmpdir(), "galley-reports-"));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await machine.stop();
});

test("an apply numbers its steps, mentions what takes long, and says why a step failed in its line", async () => {
  const path = join(folder, "site.recipe");
  writeFileSync(
    path,
    `file "/srv/a" { content = "a" }
execute "wait" { run = ["sleep", "5"], always = "it takes a while" }
execute "read" {
  run    = sh"echo reading; cat /srv/nowhere; exit 7"
  always = "it fails"
}
`,
  );
  const run = await galley(["apply", "--yes", path, "--on", `ssh://root@${machine.address}`], machine);
  expect(run.status).toBe(3);
  expect(run.errors).toMatch(/\[1\/3\] (?:✓|ok) file \/srv\/a {2}create/);
  expect(run.errors).toMatch(/\[2\/3\] \S+ execute wait {2}under way for \d+ s\n/);
  expect(run.errors).toMatch(
    /\[3\/3\] (?:✗|FAIL) execute read {2}failed: cat: \/srv\/nowhere: No such file or directory \(status 7\)/,
  );
  expect(run.output).toMatch(
    /failed {2}execute\["read"\] .*\n {8}cat: \/srv\/nowhere: No such file or directory \(status 7\)\n {8}. reading\n/,
  );
});

test("a command runs after the file that it loads, though it is declared before it", async () => {
  const path = join(folder, "order.recipe");
  writeFileSync(
    path,
    `execute "load" { run = ["cp", "/srv/schema.sql", "/srv/loaded"], creates = "/srv/loaded" }
file "/srv/schema.sql" { content = "select 1;\\n" }
`,
  );
  const run = await galley(["apply", "--yes", path, "--on", `ssh://root@${machine.address}`], machine);
  expect(run.status, run.errors).toBe(0);
});
