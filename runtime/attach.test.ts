import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import { type Bench, call, makeBench, plan, step, until } from "../test/open-shell.ts";
import { applyPlan } from "./apply.ts";
import { attachRun } from "./attach.ts";
import { readManifest, writeManifest } from "./manifest.ts";

/** A run that is followed by a session that did not start it. */
let bench: Bench;
afterEach(async () => bench.remove());

const owner = { run: "run-1", pid: 1, since: "2026-01-31T12:00:00Z", who: "ann@desk", alive: true };

/** Three steps; the second waits for the file `go`. */
const waits = (at: Bench) =>
  plan([
    step(1, { calls: [call("note_append", at.path("a"), "one")] }),
    step(2, {
      calls: [call("note_change", ': >"$1"; while [ ! -e "$2" ]; do sleep 0.05; done', at.path("here"), at.path("go"))],
    }),
    step(3, { calls: [call("note_append", at.path("c"), "three")] }),
  ]);

async function started() {
  bench = makeBench();
  const session = await bench.open();
  const first = applyPlan(waits(bench), new Map(), session, { runId: "run-1" });
  await until(() => existsSync(bench.path("here")));
  return { session, first };
}

const go = () => writeFileSync(bench.path("go"), "");

test("what had happened is told first, what comes after it once; the report holds all of it", async () => {
  const { first } = await started();
  const heard: string[] = [];
  const attach = async () =>
    attachRun(owner, await bench.open(), {
      onFound: (manifest, soFar) => {
        heard.push(`found ${manifest.steps.length}, ended ${soFar.steps.length}, under way ${soFar.unended?.join()}`);
        return (event) => {
          if (event.type === "done") heard.push(`done ${event.step}`);
        };
      },
    });
  const followers = [attach(), attach()];
  await until(() => heard.length === 2);
  go();
  for (const attached of await Promise.all(followers)) {
    expect(attached).toMatchObject({ report: { steps: [{ id: 1 }, { id: 2 }, { id: 3 }] } });
  }
  expect(heard.slice(0, 2)).toEqual(Array(2).fill("found 3, ended 1, under way 2"));
  expect(heard.slice(2).toSorted()).toEqual(["done 2", "done 2", "done 3", "done 3"]);
  expect((await first).steps).toHaveLength(3);
});

test.each([
  ["an older Galley left none", ""],
  ["it is cut", '{"version":1,"steps":['],
  ["a step has no resource", '{"version":1,"steps":[{"id":1}],"unchanged":0}'],
  ["a number stands twice", JSON.stringify(doubled())],
])("a manifest that cannot be read is a refusal, not a guess: %s", async (_, text) => {
  const { first } = await started();
  const place = bench.path("state/run/run-1/manifest.json");
  expect(readManifest(readFileSync(place, "utf8"))?.steps).toHaveLength(3);
  writeFileSync(place, text);
  const attached = await attachRun(owner, await bench.open(), { onFound: () => () => {} });
  expect(attached).toMatchObject({
    failure: "refused",
    message: "what its steps are cannot be read: another version of Galley started it",
  });
  go();
  expect((await first).steps).toHaveLength(3);
});

test("a run whose journal does not follow its manifest is not believed", async () => {
  const { first } = await started();
  writeFileSync(bench.path("state/run/run-1/manifest.json"), writeManifest(plan([step(7, {})])));
  const attached = await attachRun(owner, await bench.open(), { onFound: () => () => {} });
  expect(attached).toMatchObject({ report: { steps: [], broken: expect.any(String) } });
  go();
  await first;
});

test("a lock that names no run by our pattern leads to no path", async () => {
  bench = makeBench();
  const attached = await attachRun({ ...owner, run: "../../etc" }, await bench.open(), { onFound: () => () => {} });
  expect(attached).toMatchObject({ failure: "refused", message: "its lock names no run" });
});

function doubled(): unknown {
  const manifest: unknown = JSON.parse(writeManifest(plan([step(1, {}), step(2, {})])));
  return JSON.parse(JSON.stringify(manifest).replace('"id":2', '"id":1'));
}
