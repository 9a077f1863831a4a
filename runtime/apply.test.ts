import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import type { Condition } from "../compiler/catalog.ts";
import { type Bench, call, filesBelow, makeBench, plan, step, until } from "../test/open-shell.ts";
import { shells } from "../test/verbs/shells.ts";
import { applyPlan } from "./apply.ts";
import type { JournalEvent } from "./journal.ts";
import { readFacts } from "./read.ts";

let bench: Bench | undefined;
afterEach(async () => bench?.remove());

const shown = (report: Awaited<ReturnType<typeof applyPlan>>) =>
  report.steps.map(({ id, result, message }) => [id, result, ...(message === undefined ? [] : [message])]);

for (const shell of shells) {
  test(`${shell.name}: steps change, find nothing to do, fail with their last words, and stop only what needs them`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    writeFileSync(path("same"), "line\n");
    const session = await bench.open();
    const report = await applyPlan(
      plan([
        step(1, { calls: [call("note_apply", path("new"), "  odd\\ line $(id) ")] }),
        step(2, { calls: [call("note_apply", path("same"), "line")] }),
        step(3, { calls: [call("note_append", path("log"), "three"), call("note_fail", "it\\n is\nbroken")] }),
        step(4, { requires: [1, 3], calls: [call("note_apply", path("never"), "x")] }),
        step(5, { requires: [4], calls: [call("note_apply", path("never"), "x")] }),
        step(6, { requires: [1, 2], calls: [call("note_apply", path("last\nname \\n"), "x")] }),
      ]),
      new Map(),
      session,
      { runId: "run-1" },
    );
    expect(shown(report)).toEqual([
      [1, "changed"],
      [2, "ok"],
      [3, "failed", "ended with status 1\nsome output\nit\\n is\nbroken"],
      [4, "skipped", 'needs note["3"], which did not succeed'],
      [5, "skipped", 'needs note["4"], which did not succeed'],
      [6, "changed"],
    ]);
    expect(report).toMatchObject({ runId: "run-1", interrupted: false });
    expect([report.lost, report.refused, report.owner]).toEqual([undefined, undefined, undefined]);
    expect(bench.read("new")).toBe("  odd\\ line $(id) \n");
    expect(bench.read("last\nname \\n")).toBe("x\n");
    expect(existsSync(path("never"))).toBe(false);
    // Of the run only its journal and what describes it stay; the bytes and the lock are gone.
    expect(filesBelow(path("state"))).toEqual(
      ["journal", "manifest.json", "order", "owner", "run.sh", "token", "who"].map((name) => `run/run-1/${name}`),
    );
    expect(readdirSync(path("volatile"))).toEqual([]);
  });

  test(`${shell.name}: a step whose resource is not as the plan saw it fails and touches nothing`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    writeFileSync(path("edited"), "by hand\n");
    const session = await bench.open();
    const report = await applyPlan(
      plan([
        step(1, {
          fingerprint: "absent",
          identity: [path("edited")],
          calls: [call("note_apply", path("edited"), "x")],
        }),
        step(2, {
          fingerprint: "by hand",
          identity: [path("edited")],
          calls: [call("note_apply", path("edited"), "y")],
        }),
      ]),
      new Map(),
      session,
    );
    expect(shown(report)).toEqual([
      [1, "failed", "changed since the plan"],
      [2, "changed"],
    ]);
  });

  test(`${shell.name}: bytes arrive as they were sent, also none`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, at) => (at * 7) % 256));
    const blobs = new Map(
      [bytes, Buffer.alloc(0)].map((each) => [createHash("sha256").update(each).digest("hex"), each]),
    );
    const [digest = "", empty = ""] = blobs.keys();
    const session = await bench.open();
    const report = await applyPlan(
      plan([
        step(1, { calls: [call("note_copy", path("big"), { blob: digest })] }),
        step(2, { calls: [call("note_copy", path("empty"), { blob: empty })] }),
        step(3, { calls: [call("run_argv", "", "", "cmp", path("big"), { blob: digest })] }),
      ]),
      blobs,
      session,
    );
    expect(shown(report)).toEqual([
      [1, "changed"],
      [2, "changed"],
      [3, "ok"],
    ]);
    expect(bench.read("empty")).toBe("");
  });

  test(`${shell.name}: an event is taken also where the guard has nothing to do, and once where the step acts anyway`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    writeFileSync(path("there"), "");
    const session = await bench.open();
    const run = (id: number, resource: string, made: string) =>
      step(id, {
        resource,
        guard: { call: call("note_missing", path(made)), confirms: true },
        calls: [call("note_apply", path(made), "x"), call("note_append", path("log"), resource), call("started_fresh")],
        reactions: [{ event: "run", calls: [call("note_append", path("log"), `${resource} by its event`)] }],
      });
    const report = await applyPlan(
      plan([
        step(1, {
          notifies: ["idle", "busy"].map((resource) => ({ resource, event: "run" })),
          calls: [call("note_apply", path("cause"), "x")],
        }),
        run(2, "idle", "there"),
        run(3, "busy", "missing"),
      ]),
      new Map(),
      session,
    );
    expect(shown(report)).toEqual([
      [1, "changed"],
      [2, "changed"],
      [3, "changed"],
    ]);
    expect(bench.read("log")).toBe("idle by its event\nbusy\n");
    expect(readdirSync(path("state/owed"))).toEqual([]);
  });

  test(`${shell.name}: a guard decides, and must be content afterwards`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    writeFileSync(path("there"), "");
    const session = await bench.open();
    const guarded = (id: number, name: string, make: string, confirms = true) =>
      step(id, {
        guard: { call: call("note_missing", path(name)), confirms },
        calls: [call("note_apply", path(make), "made")],
      });
    const report = await applyPlan(
      plan([
        guarded(1, "there", "never"),
        guarded(2, "made", "made"),
        guarded(3, "other", "unrelated"),
        guarded(4, "another", "unrelated", false),
        step(5, {
          guard: { call: call("run_command", "", "", "echo oops; exit 2"), confirms: true },
          calls: [call("note_apply", path("never"), "x")],
        }),
        step(6, {
          guard: { call: call("run_argv", "", "", "/no/such/program"), confirms: false },
          calls: [call("note_apply", path("made-6"), "x")],
        }),
      ]),
      new Map(),
      session,
    );
    expect(shown(report)).toEqual([
      [1, "ok"],
      [2, "changed"],
      [3, "failed", "did not converge: its guard still says that there is something to do"],
      [4, "ok"],
      [5, "failed", "its guard ended with status 2\noops"],
      [6, "changed"],
    ]);
    expect(existsSync(path("never"))).toBe(false);
  });

  test(`${shell.name}: conditions are decided again on the host`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    const session = await bench.open();
    const commands = ["exit 0", "exit 1", "echo two words; echo", "exit 127", "echo seen", "exit 5"];
    const observes = commands.map((script) => ({
      call: call("run_command", "", "", script),
      seen: { status: 0, output: "seen\n" },
    }));
    const yes: Condition = { type: "succeeds", observe: 0 };
    const no: Condition = { type: "succeeds", observe: 1 };
    const cases: readonly (readonly [Condition, string])[] = [
      [yes, "changed"],
      [no, "ok"],
      [{ type: "not", of: no }, "changed"],
      [{ type: "and", of: [yes, no, yes] }, "ok"],
      [{ type: "and", of: [yes, { type: "not", of: no }, yes] }, "changed"],
      [{ type: "or", of: [no, no, yes] }, "changed"],
      [{ type: "or", of: [no, { type: "and", of: [] }] }, "changed"],
      [{ type: "or", of: [] }, "ok"],
      [{ type: "constant", value: false }, "ok"],
      [{ type: "equals", observe: 2, text: "two words\n" }, "changed"],
      [{ type: "equals", observe: 2, text: "two words" }, "ok"],
      [{ type: "equals", observe: 5, text: "" }, "ok"],
      [{ type: "fails", observe: 3 }, "changed"],
      [{ type: "fails", observe: 0 }, "ok"],
      [{ type: "seen", observe: 4, value: true }, "changed"],
      [{ type: "seen", observe: 4, value: false }, "ok"],
      [{ type: "succeeds", observe: 3 }, "its condition cannot be decided: the command ended with status 127"],
      [{ type: "succeeds", observe: 5 }, "its condition cannot be decided: the command ended with status 5"],
      [{ type: "seen", observe: 2, value: true }, "what its condition looks at changed since the plan"],
    ];
    const report = await applyPlan(
      plan(
        cases.map(([when], at) => step(at + 1, { when, calls: [call("note_apply", path(`made-${at}`), "x")] })),
        { observes },
      ),
      new Map(),
      session,
    );
    expect(report.steps.map(({ result, message }) => message ?? result)).toEqual(cases.map(([, expected]) => expected));
  });

  test(`${shell.name}: events are owed before the change, taken once, strongest first, and kept when they fail`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    writeFileSync(path("same"), "x\n");
    const session = await bench.open();
    const service = (id: number, resource: string, more: Partial<Parameters<typeof step>[1]> = {}) =>
      step(id, {
        resource,
        reactions: [
          { event: "reload", calls: [call("note_append", path("log"), `${resource} reload`)] },
          {
            event: "restart",
            calls: [
              call("note_append", path("log"), `${resource} stop`),
              call("note_append", path("log"), `${resource} start`),
            ],
          },
        ],
        ...more,
      });
    const notify = (id: number, name: string, ...notifies: readonly { resource: string; event: string }[]) =>
      step(id, { notifies, calls: [call("note_apply", path(name), "x")] });
    const report = await applyPlan(
      plan([
        notify(1, "a", { resource: "web", event: "reload" }, { resource: "db", event: "reload" }),
        notify(2, "b", { resource: "web", event: "restart" }),
        notify(3, "same", { resource: "mail", event: "restart" }),
        notify(4, "c", { resource: "bad", event: "reload" }, { resource: "fresh", event: "restart" }),
        service(5, "web"),
        service(6, "db"),
        service(7, "mail"),
        service(8, "bad", { reactions: [{ event: "reload", calls: [call("note_fail", "will not reload")] }] }),
        service(9, "fresh", { calls: [call("started_fresh"), call("changed")] }),
        service(10, "later", { requires: [8] }),
      ]),
      new Map(),
      session,
      { runId: "run-7" },
    );
    expect(shown(report)).toEqual([
      [1, "changed"],
      [2, "changed"],
      [3, "ok"],
      [4, "changed"],
      [5, "changed"],
      [6, "changed"],
      [7, "ok"],
      [8, "failed", "did not take its reload, which stays owed\nsome output\nwill not reload"],
      [9, "changed"],
      [10, "skipped", "needs bad, which did not succeed"],
    ]);
    expect(bench.read("log")).toBe("web stop\nweb start\ndb reload\n");
    expect((await readFacts(session)).owed).toEqual([
      { resource: "bad", event: "reload", cause: 'note["4"]', run: "run-7" },
    ]);

    // The next run has nothing to change, but the event is still owed.
    const second = await applyPlan(plan([service(1, "bad"), service(2, "web")]), new Map(), session);
    expect(shown(second)).toEqual([
      [1, "changed"],
      [2, "ok"],
    ]);
    expect(bench.read("log")).toBe("web stop\nweb start\ndb reload\nbad reload\n");
    expect((await readFacts(session)).owed).toEqual([]);
  });

  test(`${shell.name}: a step is tried again, and ended when it takes too long`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    const session = await bench.open();
    const third = 'echo x >>"$1"; [ "$(wc -l <"$1")" -ge 3 ]';
    const report = await applyPlan(
      plan([
        step(1, {
          retry: { count: 3, everyMilliseconds: 10 },
          calls: [call("run_command", "", "", third, path("tries"))],
        }),
        step(2, {
          retry: { count: 1, everyMilliseconds: 10 },
          calls: [call("run_command", "", "", 'echo x >>"$1"; exit 4', path("more"))],
        }),
        step(3, { timeoutMilliseconds: 900, calls: [call("run_command", "", "", "sleep 20")] }),
        step(4, { timeoutMilliseconds: 20_000, calls: [call("note_apply", path("timed\n"), "x")] }),
      ]),
      new Map(),
      session,
    );
    expect(shown(report).map(([id, result, message]) => [id, result, String(message).split("\n")[0]])).toEqual([
      [1, "ok", "undefined"],
      [2, "failed", "ended with status 4"],
      [3, "failed", "was not done within 1 s"],
      [4, "changed", "undefined"],
    ]);
    expect(bench.read("tries")).toBe("x\nx\nx\n");
    expect(bench.read("more")).toBe("x\nx\n");
  });

  test(`${shell.name}: members of a transaction share one run, then each makes sure`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    writeFileSync(path("c"), "old\n");
    const session = await bench.open();
    const member = (id: number, name: string, fingerprint: string | null, transaction: number) =>
      step(id, {
        transaction,
        fingerprint,
        identity: [path(name)],
        calls: [call("run_command", "", "", '[ "$(cat "$1")" = new ]', path(name))],
        notifies: [{ resource: "web", event: "reload" }],
      });
    const install = (...names: readonly string[]) =>
      call("run_command", "", "", 'for f do echo new >"$f"; done; echo ran >>"$f.log"', ...names.map(path));
    const report = await applyPlan(
      plan(
        [
          member(1, "a", "absent", 0),
          member(2, "b", null, 0),
          // The second transaction cannot be shared: one member is not as the plan saw it.
          step(3, { calls: [call("note_apply", path("between"), "x")] }),
          member(4, "c", "absent", 1),
          { ...member(5, "d", "absent", 1), calls: [call("note_apply", path("d"), "alone")] },
          // The third fails for all, but its first member does without.
          { ...member(6, "e", "absent", 2), calls: [call("note_apply", path("e"), "alone")] },
          { ...member(7, "f", "absent", 2), calls: [call("note_fail", "no f")] },
          // In the fourth nothing changes.
          member(8, "a", "new", 3),
        ],
        {
          transactions: [
            [install("a", "b")],
            [install("c", "d")],
            [call("note_fail", "archive is down")],
            [call("run_command", "", "", ":")],
          ],
        },
      ),
      new Map(),
      session,
    );
    expect(shown(report)).toEqual([
      [1, "changed"],
      [2, "changed"],
      [3, "changed"],
      [4, "failed", "changed since the plan"],
      [5, "changed"],
      [6, "changed"],
      [7, "failed", "ended with status 1\nsome output\nno f\nsome output\narchive is down"],
      [8, "ok"],
    ]);
    expect(bench.read("b.log")).toBe("ran\n");
    expect(bench.read("d")).toBe("alone\n");
  });

  test(`${shell.name}: asked to stop, a run ends after the step it is at`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    const session = await bench.open();
    const stop = new AbortController();
    const wait = 'echo >"$1"; while [ ! -e "$2" ]; do sleep 0.1; done';
    const running = applyPlan(
      plan([
        step(1, { calls: [call("run_command", "", "", wait, path("began"), path("go"))] }),
        step(2, { calls: [call("note_apply", path("never"), "x")] }),
      ]),
      new Map(),
      session,
      { stop: stop.signal, runId: "run-9" },
    );
    await until(() => existsSync(path("began")));
    stop.abort();
    await until(() => existsSync(path("state/run/run-9/stop")));
    writeFileSync(path("go"), "");
    const report = await running;
    expect(report.interrupted).toBe(true);
    expect(shown(report)).toEqual([[1, "ok"]]);
    expect(existsSync(path("never"))).toBe(false);
  });
}

test("events are told in order, each once", async () => {
  bench = makeBench();
  const session = await bench.open();
  const events: JournalEvent[] = [];
  await applyPlan(plan([step(1), step(2)]), new Map(), session, { onEvent: (event) => events.push(event) });
  expect(events.map((event) => event.type)).toEqual(["begin", "start", "done", "start", "done", "end"]);
});

test("whoever follows a run is told by name what a skipped step needs", async () => {
  bench = makeBench();
  const session = await bench.open();
  const events: JournalEvent[] = [];
  const failing = step(1, { calls: [call("run_command", "", "", "exit 1")] });
  await applyPlan(plan([failing, step(2, { requires: [1] })]), new Map(), session, {
    onEvent: (event) => events.push(event),
  });
  expect(events.find((event) => event.type === "done" && event.step === 2)).toMatchObject({
    result: "skipped",
    message: 'needs note["1"], which did not succeed',
  });
});

test("an empty plan sends nothing", async () => {
  bench = makeBench();
  const session = await bench.open();
  const report = await applyPlan(plan([]), new Map(), session);
  expect(report).toMatchObject({ steps: [], interrupted: false });
  expect(existsSync(bench.path("state"))).toBe(false);
});

test("a second run is refused with the name of the first one's owner, and leaves it alone", async () => {
  bench = makeBench();
  const { path } = bench;
  const first = await bench.open();
  const second = await bench.open();
  const wait = 'echo >"$1"; while [ ! -e "$2" ]; do sleep 0.1; done';
  const running = applyPlan(
    plan([step(1, { calls: [call("run_command", "", "", wait, path("began"), path("go"))] })]),
    new Map(),
    first,
    { runId: "run-1", who: "ann@laptop" },
  );
  await until(() => existsSync(path("began")));
  const refused = await applyPlan(
    plan([step(1, { calls: [call("note_apply", path("never"), "x")] })]),
    new Map(),
    second,
  );
  expect(refused.refused).toMatch(/^run run-1 of ann@laptop holds the host since \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  expect(refused.owner).toMatchObject({ run: "run-1", who: "ann@laptop", alive: true });
  expect((await readFacts(await bench.open())).lock).toMatchObject({ run: "run-1", alive: true });
  writeFileSync(path("go"), "");
  expect((await running).steps).toMatchObject([{ result: "ok" }]);
  expect(existsSync(path("never"))).toBe(false);
  expect((await readFacts(second)).lock).toBeUndefined();
});

test("a run that cannot be stored changes nothing and says why", async () => {
  bench = makeBench();
  const session = await bench.open();
  writeFileSync(bench.path("state"), "in the way");
  const report = await applyPlan(plan([step(1)]), new Map(), session);
  expect(report.refused).toContain("state/run cannot be made");
  expect(report.steps).toEqual([]);
});

test("an upload that arrives damaged is not run", async () => {
  bench = makeBench();
  const session = await bench.open({ programs: { sha256sum: "cat >/dev/null; echo 00 -" } });
  const report = await applyPlan(plan([step(1)]), new Map(), session);
  expect(report.refused).toBe("the run arrived damaged: its digest is not the one that was sent");
  expect(filesBelow(bench.path("state"))).toEqual([]);
});

test("only the last ten runs are kept", async () => {
  bench = makeBench();
  const session = await bench.open();
  mkdirSync(bench.path("state/run"), { recursive: true });
  for (let run = 1; run <= 12; run += 1) {
    await applyPlan(plan([step(1)]), new Map(), session, { runId: `run-${run}` });
  }
  const runs = () => readdirSync(bench?.path("state/run") ?? "");
  await until(() => runs().length === 10);
  expect(runs()).toContain("run-12");
});
