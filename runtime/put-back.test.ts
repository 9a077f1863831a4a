import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { afterEach, expect, test } from "vitest";
import { type Bench, call, makeBench, plan, step } from "../test/open-shell.ts";
import { shells } from "../test/verbs/shells.ts";
import { applyPlan } from "./apply.ts";

let bench: Bench | undefined;
afterEach(async () => bench?.remove());

const mode = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

/** A step that changes a path which the verifier of `web` judges. */
const judged = (id: number, title: string, script: string, ...more: readonly string[]) =>
  step(id, {
    resource: `path-${id}`,
    title,
    notifies: [{ resource: "web", event: "reload", keeps: true }],
    calls: [call("note_change", script, title, ...more)],
  });

const verifier = (id: number, verb: string) =>
  step(id, { resource: "web", reactions: [{ event: "reload", calls: [call(verb, "the verifier's words")] }] });

for (const shell of shells) {
  test(`${shell.name}: what a verifier refuses is put back, each kind of path as it was`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    const session = await bench.open();
    const odd = path("odd\n name \\n");
    writeFileSync(path("file"), "old\n");
    chmodSync(path("file"), 0o640);
    writeFileSync(path("gone"), "was here\n");
    writeFileSync(odd, "odd\n");
    symlinkSync("file", path("link"));
    symlinkSync("nowhere", path("gone-link"));
    mkdirSync(path("folder"));
    chmodSync(path("folder"), 0o750);
    mkdirSync(path("old-folder"));
    writeFileSync(path("old-folder/inside"), "inside\n");
    const steps = [
      judged(1, path("file"), 'echo new >"$1"; chmod 600 "$1"'),
      judged(2, path("gone"), 'rm "$1"'),
      judged(3, path("link"), 'ln -sfn gone "$1"'),
      judged(4, path("gone-link"), 'rm "$1"'),
      judged(5, path("new"), 'echo new >"$1"'),
      judged(6, path("new-folder"), 'mkdir "$1"'),
      judged(7, path("new-folder/inner"), 'mkdir "$1"'),
      judged(8, path("new-folder/inner/file"), 'echo new >"$1"'),
      judged(9, path("folder"), 'chmod 700 "$1"'),
      judged(10, odd, 'echo new >"$1"'),
      judged(11, path("old-folder/inside"), 'rm "$1"'),
      judged(12, path("old-folder"), 'rmdir "$1"'),
      judged(13, path("new-link"), 'ln -s file "$1"'),
    ];
    const report = await applyPlan(plan([...steps, verifier(14, "note_refuse")]), new Map(), session);
    const last = report.steps.at(-1);
    expect(last).toMatchObject({ result: "failed" });
    expect(last?.message).toContain("the verifier's words");
    expect(report.steps.slice(0, -1).every((one) => one.result === "changed" && one.putBack === true)).toBe(true);
    expect(last?.message).toContain(`put back as it was: ${path("file")}`);
    expect(last?.message).toContain(`taken away again: ${path("new")}`);
    expect([readFileSync(path("file"), "utf8"), mode(path("file"))]).toEqual(["old\n", "640"]);
    expect(readFileSync(path("gone"), "utf8")).toBe("was here\n");
    expect(readlinkSync(path("link"))).toBe("file");
    expect(readlinkSync(path("gone-link"))).toBe("nowhere");
    expect(mode(path("folder"))).toBe("750");
    expect(readFileSync(odd, "utf8")).toBe("odd\n");
    expect(readFileSync(path("old-folder/inside"), "utf8")).toBe("inside\n");
    expect(["new", "new-folder"].filter((name) => existsSync(path(name)))).toEqual([]);
    expect(() => lstatSync(path("new-link"))).toThrow();
    expect(existsSync(path("state/kept/web"))).toBe(false);

    const content = await applyPlan(plan([...steps, verifier(14, "note_accept")]), new Map(), session);
    expect(content.steps.at(-1)).toMatchObject({ result: "changed" });
    expect(readFileSync(path("file"), "utf8")).toBe("new\n");
    const after = await applyPlan(plan([verifier(1, "note_refuse")]), new Map(), session);
    expect(after.steps.at(-1)).toMatchObject({ result: "ok" });
    expect(readFileSync(path("file"), "utf8")).toBe("new\n");
  });

  test(`${shell.name}: what was last in force comes back, also after runs that did not get to the verifier`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    const session = await bench.open();
    writeFileSync(path("file"), "works\n");
    const write = (word: string) => judged(1, path("file"), 'echo "$2" >"$1"', word);
    await applyPlan(plan([write("broken")]), new Map(), session);
    await applyPlan(plan([write("broken too")]), new Map(), session);
    expect(readFileSync(path("file"), "utf8")).toBe("broken too\n");
    const failed = await applyPlan(plan([verifier(1, "note_fail")]), new Map(), session);
    expect(failed.steps).toMatchObject([{ result: "failed" }]);
    expect(readFileSync(path("file"), "utf8")).toBe("broken too\n");
    await applyPlan(plan([verifier(1, "note_refuse")]), new Map(), session);
    expect(readFileSync(path("file"), "utf8")).toBe("works\n");
  });
}
