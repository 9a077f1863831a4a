import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, galley } from "./galley.ts";
import { type Machine, startMachine } from "./machine.ts";

/** What is mounted on a real machine: the plan says what the kernel will refuse. */
let machine: Machine;
let folder: string;

beforeAll(async () => {
  machine = await startMachine({ name: "mounts" });
  folder = mkdtempSync(join(tmpdir(), "galley-mounts-"));
  await sh(`mkdir -p /srv/point "/srv/read only" /srv/plain
echo mounted >/srv/behind; echo old >/srv/conf
mount --bind /srv/behind /srv/conf
mount -t tmpfs none /srv/point
mount -t tmpfs none "/srv/read only"
echo kept >"/srv/read only/kept"; chmod 644 "/srv/read only/kept"
mount -o remount,ro "/srv/read only"
ln -s "read only" /srv/link`);
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await machine.stop();
});

function sh(script: string) {
  return machine.exec(["sh", "-ec", script]);
}

function run(command: "apply" | "plan", recipe: string): Promise<Ended> {
  const file = join(folder, "site.recipe");
  writeFileSync(file, recipe);
  const words = [command, file, "--on", `ssh://root@${machine.address}`, ...(command === "apply" ? ["--yes"] : [])];
  return galley(words, { home: machine.home });
}

test("what cannot be replaced or removed because something is mounted there is an error of the plan, with its place", async () => {
  const ended = await run(
    "plan",
    `file "/srv/conf" { content = "new\\n" }\ndirectory "/srv/point" { state = "absent" }\n`,
  );
  expect(ended.status).toBe(1);
  expect(ended.errors).toContain('error[P330]: file["/srv/conf"] cannot be replaced on');
  expect(ended.errors).toContain("site.recipe:1:1");
  expect(ended.errors).toContain('error[P330]: directory["/srv/point"] cannot be removed on');
  expect(ended.errors).toContain("site.recipe:2:1");
});

test("owner and mode of what is mounted change in place", async () => {
  const ended = await run(
    "apply",
    `file "/srv/conf" { mode = 0600 }\ndirectory "/srv/point" { mode = 0700 }\nfile "/srv/point/x" { content = "x\\n" }\n`,
  );
  expect(`${ended.errors}${ended.output}`).toContain("converged");
  expect(ended.status).toBe(0);
});

test("a change on a read-only mount is an error of the plan, by whatever path; what is as wanted is none", async () => {
  const ended = await run("plan", `file "/srv/link/new" { content = "x\\n" }\n`);
  expect(ended.status).toBe(1);
  expect(ended.errors).toContain("/srv/read only/new is on a read-only mount");
  expect(ended.errors).toContain("/srv/read only (tmpfs) is mounted read-only");
  const kept = await run("plan", `file "/srv/read only/kept" { content = "kept\\n" }\n`);
  expect(kept.output).toContain("Nothing to change");
});

test("a command before that makes the mount writable leaves it to the run", async () => {
  const ended = await run(
    "apply",
    `execute "remount" {
  run    = sh"mount -o remount,rw '/srv/read only'"
  unless = sh"test -w '/srv/read only'"
}
file "/srv/read only/new" { content = "x\\n", require execute["remount"] }
`,
  );
  expect(`${ended.errors}${ended.output}`).toContain("converged");
  expect(ended.status).toBe(0);
});
