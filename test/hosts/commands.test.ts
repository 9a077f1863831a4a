import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { galley } from "./galley.ts";
import { type Machine, startMachine } from "./machine.ts";

/** Commands that mean more than they say, through the whole line on a machine with systemd. */
let machine: Machine;
const folder = mkdtempSync(join(tmpdir(), "galley-commands-"));

beforeAll(async () => {
  machine = await startMachine({ name: "commands" });
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await machine.stop();
});

async function apply(recipe: string) {
  const path = join(folder, "site.recipe");
  writeFileSync(path, recipe);
  return galley(["apply", path, "--yes", "--json", "--on", `ssh://root@${machine.address}`], machine);
}

test("holes keep their values whatever a command does with its own arguments", async () => {
  const ended = await apply(`
let s = "right"
observe f: string = sh"f() { echo \${s}; }; f wrong"
observe g: string = sh"set -- wrong; echo \${s}"
observe h: string = sh"shift; echo \${s}"
file "/o" { content = "\${f} \${g} \${h}\\n" }
`);
  expect([ended.status, (await machine.read("/o")).toString()]).toEqual([0, "right right right\n"]);
});

test("the helper of a guard hides no failure, and is named", async () => {
  const ended = await apply(`
execute "helped" {
  run    = sh"true"
  unless = sh"(while [ ! -e /tmp/end ]; do sleep 0.1; printf junk; printf 'junk\\n' >&2; done) & true"
}
execute "slow" {
  run    = sh"sleep 1; false"
  always = "fails"
}
execute "daemon" {
  run    = sh"sleep 987 & echo started"
  always = "leaves a process"
}
`);
  await machine.write("/tmp/end", "");
  expect(ended.status).toBe(3);
  const [host] = JSON.parse(ended.output).hosts;
  expect(host.status).toBe("failed");
  const results = host.steps.map((step: { resource: string; result: string }) => [step.resource, step.result]);
  expect(results).toContainEqual(['execute["slow"]', "failed"]);
  expect(results).toContainEqual(['execute["daemon"]', "changed"]);
  const left = host.steps.find((step: { resource: string }) => step.resource === 'execute["daemon"]');
  expect(left.message).toBe("left 1 process running (sleep), until the run ends: make it a service if it should go on");
  expect(ended.output + ended.errors).not.toContain("junk");
});
