import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { galley, startGalley } from "../hosts/galley.ts";
import { type Machine, startMachine } from "../hosts/machine.ts";

/**
 * The controller dies, the connection breaks, the machine goes down in the middle of an apply: the machine ends with every
 * file old or new, and the next apply converges.
 */
let machine: Machine;
let folder: string;
const files = 30;

beforeAll(async () => {
  machine = await startMachine({ name: "faults" });
  folder = mkdtempSync(join(tmpdir(), "galley-faults-"));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await machine.stop();
});

beforeEach(async () => {
  await machine.exec([
    "sh",
    "-c",
    "rm -rf /srv/faults; mkdir /srv/faults; for i in $(seq 30); do echo old >/srv/faults/$i; done",
  ]);
});

/** Thirty files, and half-way a command that waits until it is told to go on. */
function recipe(): string {
  const path = join(folder, "site.recipe");
  const half = files / 2;
  writeFileSync(
    path,
    `for i in [${Array.from({ length: half }, (_, at) => at + 1).join(", ")}] {
  file "/srv/faults/\${i}" { content = "new\\n" }
}
execute "wait" {
  run     = sh"touch /srv/faults/waiting; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do test -e /srv/faults/go && break; sleep 0.5; done; touch /srv/faults/waited"
  creates = "/srv/faults/waited"
  require ${Array.from({ length: half }, (_, at) => `file["/srv/faults/${at + 1}"]`).join(", ")}
}
for i in [${Array.from({ length: half }, (_, at) => at + 1 + half).join(", ")}] {
  file "/srv/faults/\${i}" {
    content = "new\\n"
    require execute["wait"]
  }
}
`,
  );
  return path;
}

const words = (address: string, port = 22) => ["apply", recipe(), "--yes", "--on", `ssh://root@${address}:${port}`];
const isThere = async (path: string) => (await machine.exec(["test", "-e", path])).code === 0;
const untilThere = (path: string) => expect.poll(() => isThere(path), { timeout: 30_000, interval: 100 }).toBe(true);
const untilIdle = () =>
  expect
    .poll(
      async () =>
        (await machine.exec(["sh", "-c", "ls /var/lib/galley/lock 2>/dev/null; pgrep -f '[r]unner' ; :"])).stdout,
      {
        timeout: 60_000,
      },
    )
    .toBe("");

/** Every file holds all of the old text or all of the new, and nothing else is left behind. */
async function expectWhole(): Promise<void> {
  const { stdout } = await machine.exec([
    "sh",
    "-c",
    "cd /srv/faults; cat -- $(seq 30) | sort | uniq -c | awk '{print $2}' | tr '\\n' ' '",
  ]);
  expect(
    stdout
      .trim()
      .split(" ")
      .filter((word) => word !== "new" && word !== "old"),
  ).toEqual([]);
  const other = await machine.exec(["sh", "-c", "ls -A /srv/faults | grep -vxE '[0-9]+|go|waited|waiting'; :"]);
  expect(other.stdout).toBe("");
}

async function expectConverges(): Promise<void> {
  await machine.write("/srv/faults/go", "");
  const next = await galley(words(machine.address), machine);
  expect(`${next.errors}${next.output}`).toContain("converged");
  expect(next.status).toBe(0);
  await expectWhole();
  expect((await machine.exec(["sh", "-c", "cd /srv/faults; cat -- $(seq 30) | sort | uniq -c"])).stdout.trim()).toBe(
    "30 new",
  );
  const again = await galley(
    ["plan", recipe(), "--detailed-exitcode", "--on", `ssh://root@${machine.address}`],
    machine,
  );
  expect(again.status).toBe(0);
}

test("SIGKILL to the controller: the machine finishes the run on its own", async () => {
  const running = startGalley(words(machine.address), machine);
  await untilThere("/srv/faults/waiting");
  running.child.kill("SIGKILL");
  await running.ended;
  await machine.write("/srv/faults/go", "");
  await untilThere("/srv/faults/waited");
  await untilIdle();
  await expectWhole();
  expect((await machine.exec(["sh", "-c", "cd /srv/faults; cat -- $(seq 30) | sort -u"])).stdout).toBe("new\n");
  await expectConverges();
});

test("a connection that is reset: the run goes on, is followed again, and reported whole", async () => {
  const relay = await machine.relay({});
  try {
    const running = startGalley(words(relay.address, relay.port), { home: relay.home });
    await untilThere("/srv/faults/waiting");
    relay.reset();
    await machine.write("/srv/faults/go", "");
    const ended = await running.ended;
    expect(ended.status).toBe(0);
    // Each step is told once, before the cut or after it.
    expect(ended.errors.match(/✓ file /g)).toHaveLength(files);
    expect(ended.errors.match(/✓ execute wait/g)).toHaveLength(1);
  } finally {
    await relay.close();
  }
  await expectConverges();
});

test("a connection that is gone for good: exit 4, and nothing is claimed; the machine is whole", async () => {
  const relay = await machine.relay({});
  const running = startGalley(words(relay.address, relay.port), { home: relay.home });
  await untilThere("/srv/faults/waiting");
  await relay.close();
  const ended = await running.ended;
  expect(ended.status).toBe(4);
  expect(ended.output).not.toMatch(/ converged:/);
  await machine.write("/srv/faults/go", "");
  await untilIdle();
  await expectWhole();
  await expectConverges();
});

test("SIGKILL to the runner on the machine: the next apply cleans up behind it and converges", async () => {
  const running = startGalley(words(machine.address), machine);
  await untilThere("/srv/faults/waiting");
  const { stdout } = await machine.exec([
    "sh",
    "-c",
    "systemctl list-units --no-legend --plain 'galley-*' | awk '{print $1}'",
  ]);
  const unit = stdout.trim();
  expect(unit).toMatch(/^galley-\S+\.service$/);
  await machine.exec(["systemctl", "kill", "--kill-whom=all", "-s", "SIGKILL", unit]);
  const ended = await running.ended;
  expect(ended.status).toBe(4);
  expect(ended.output).toContain("apply again");
  await expectWhole();
  await expectConverges();
});

test("Ctrl-C: the step under way ends, nothing new begins, exit 130", async () => {
  const running = startGalley(words(machine.address), machine);
  await untilThere("/srv/faults/waiting");
  running.child.kill("SIGINT");
  await running.says(/Stopping after the step under way/);
  await machine.write("/srv/faults/go", "");
  const ended = await running.ended;
  expect(ended.status).toBe(130);
  expect((await machine.read("/srv/faults/30")).toString()).toBe("old\n");
  await expectWhole();
  await expectConverges();
});

test.each([2_000, 6_000, 9_000, 14_000])(
  "the stream cut after %d bytes from the machine: nothing wrong is reported, the next apply converges",
  async (bytes) => {
    await machine.write("/srv/faults/go", "");
    const relay = await machine.relay({ cutAfter: bytes });
    try {
      const ended = await galley(words(relay.address, relay.port), { home: relay.home });
      if (ended.status === 0) expect(ended.output).toContain("converged");
      else expect(ended.status).toBe(4);
    } finally {
      await relay.close();
    }
    await untilIdle();
    await expectWhole();
    await expectConverges();
  },
);
