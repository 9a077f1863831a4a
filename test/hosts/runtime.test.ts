import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { applyPlan, resumeOrRecover } from "../../runtime/apply.ts";
import { connect } from "../../runtime/connect.ts";
import type { JournalEvent } from "../../runtime/journal.ts";
import { readFacts } from "../../runtime/read.ts";
import type { Session, Target } from "../../runtime/session.ts";
import { debian12 } from "../../stdlib/facts/debian-12.ts";
import { call, noteLibrary, plan, step, until } from "../open-shell.ts";
import { OPERATOR_PASSWORD } from "./base-tree.ts";
import { type Machine, startMachine, type User } from "./machine.ts";

/** The runtime against a booted machine: SSH, sudo, systemd, broken connections, full disks, and trees of files. */
let machine: Machine;
const sessions: Session[] = [];

beforeAll(async () => {
  machine = await startMachine({ name: "runtime", mounts: { "/srv/small": 1 } });
});
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()));
});
afterAll(() => machine.stop());

const tryOpen = async (target: Target, home = machine.home, askPassword?: () => Promise<string>) => {
  const opened = await connect(target, {
    library: noteLibrary,
    home,
    environment: { USER: "root" },
    ...(askPassword ? { askPassword } : {}),
  });
  if ("session" in opened) sessions.push(opened.session);
  return opened;
};
const open = async (target: Target, home?: string) => {
  const opened = await tryOpen(target, home);
  if ("session" in opened) return opened.session;
  throw new Error(opened.message);
};
const ssh = (user: User = "root"): Target => ({ type: "ssh", host: machine.address, user });
const sh = async (line: string) => (await machine.exec(["sh", "-c", line])).stdout;
const wait = 'while [ ! -e "$1" ]; do sleep 0.05; done';

test("facts of the machine", async () => {
  const { facts, missing } = await readFacts(await open(ssh()));
  expect(facts).toMatchObject({
    name: machine.address,
    hostname: "runtime",
    // What the recorded facts say of any Debian 12, which `check` compiles for, is what this one says.
    os: debian12.os,
    address: machine.address,
    init: debian12.init,
    package_manager: debian12.package_manager,
  });
  expect(missing).toEqual([]);
});

test("logins that are not root: sudo without and with a password, and none", async () => {
  const id = async (session: Session) => Buffer.from((await session.run({ script: "id -un" })).output).toString();
  expect(await id(await open(ssh("admin")))).toBe("root\n");
  const operator = await tryOpen(ssh("operator"), machine.home, async () => OPERATOR_PASSWORD);
  expect("session" in operator && (await id(operator.session))).toBe("root\n");
  expect(await tryOpen(ssh("operator"), machine.home, async () => "wrong")).toMatchObject({
    failure: "refused",
    message: "sudo did not take the password",
  });
  expect(await tryOpen(ssh("operator"))).toMatchObject({
    failure: "refused",
    message: "sudo on the target asks for a password, and there is no terminal to ask for it",
  });
  expect(await tryOpen(ssh("plain"), machine.home, async () => "x")).toMatchObject({ failure: "refused" });
});

test("a run is a unit of its own, with a folder that goes with it", async () => {
  const report = await applyPlan(
    plan([
      step(1, {
        calls: [call("run_command", "", "", 'cat /proc/self/cgroup >"$1"; ls -ld /run/galley/* >>"$1"', "/tmp/where")],
      }),
    ]),
    new Map(),
    await open(ssh()),
    { runId: "run-unit" },
  );
  expect(report.steps).toMatchObject([{ result: "ok" }]);
  const where = await sh(
    "cat /tmp/where; ls -A /run/galley; systemctl list-units --all --plain --no-legend 'galley-*'",
  );
  expect(where).toMatch(/^0::\/system\.slice\/galley-run-unit\.service$/m);
  expect(where).toMatch(/^drwx------ .* \/run\/galley\/run-unit\n$/m);
});

test("after kill -9 of the runner its step goes with it, and the next run cleans up", async () => {
  const session = await open(ssh());
  const interrupted = applyPlan(plan([step(1, { calls: [call("note_nap", "/srv/nap", "60")] })]), new Map(), session, {
    runId: "run-killed",
  });
  const temps = () => readdirSync(join(machine.root, "srv")).filter((name) => name.startsWith(".galley-"));
  await until(() => temps().length === 1);
  await sh("kill -9 $(sed -n 's/^pid //p' /var/lib/galley/lock)");
  expect((await interrupted).lost).toContain("it was killed, or the machine was restarted");
  expect(await sh("pgrep -x sleep")).toBe("");
  expect(await resumeOrRecover(session)).toEqual({ alive: false, recovered: "run-killed" });
  expect(temps()).toEqual([]);
});

test("a connection that is reset in the middle is taken up again where it was", async () => {
  const relay = await machine.relay({});
  const target: Target = { type: "ssh", host: relay.address, port: relay.port };
  const events: JournalEvent[] = [];
  const running = applyPlan(
    plan([
      step(1, { calls: [call("note_append", "/srv/log", "one")] }),
      step(2, { calls: [call("run_command", "", "", wait, "/srv/go")] }),
      step(3, { calls: [call("note_append", "/srv/log", "three")] }),
    ]),
    new Map(),
    await open(target, relay.home),
    {
      onEvent: (event) => events.push(event),
      reconnect: async () => {
        await machine.write("/srv/go", "");
        return open(target, relay.home);
      },
    },
  );
  await until(() => events.some((event) => event.type === "start" && event.step === 2));
  relay.reset();
  const report = await running;
  expect(report.steps.map(({ id, result }) => [id, result])).toEqual([
    [1, "ok"],
    [2, "ok"],
    [3, "ok"],
  ]);
  expect(events.map((event) => event.type)).toEqual([
    "begin",
    "start",
    "done",
    "start",
    "done",
    "start",
    "done",
    "end",
  ] satisfies JournalEvent["type"][]);
  expect(await sh("cat /srv/log; rm /srv/log /srv/go")).toBe("one\nthree\n");
  await relay.close();
});

test("packets that vanish are noticed, and the run is taken up again", async () => {
  const relay = await machine.relay({});
  const opened = await connect(
    { type: "ssh", host: relay.address, port: relay.port },
    { library: noteLibrary, home: relay.home, environment: { USER: "root" }, keepaliveMilliseconds: 300 },
  );
  if (!("session" in opened)) throw new Error(opened.message);
  sessions.push(opened.session);
  const events: JournalEvent[] = [];
  const running = applyPlan(
    plan([step(1, { calls: [call("run_command", "", "", wait, "/srv/go")] }), step(2)]),
    new Map(),
    opened.session,
    {
      onEvent: (event) => events.push(event),
      reconnect: async () => {
        await machine.write("/srv/go", "");
        return open(ssh());
      },
    },
  );
  await until(() => events.some((event) => event.type === "start"));
  relay.hang();
  const report = await running;
  expect(report.steps.map(({ id, result }) => [id, result])).toEqual([
    [1, "ok"],
    [2, "ok"],
  ]);
  expect(report.session).not.toBe(opened.session);
  await sh("rm /srv/go");
  await relay.close();
});

test("wherever the connection is cut, nothing wrong is reported and nothing happens twice", async () => {
  const steps = [1, 2, 3, 4, 5].map((id) => step(id, { calls: [call("note_append", "/srv/cut", String(id))] }));
  /** One apply whose connection is reset after so many bytes from the host. */
  const applyCut = async (cutAfter: number): Promise<"not connected" | "cut" | "whole"> => {
    const relay = await machine.relay({ cutAfter });
    try {
      const opened = await tryOpen({ type: "ssh", host: relay.address, port: relay.port }, relay.home);
      if ("failure" in opened) {
        expect([cutAfter, await sh("cat /srv/cut 2>/dev/null")]).toEqual([cutAfter, ""]);
        return "not connected";
      }
      const report = await applyPlan(plan(steps), new Map(), opened.session, { reconnect: () => open(ssh()) });
      expect([cutAfter, report.steps.map(({ id, result }) => [id, result]), report.lost]).toEqual([
        cutAfter,
        steps.map(({ id }) => [id, "ok"]),
        undefined,
      ]);
      expect([cutAfter, await sh("cat /srv/cut; rm /srv/cut")]).toEqual([cutAfter, "1\n2\n3\n4\n5\n"]);
      return report.session === opened.session ? "whole" : "cut";
    } finally {
      await relay.close();
    }
  };
  const outcomes: string[] = [];
  // In great leaps through the handshake, in small ones through the run.
  for (let cutAfter = 1024; outcomes.at(-1) !== "whole"; cutAfter += outcomes.includes("cut") ? 128 : 512) {
    outcomes.push(await applyCut(cutAfter));
  }
  expect(new Set(outcomes)).toEqual(new Set(["not connected", "cut", "whole"]));
});

test("a run that does not fit on the disk is refused, and leaves nothing behind", async () => {
  const session = await open(ssh());
  const digest = "ab".repeat(32);
  await sh("mkdir -p /var/lib/galley && mount --bind /srv/small /var/lib/galley");
  const report = await applyPlan(
    plan([step(1, { calls: [call("note_copy", "/srv/never", { blob: digest })] })]),
    new Map([[digest, Buffer.alloc(3_000_000)]]),
    session,
  );
  expect(report.refused).toMatch(/No space left on device; the run could not be stored in \/var\/lib\/galley\/run$/);
  expect(report.steps).toEqual([]);
  expect(await sh("find /var/lib/galley -type f; umount /var/lib/galley; ls /srv/never 2>&1")).toMatch(/^ls: cannot/);
});

test("a tree of files is worked on as a machine that is switched off", async () => {
  const tree: Target = { type: "root", path: machine.root };
  const session = await open(tree);
  expect((await readFacts(session)).facts).toMatchObject({ hostname: expect.any(String), init: "systemd" });
  const look =
    'ps -e -o pid= | wc -l >"$1"; ls /dev >>"$1"; /usr/sbin/policy-rc.d; echo "policy $?" >>"$1"; echo x >/dev/null';
  const report = await applyPlan(
    plan([
      step(1, {
        notifies: [{ resource: "web", event: "restart" }],
        calls: [call("note_apply", "/srv/in-the-tree", "x")],
      }),
      step(2, { calls: [call("run_command", "", "", look, "/srv/look")] }),
      step(3, { resource: "web", reactions: [{ event: "restart", calls: [call("note_fail", "nothing runs here")] }] }),
    ]),
    new Map(),
    session,
  );
  expect(report.steps.map(({ result, message }) => message ?? result)).toEqual(["changed", "ok", "ok"]);
  await session.close();
  const below = (path: string) => join(machine.root, path);
  expect(readFileSync(below("srv/in-the-tree"), "utf8")).toBe("x\n");
  const seen = readFileSync(below("srv/look"), "utf8");
  expect(seen).toContain("\nnull\n");
  expect(seen).toContain("\npolicy 101\n");
  expect(Number(seen.split("\n")[0])).toBeLessThan(15);
  await until(() => !existsSync(below("usr/sbin/policy-rc.d")));
  expect(existsSync(below("var/lib/galley/lock"))).toBe(false);
  expect(await tryOpen({ type: "root", path: below("no/such/tree") })).toMatchObject({ failure: "refused" });
});

test("a run in a tree outlives its controller and keeps the lock until it is done", async () => {
  const tree: Target = { type: "root", path: machine.root };
  const session = await open(tree);
  const below = (path: string) => join(machine.root, path);
  const events: JournalEvent[] = [];
  const running = applyPlan(
    plan([
      step(1, {
        calls: [call("run_command", "", "", `${wait}; echo >/srv/finished`, "/srv/tree-go")],
      }),
    ]),
    new Map(),
    session,
    { runId: "run-tree", onEvent: (event) => events.push(event) },
  );
  await until(() => events.some((event) => event.type === "start"));
  await session.close();
  expect((await running).lost).toContain("its end is not known");
  const other = await open(tree);
  expect((await readFacts(other)).lock).toMatchObject({ run: "run-tree", alive: true });
  const refused = await applyPlan(plan([step(1)]), new Map(), other);
  expect(refused.refused).toContain("run run-tree of somebody holds the host");
  await other.run({ script: "echo >/srv/tree-go" });
  await until(() => existsSync(below("srv/finished")) && !existsSync(below("var/lib/galley/lock")));
});

/** Starts a run in the tree that waits in its first step, as `run-NAME`; gives what its journal says of who runs it. */
async function waitingRun(name: string): Promise<Awaited<ReturnType<typeof open>>> {
  const session = await open({ type: "root", path: machine.root });
  const events: JournalEvent[] = [];
  const steps = [step(1, { calls: [call("run_command", "", "", wait, `/srv/go-${name}`)] }), step(2)];
  void applyPlan(plan(steps), new Map(), session, {
    runId: `run-${name}`,
    onEvent: (event) => events.push(event),
  });
  await until(() => events.some((event) => event.type === "start"));
  return session;
}

/** A field of the tree's lock, as numbers. */
function lockField(name: string): readonly number[] {
  const record = readFileSync(join(machine.root, "var/lib/galley/lock"), "utf8");
  return (new RegExp(`^${name} (.+)$`, "m").exec(record)?.[1] ?? "").split(" ").map(Number);
}

/** A process on this machine by its number inside the namespaces of a process of ours. */
function outerNumber(opener: number, inner: number): number {
  const found = readdirSync("/proc").find((name) => {
    const status = /^[0-9]+$/.test(name) ? readStatus(name) : "";
    const numbers = /^NSpid:\t(.*)$/m.exec(status)?.[1]?.split("\t") ?? [];
    return numbers.length > 1 && Number(numbers.at(-1)) === inner && isBelow(Number(name), opener);
  });
  if (found === undefined) throw new Error(`no process ${inner} below ${opener}`);
  return Number(found);
}

function readStatus(name: string): string {
  try {
    return readFileSync(`/proc/${name}/status`, "utf8");
  } catch {
    return "";
  }
}

function isBelow(process: number, ancestor: number): boolean {
  for (let at = process; at > 1; at = Number(/^PPid:\t(\d+)$/m.exec(readStatus(String(at)))?.[1] ?? 0)) {
    if (at === ancestor) return true;
  }
  return false;
}

test.each(["runner", "opener"])(
  "a tree whose %s was killed can be worked on again, and is left alone before",
  async (victim) => {
    const session = await waitingRun(victim);
    const [opener = 0] = lockField("pid");
    const [inner = 0] = lockField("inner");
    const other = await open({ type: "root", path: machine.root });
    expect((await readFacts(other)).lock).toMatchObject({ run: `run-${victim}`, alive: true });
    expect(await resumeOrRecover(other)).toMatchObject({ alive: true });
    await other.close();
    process.kill(victim === "runner" ? outerNumber(opener, inner) : opener, "SIGKILL");
    await session.close();
    await until(() => !existsSync(`/proc/${opener}`));
    const next = await open({ type: "root", path: machine.root });
    expect((await readFacts(next)).lock).toMatchObject({ run: `run-${victim}`, alive: false });
    const report = await applyPlan(
      plan([step(1, { calls: [call("note_apply", `/srv/after-${victim}`, "x")] })]),
      new Map(),
      next,
    );
    expect(report.steps).toMatchObject([{ result: "changed" }]);
    await next.close();
    await until(() => !existsSync(join(machine.root, "var/lib/galley/lock")));
  },
);
