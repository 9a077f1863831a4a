import { existsSync, writeFileSync } from "node:fs";
import { afterEach, expect, test } from "vitest";
import type { Observe } from "../compiler/catalog.ts";
import { type Bench, call, makeBench, plan, step, until } from "../test/open-shell.ts";
import { shells } from "../test/verbs/shells.ts";
import { applyPlan } from "./apply.ts";
import { encodeCall } from "./line-counted.ts";
import { readObserves } from "./read.ts";

let bench: Bench | undefined;
afterEach(async () => {
  // What was left running ends, and writes its last file, before the folder is removed.
  if (bench && existsSync(bench.path("end.begun"))) {
    writeFileSync(bench.path("end"), "");
    await until(() => existsSync(bench?.path("end.over") ?? ""));
  }
  await bench?.remove();
});

function observe(index: number, script: string, ...words: readonly string[]): Observe {
  return {
    index,
    name: `o${index}`,
    span: { file: { path: "site.recipe", text: "" }, start: 0, end: 0 },
    command: { type: "command", script, arguments: words, shown: script },
    result: "string",
    optional: false,
  };
}

/** Goes on printing on both outputs until there is a file `$1`; tells by a file `$1.begun` that it has begun. */
const chatter =
  '(echo >"$1.begun"; while [ -e "$1.begun" ] && [ ! -e "$1" ]; do echo junk; echo junk >&2; sleep 0.02; done; echo >"$1.over") &';
const begun = 'while [ ! -e "$1.begun" ]; do sleep 0.02; done';

for (const shell of shells) {
  test(`${shell.name}: what an observe leaves running neither holds the read nor is heard in it`, async () => {
    bench = makeBench(shell);
    const session = await bench.open();
    const script = `${chatter} ${begun}; echo answer >&2; printf 'one\\ntwo'`;
    const readings = await readObserves(session, [
      observe(0, script, bench.path("end")),
      observe(1, 'sleep 0.1; printf "\\000\\377"; exit 3'),
      observe(2, "command -v galley-no-such-program"),
      observe(3, "galley-no-such-program"),
    ]);
    // It still runs: nobody has ended it.
    expect(existsSync(bench.path("end.over"))).toBe(false);
    expect(readings.get(0)?.output.replaceAll("junk\n", "")).toBe("one\ntwo");
    expect([0, 1, 2].map((at) => readings.get(at)?.status)).toEqual([0, 3, 1]);
    expect(readings.get(1)?.output).toBe("\0\ufffd");
    expect(readings.get(3)).toMatchObject({ status: 127, output: expect.stringContaining("galley-no-such-program") });
    const { output } = await session.run({ script: "sleep 0.2; echo clean" });
    expect(Buffer.from(output).toString()).toBe("clean\n");
    writeFileSync(bench.path("end"), "");
    // Nor was it disturbed.
    await until(() => existsSync(bench?.path("end.over") ?? ""));
  });

  test(`${shell.name}: an answer without end is cut and named, and the connection lives`, async () => {
    bench = makeBench(shell);
    const session = await bench.open();
    const readings = await readObserves(session, [
      observe(0, "yes"),
      observe(1, "yes >&2 & sleep 0.1; kill $!; echo fine"),
    ]);
    expect(readings.get(0)?.problem).toBe("its command answers with more than 1 MB");
    expect(readings.get(1)).toMatchObject({ status: 0, output: "fine\n" });
  });

  test(`${shell.name}: a step keeps the two ends of what its command prints, and says what it left running`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    const flood = 'echo first; head -c 3000000 /dev/zero | tr "\\000" x; echo; du -sk "$1" >"$2"; echo last; exit 4';
    const report = await applyPlan(
      plan([
        step(1, { calls: [call("run_command", "", "", flood, path("volatile"), path("size"))] }),
        step(2, {
          guard: { call: call("run_command", "", "", `${chatter} ${begun}`, path("end")), confirms: false },
          calls: [call("run_command", "", "", "echo out; echo err >&2; exit 5")],
        }),
        step(3, { calls: [call("run_argv", "", "", "true")] }),
        step(4),
      ]),
      new Map(),
      await bench.open(),
    );
    const [first, second, third, fourth] = report.steps;
    expect(first?.message).toMatch(/^ended with status 4\nfirst\nx+\n\.\.\. 29\d\d KB left out \.\.\.\nx+\nlast$/);
    expect(Number.parseInt(bench.read("size") ?? "", 10)).toBeLessThan(200);
    expect(second?.message).toMatch(
      /^ended with status 5\nout\nerr\nleft (1 process|2 processes) running \((sleep|sh|\?|[a-z, ]+)\)$/,
    );
    expect(third).toMatchObject({ result: "ok" });
    expect(third?.message).toBeUndefined();
    expect(fourth).toMatchObject({ result: "ok" });
    expect(existsSync(path("end.over"))).toBe(false);
  });
}

test("a question that heeds no signal ends all the same", async () => {
  bench = makeBench();
  const session = await bench.open();
  const { status, output } = await session.run({
    script: "GALLEY_TIMEOUT=1; galley_find_kill; galley_call_with_input",
    input: encodeCall("ask_command", ["", "", "trap '' TERM; echo begun; while :; do sleep 1; done"]),
  });
  expect(status).toBe(137);
  expect(Buffer.from(output).toString()).toMatch(/^begun\n[^]*\nit was not done within 1 s\n$/);
}, 20_000);
