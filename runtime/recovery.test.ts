import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { afterEach, expect, test } from "vitest";
import { type Bench, call, filesBelow, makeBench, plan, step, until } from "../test/open-shell.ts";
import { shells } from "../test/verbs/shells.ts";
import { applyPlan, resumeOrRecover } from "./apply.ts";
import { readFacts } from "./read.ts";
import type { ConnectFailure, Session } from "./session.ts";

const killed = "the run on bench stopped before its end: it was killed, or the machine was restarted";

let bench: Bench | undefined;
afterEach(async () => bench?.remove());

/** The process that runs the steps, by the lock. */
function runnerOf({ path }: Bench): number {
  return Number(/^pid (\d+)$/m.exec(readFileSync(path("state/lock"), "utf8"))?.[1]);
}

const service = (id: number, log: string) =>
  step(id, { resource: "web", reactions: [{ event: "reload", calls: [call("note_append", log, "reload")] }] });

for (const shell of shells) {
  test(`${shell.name}: after kill -9 of a run the next one cleans up, and nothing owed is lost`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    const session = await bench.open();
    const interrupted = applyPlan(
      plan([
        step(1, { notifies: [{ resource: "web", event: "reload" }], calls: [call("note_apply", path("a"), "x")] }),
        step(2, { notifies: [{ resource: "web", event: "reload" }], calls: [call("note_nap", path("b"), "0.4")] }),
        service(3, path("log")),
      ]),
      new Map(),
      session,
      { runId: "run-1" },
    );
    const leftovers = () => filesBelow(path(".")).filter((file) => file.startsWith(".galley-"));
    await until(() => leftovers().some((file) => file.includes("-2-")));
    process.kill(runnerOf(bench), "SIGKILL");
    const lost = await interrupted;
    expect(lost.lost).toBe(killed);
    expect(lost.steps).toMatchObject([{ id: 1, result: "changed" }]);

    const after = await readFacts(session);
    expect(after.lock).toMatchObject({ run: "run-1", alive: false });
    expect(after.owed.map(({ resource, event, cause }) => [resource, event, cause])).toEqual(
      expect.arrayContaining([["web", "reload", 'note["1"]']]),
    );

    const again = await applyPlan(plan([service(1, path("log"))]), new Map(), session, { runId: "run-2" });
    expect(again.steps).toMatchObject([{ result: "changed" }]);
    expect(bench.read("log")).toBe("reload\n");
    expect(leftovers()).toEqual([]);
    expect((await readFacts(session)).owed).toEqual([]);
    expect(bench.read("state/run/run-1/journal")).toMatch(/ end lost \.\n$/);
    expect(filesBelow(path("state/run/run-1"))).not.toContain("library.sh");
    expect(existsSync(path("state/lock"))).toBe(false);
  });
}

test("a killed run is cleaned up on request, and its step in flight is waited for", async () => {
  bench = makeBench();
  const { path } = bench;
  const session = await bench.open();
  const nap = 'echo >"$1"; sleep 1; echo done >"$2"';
  const interrupted = applyPlan(
    plan([step(1, { calls: [call("run_command", "", "", nap, path("began"), path("finished"))] })]),
    new Map(),
    session,
    { runId: "run-1" },
  );
  await until(() => existsSync(path("began")));
  process.kill(runnerOf(bench), "SIGKILL");
  const other = await bench.open();
  expect(await resumeOrRecover(other)).toEqual({ alive: false, recovered: "run-1" });
  expect(bench.read("finished")).toBe("done\n");
  expect((await interrupted).lost).toBe(killed);
  expect(await resumeOrRecover(other)).toEqual({ alive: false });
});

test("a living run is not taken for a killed one", async () => {
  bench = makeBench();
  const { path } = bench;
  const session = await bench.open();
  const wait = 'echo >"$1"; while [ ! -e "$2" ]; do sleep 0.1; done';
  const running = applyPlan(
    plan([step(1, { calls: [call("run_command", "", "", wait, path("began"), path("go"))] })]),
    new Map(),
    session,
  );
  await until(() => existsSync(path("began")));
  expect(await resumeOrRecover(await bench.open())).toEqual({ alive: true });
  writeFileSync(path("go"), "");
  expect((await running).steps).toMatchObject([{ result: "ok" }]);
});

test("a lock from before a reboot, and one whose process number was given to another, are stale", async () => {
  bench = makeBench();
  const session = await bench.open();
  await session.run({ script: 'mkdir -p "$GALLEY_STATE"' });
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  const record = (pid: number, start: string, bootId: string) =>
    `run run-1\npid ${pid}\nstart ${start}\nboot ${bootId}\nsince x\nwho me\n`;
  const start = readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ")[19] ?? "";
  const cases = [
    [record(process.pid, start, boot), true],
    [record(process.pid, `${start}0`, boot), false],
    [record(process.pid, start, "another-boot"), false],
    // A power cut can leave an empty file.
    ["", undefined],
  ] as const;
  for (const [text, alive] of cases) {
    writeFileSync(bench.path("state/lock"), text);
    expect((await readFacts(session)).lock?.alive).toBe(alive);
  }
  const report = await applyPlan(plan([step(1)]), new Map(), session);
  expect(report.steps).toMatchObject([{ result: "ok" }]);
});

test("a cut connection stops nothing: the rest is told over the next one, each event once", async () => {
  bench = makeBench();
  const { path } = bench;
  const session = await bench.open();
  const started: number[] = [];
  const wait = 'while [ ! -e "$1" ]; do sleep 0.05; done';
  const running = applyPlan(
    plan([
      step(1, { calls: [call("note_apply", path("a"), "x")] }),
      step(2, { calls: [call("run_command", "", "", wait, path("go"))] }),
      step(3, { calls: [call("note_apply", path("b"), "x")] }),
    ]),
    new Map(),
    session,
    {
      onEvent: (event) => {
        if (event.type === "start") started.push(event.step);
      },
      reconnect: async () => {
        writeFileSync(path("go"), "");
        return (bench ?? makeBench()).open();
      },
    },
  );
  await until(() => started.length === 2);
  await session.close();
  const report = await running;
  expect(report.steps.map(({ id, result }) => [id, result])).toEqual([
    [1, "changed"],
    [2, "ok"],
    [3, "changed"],
  ]);
  expect(started).toEqual([1, 2, 3]);
  expect(report.session).not.toBe(session);
  expect(report.lost).toBeUndefined();
});

test("when nobody can connect again, the run is lost from sight, not stopped", async () => {
  bench = makeBench();
  const { path } = bench;
  const session = await bench.open();
  const unreachable: ConnectFailure = { failure: "unreachable", message: "the connection was refused", hints: [] };
  const wait = 'echo >"$1"; while [ ! -e "$2" ]; do sleep 0.05; done; echo >"$3"';
  const tries: number[] = [];
  const running = applyPlan(
    plan([step(1, { calls: [call("run_command", "", "", wait, path("began"), path("go"), path("finished"))] })]),
    new Map(),
    session,
    {
      reconnect: async (): Promise<Session | ConnectFailure> => {
        tries.push(1);
        return unreachable;
      },
    },
  );
  await until(() => existsSync(path("began")));
  await session.close();
  const report = await running;
  expect(report.lost).toBe(
    "the connection to bench is gone (the connection was refused); the run there does not need it, and its end is not known",
  );
  expect(tries.length).toBe(3);
  writeFileSync(path("go"), "");
  await until(() => existsSync(path("finished")) && !existsSync(path("state/lock")));
});

test("a controller that is killed does not take the run with it", async () => {
  bench = makeBench();
  const { path } = bench;
  const script = `
    import { makeBench, plan, step, call } from "./test/open-shell.ts";
    import { applyPlan } from "./runtime/apply.ts";
    const bench = makeBench();
    console.log(bench.folder);
    const wait = 'echo >"$1"; while [ ! -e "$2" ]; do sleep 0.05; done';
    await applyPlan(plan([
      step(1, { calls: [call("run_command", "", "", wait, bench.path("began"), bench.path("go"))] }),
      step(2, { calls: [call("note_apply", bench.path("after"), "x")] }),
    ]), new Map(), await bench.open());
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
    cwd: new URL("..", import.meta.url),
  });
  let folder = "";
  child.stdout.on("data", (chunk: Buffer) => (folder += chunk.toString()));
  await until(() => folder.endsWith("\n"));
  const other = (name: string) => `${folder.trim()}/${name}`;
  await until(() => existsSync(other("began")));
  child.kill("SIGKILL");
  writeFileSync(other("go"), "");
  await until(() => existsSync(other("after")) && !existsSync(other("state/lock")));
  expect(readFileSync(other("after"), "utf8")).toBe("x\n");
  await until(() => filesBelow(other("state/run")).length === 7);
  writeFileSync(path("remove"), "");
  const { rmSync } = await import("node:fs");
  rmSync(folder.trim(), { recursive: true, force: true });
});
