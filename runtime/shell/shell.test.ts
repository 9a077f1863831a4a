import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { type Bench, call, filesBelow, makeBench, plan, step } from "../../test/open-shell.ts";
import { shells } from "../../test/verbs/shells.ts";
import { applyPlan } from "../apply.ts";
import { encodeCall } from "../line-counted.ts";

let bench: Bench | undefined;
afterEach(async () => bench?.remove());

const names = readdirSync(import.meta.dirname).filter((name) => name.endsWith(".sh"));
const texts = names.map((name) => readFileSync(join(import.meta.dirname, name), "latin1"));

test("the shell programs are 7-bit ASCII, and name themselves sh for the linter", () => {
  for (const [at, text] of texts.entries()) {
    expect([names[at], /[^\t\n\x20-\x7e]/.exec(text)]).toEqual([names[at], null]);
    expect(text.startsWith("# shellcheck shell=sh\n")).toBe(true);
  }
});

test("every name that the programs set is theirs by its prefix, but for what verbs are promised", () => {
  const promised = new Set(["IFS", "temp", "tempdir", "line", "size", "path"]);
  for (const text of texts) {
    for (const [, name = ""] of text.matchAll(/^\s*([A-Za-z_]+)=/gm)) {
      expect(promised.has(name) || /^(galley_|GALLEY_)/.test(name) ? "" : name).toBe("");
    }
  }
});

const linter = spawnSync("shellcheck", ["--version"]).status === 0;
test.runIf(linter || process.env["CI"])("the linter has nothing to say about the shell programs", () => {
  const { stdout, status } = spawnSync("shellcheck", ["-s", "sh", "-"], { input: texts.join("\n"), encoding: "utf8" });
  expect([status, stdout]).toEqual([0, ""]);
});

for (const shell of shells) {
  test(`${shell.name}: commands run where and as whom they are told, with nothing of our environment`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    const session = await bench.open();
    const frame = async (...args: readonly string[]) => {
      const [verb = "", ...rest] = args;
      const { status, output, errors } = await session.run({
        script: "galley_call_with_input",
        input: encodeCall(verb, rest),
      });
      return [status, Buffer.from(output).toString(), errors];
    };
    expect(await frame("run_command", "", "", 'pwd; echo "$#" "$1"; exit 3', "a  b")).toEqual([3, "/\n1 a  b\n", ""]);
    expect(await frame("run_argv", path("."), "root", "pwd")).toEqual([0, `${path(".")}\n`, ""]);
    const [, environment] = await frame("run_argv", "", "", "env");
    const variables = String(environment)
      .trim()
      .split("\n")
      .map((line) => line.split("=")[0]);
    expect(new Set(variables)).toEqual(new Set(["HOME", "LC_ALL", "LOGNAME", "PATH", "USER"]));
    expect((await frame("run_argv", "", "", "no-such-program"))[0]).toBe(127);
    const refused = [1, "", "cannot enter the directory /no/such/folder\n"];
    expect(await frame("run_command", "/no/such/folder", "", "echo no")).toEqual(refused);
    expect((await frame("run_command", "relative", "", "echo no"))[2]).toContain(
      "the directory relative is not an absolute path",
    );
    expect((await frame("run_command", "", "no-such-user", "echo no"))[2]).toContain("there is no user no-such-user");
    expect((await frame("run_command", "", "-x", "echo no"))[2]).toContain("-x is no name of a user");
  });

  test(`${shell.name}: a file is replaced whole, with the attributes of the old one, and no temporary file stays`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    writeFileSync(path("old"), "old\n", { mode: 0o640 });
    const session = await bench.open();
    const report = await applyPlan(
      plan([
        step(1, { calls: [call("note_replace", path("old"), "new")] }),
        // What a failed step leaves behind is removed with it.
        step(2, { calls: [call("note_leave", path("old"))] }),
        step(3, { calls: [call("note_replace", path("no/such/folder/x"), "new")] }),
        step(4, { calls: [call("note_replace", path("."), "new")] }),
        step(5, { calls: [call("note_directory")] }),
      ]),
      new Map(),
      session,
    );
    expect(report.steps.map(({ result, message }) => message?.replaceAll(bench?.folder ?? "", "@") ?? result)).toEqual([
      "changed",
      "ended with status 1\n600 0",
      "ended with status 1\nthe directory @/no/such/folder/ is not there",
      expect.stringContaining("is a directory"),
      "ok",
    ]);
    expect(bench.read("old")).toBe("new\n");
    expect(statSync(path("old")).mode & 0o777).toBe(0o640);
    expect(filesBelow(bench.folder).filter((name) => name.includes(".galley-"))).toEqual([]);
  });
}
