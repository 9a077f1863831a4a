import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { galley, type Running, startGalley } from "./galley.ts";
import { type Machine, startMachine } from "./machine.ts";

/** What becomes of a run whose galley is gone: the next call follows it, and nothing is claimed that was not seen. */
let machine: Machine;
let folder: string;
let on: readonly string[];

beforeAll(async () => {
  machine = await startMachine({ name: "attach" });
  folder = mkdtempSync(join(tmpdir(), "galley-attach-"));
  on = ["--on", `ssh://root@${machine.address}`];
});
afterEach(async () => {
  await machine.exec(["sh", "-c", "touch /srv/go; sleep 0.3; while [ -e /var/lib/galley/lock ]; do sleep 0.1; done"]);
  await machine.exec(["sh", "-c", "rm -rf /srv/*"]);
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await machine.stop();
});

/** A recipe whose second of three steps waits for `/srv/go`, and then succeeds or fails. */
function waiting(then = "true"): string {
  const recipe = join(folder, "waiting.recipe");
  writeFileSync(
    recipe,
    `file "/srv/first" { content = "first\\n" }

execute "wait" {
  run    = sh"touch /srv/waits; while [ ! -e /srv/go ]; do sleep 0.05; done; touch /srv/waited; ${then}"
  unless = sh"test -e /srv/waited"
  require file["/srv/first"]
}

file "/srv/last" {
  content = "last\\n"
  require execute["wait"]
}
`,
  );
  return recipe;
}

/** Starts an apply and kills it when its second step is under way. */
async function abandoned(recipe: string, where = on): Promise<void> {
  const running = startGalley(["apply", recipe, "--yes", ...where], machine);
  await reachedWait(running);
  running.child.kill("SIGKILL");
  await running.ended;
}

async function reachedWait(running: Running): Promise<void> {
  const wait = machine.exec(["sh", "-c", "while [ ! -e /srv/waits ]; do sleep 0.05; done"]);
  await Promise.race([wait, running.ended]);
}

const go = () => machine.exec(["touch", "/srv/go"]);

test("the next apply follows the run of a galley that was killed, then reads and plans", async () => {
  const recipe = waiting();
  await abandoned(recipe);

  const refused = await galley(["apply", recipe, "--yes", "--no-wait", ...on], machine);
  expect(refused.status).toBe(6);
  expect(refused.errors).toMatch(/another run is at work there: run [\w-]+ of root@\S+, process \d+, since 2\S+Z/);
  const planned = await galley(["plan", recipe, ...on], machine);
  expect(planned.status).toBe(0);
  expect(planned.errors).toMatch(/run [\w-]+ of root@\S+ is at work there since 2\S+Z/);

  const next = startGalley(["apply", recipe, "--yes", ...on], machine);
  await next.says(/is at work since 2\S+Z: 1 of 3 steps done; following it to its end/);
  await go();
  const { errors, output, status } = await next.ended;
  expect(status, errors + output).toBe(0);
  // The steps that had ended before are counted and not shown again.
  expect(errors).not.toContain("[1/3]");
  expect(errors).toMatch(/\[2\/3\] ✓ .*execute wait/);
  expect(errors).toMatch(/\[3\/3\] ✓ .*\/srv\/last/);
  expect(errors).toMatch(/run [\w-]+ of root@\S+ succeeded: 3 changes, 0 as they should be/);
  expect(output).toContain("Nothing to change");
  expect(output).toContain("converged");
});

test("a run in a tree of files is followed by the next apply as well", async () => {
  const recipe = waiting();
  const tree = ["--on", `root:${machine.root}`];
  await abandoned(recipe, tree);
  const next = startGalley(["apply", recipe, "--yes", ...tree], machine);
  await next.says(/1 of 3 steps done; following it to its end/);
  await go();
  const { errors, output, status } = await next.ended;
  expect(status, errors + output).toBe(0);
  expect(output).toContain("converged");
});

test("attach shows the rest of a run that fails, and ends with its status", async () => {
  await abandoned(waiting("echo no luck >&2; exit 7"));
  const attach = startGalley(["attach", ...on], machine);
  await attach.says(/following it to its end/);
  await go();
  const { output, status } = await attach.ended;
  expect(status).toBe(3);
  expect(output).toContain("no luck");
  expect(output).toContain("did not succeed (failed): 1 change, 1 failed, 1 skipped");
  expect(output).not.toContain("converged");
});

test("attach in JSON, and where nothing is at work", async () => {
  await abandoned(waiting());
  const attach = startGalley(["attach", "--json", ...on], machine);
  await attach.says(/following it to its end/);
  await go();
  const { output, status } = await attach.ended;
  expect(status).toBe(0);
  expect(JSON.parse(output)).toMatchObject({
    hosts: [
      {
        status: "succeeded",
        who: expect.stringMatching(/^root@/),
        steps: [
          { resource: 'file["/srv/first"]', result: "changed" },
          { resource: 'execute["wait"]', result: "changed" },
          { resource: 'file["/srv/last"]', result: "changed" },
        ],
      },
    ],
    summary: { changed: 3, failed: 0 },
  });
  const idle = await galley(["attach", ...on], machine);
  expect(idle).toMatchObject({ status: 0, output: expect.stringContaining("no run is at work") });
});

test("leaving attach leaves the run alone", async () => {
  await abandoned(waiting());
  const attach = startGalley(["attach", ...on], machine);
  await attach.says(/following it to its end/);
  attach.child.kill("SIGINT");
  const left = await attach.ended;
  expect(left.status).toBe(130);
  expect(left.errors).toMatch(/Left; run [\w-]+ of root@\S+ goes on/);
  const again = startGalley(["attach", ...on], machine);
  await again.says(/following it to its end/);
  await go();
  expect((await again.ended).status).toBe(0);
});

test("a saved plan waits as well, and is stale after what the run did", async () => {
  const recipe = waiting();
  const saved = join(folder, "saved.plan");
  expect((await galley(["plan", recipe, "-o", saved, ...on], machine)).status).toBe(0);
  await abandoned(recipe);
  expect((await galley(["apply", saved, "--yes", "--no-wait"], machine)).status).toBe(6);
  const next = startGalley(["apply", saved, "--yes"], machine);
  await next.says(/following it to its end/);
  await go();
  const { output, status } = await next.ended;
  expect(status).toBe(5);
  expect(output).toContain("has changed since the plan was made");
});

test("a run that is killed while it is followed is not called ended", async () => {
  const recipe = waiting();
  await abandoned(recipe);
  const attach = startGalley(["attach", ...on], machine);
  await attach.says(/following it to its end/);
  await machine.exec(["sh", "-c", "kill -9 $(sed -n 's/^pid //p' /var/lib/galley/lock)"]);
  const { output, status } = await attach.ended;
  expect(status).toBe(4);
  expect(output).toContain("it was killed, or the machine was restarted");
  await go();
  const next = await galley(["apply", recipe, "--yes", ...on], machine);
  expect(next.status, next.errors + next.output).toBe(0);
  expect(next.output).toContain("converged");
});

test("the second Ctrl-C says of a run only what its host has confirmed", async () => {
  const running = startGalley(["apply", waiting(), "--yes", ...on], machine);
  await reachedWait(running);
  running.child.kill("SIGINT");
  await running.says(/Stopping after the step under way/);
  await machine.exec([
    "sh",
    "-c",
    "while ! ls /var/lib/galley/run/*/stop >/dev/null 2>&1; do sleep 0.05; done; sleep 0.5",
  ]);
  running.child.kill("SIGINT");
  const { errors, status } = await running.ended;
  expect(status).toBe(130);
  expect(errors).toContain("nothing is begun after it");
  await go();
  await machine.exec(["sh", "-c", "while [ -e /var/lib/galley/lock ]; do sleep 0.1; done"]);
  expect((await machine.exec(["ls", "/srv"])).stdout).not.toContain("last");
});
