import { existsSync, writeFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { type Bench, call, makeBench, plan, step, until } from "../test/open-shell.ts";
import { applyPlan } from "./apply.ts";

/** What is said of a run whose way to the host, or whose start there, broke. */
let bench: Bench;
afterEach(async () => bench.remove());

/** Waits in the check of the archive until the file `go` is there, and says by `checking` that it got that far. */
const slowCheck = (at: Bench) => ({
  sha256sum: `: >"${at.path("checking")}"; while [ -e "${at.path("checking")}" ] && [ ! -e "${at.path("go")}" ]; do sleep 0.05; done; exec /usr/bin/sha256sum "$@"`,
});

const writesA = (at: Bench) => plan([step(1, { calls: [call("note_append", at.path("a"), "once")] })]);

test("a connection that is reset while the upload is checked: the run goes on once, and is followed", async () => {
  bench = makeBench();
  const session = await bench.open({ programs: slowCheck(bench), outlives: true });
  const running = applyPlan(writesA(bench), new Map(), session, {
    runId: "run-1",
    reconnect: async () => {
      // The first copy is let go on at the moment at which the second is sent.
      const open = await bench.open({ programs: {} });
      writeFileSync(bench.path("go"), "");
      return open;
    },
  });
  await until(() => existsSync(bench.path("checking")));
  await session.close();
  const report = await running;
  expect(report).toMatchObject({ steps: [{ id: 1, result: "ok" }] });
  expect([report.refused, report.lost, report.broken]).toEqual([undefined, undefined, undefined]);
  expect(bench.read("a")).toBe("once\n");
});

test("a second upload that fails does not prove that the first was not begun", async () => {
  bench = makeBench();
  const session = await bench.open({ programs: slowCheck(bench), outlives: true });
  const running = applyPlan(writesA(bench), new Map(), session, {
    runId: "run-1",
    reconnect: () => bench.open({ programs: { tar: "echo no space left >&2; exit 1" } }),
  });
  await until(() => existsSync(bench.path("checking")));
  await session.close();
  await until(() => existsSync(bench.path("bin/tar")));
  writeFileSync(bench.path("go"), "");
  const report = await running;
  expect(report.refused).toBeUndefined();
  if (report.lost !== undefined) expect(report.lost).toContain("whether bench has begun it is not known");
  else expect(report.steps).toHaveLength(1);
});

test("an upload that the host has no room for is refused, and nothing of it runs later", async () => {
  bench = makeBench();
  const session = await bench.open({ programs: { tar: "echo no space left >&2; exit 1" } });
  const report = await applyPlan(writesA(bench), new Map(), session, { runId: "run-1" });
  expect(report.refused).toContain("the run could not be stored in");
  expect(existsSync(bench.path("state/run/run-1"))).toBe(false);
});

test("a run that is stored but not begun is taken back before it is called refused", async () => {
  bench = makeBench();
  const session = await bench.open({ programs: { setsid: "exit 0", "systemd-run": "exit 0" } });
  const report = await applyPlan(writesA(bench), new Map(), session, { runId: "run-1" });
  expect(report.refused).toBe("it has stored the run and not begun it");
  expect(existsSync(bench.path("state/run/run-1/stop"))).toBe(true);
  expect(bench.read("a")).toBeUndefined();
});
