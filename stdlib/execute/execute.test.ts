import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runCall } from "../../test/verbs/run-verbs.ts";
import type { VerbResult } from "../../test/verbs/run-verbs.ts";
import { scratchFolder } from "../../test/verbs/scratch.ts";
import { shells } from "../../test/verbs/shells.ts";
import type { Shell } from "../../test/verbs/shells.ts";
import { blob, blobsOf, command, context, want } from "../../test/verbs/wants.ts";
import type { Want } from "../../compiler/kind/kind.ts";
import { execute } from "./execute.ts";

let folder = "";

beforeEach(() => {
  folder = scratchFolder("execute");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function run(shell: Shell, wanted: Want): VerbResult {
  const [call] = execute.apply(wanted, undefined, context());
  if (!call) throw new Error("execute runs one call");
  return runCall(shell, call, { blobs: blobsOf(wanted), environment: { GALLEY_STATE: join(folder, "state") } });
}

/** How the guard ends: 0 run, 1 nothing to do. */
function ask(shell: Shell, wanted: Want): VerbResult {
  const guard = execute.guard?.(wanted);
  if (!guard) throw new Error("there is a guard");
  return runCall(shell, guard.call, { environment: { GALLEY_STATE: join(folder, "state") } });
}

/** Bytes that a splice into shell text would not survive. */
const oddWords = [
  "",
  " ",
  "$(id)",
  "`id`",
  "'\"",
  "\\",
  "\n",
  "two\nlines\n",
  "-n",
  "*",
  "ü🦆",
  "${HOME}",
  "a=b",
  "\u0001",
];

for (const shell of shells) {
  test(`${shell.name}: arguments, environment and input arrive byte for byte`, () => {
    const script =
      'for one do printf "%s\\0" "$one"; done >arguments; env -0 >environment 2>/dev/null || tr "\\n" "\\0" </proc/self/environ >environment; cat >input';
    const env = new Map(oddWords.map((word, index) => [`WORD_${index}`, word]));
    const wanted = want(execute, "words", {
      run: ["sh", "-c", script, "sh", ...oddWords],
      env,
      stdin: blob(oddWords.join("|")),
      cwd: folder,
      always: "a test",
    });
    expect(run(shell, wanted)).toEqual({ status: 0, changed: true, stdout: "", stderr: "" });
    expect(readFileSync(join(folder, "arguments"), "utf8")).toBe(oddWords.map((word) => `${word}\0`).join(""));
    const variables = readFileSync(join(folder, "environment"), "utf8");
    for (const [name, value] of env) expect(variables).toContain(`${name}=${value}\0`);
    expect(variables).toContain("LC_ALL=C.UTF-8\0");
    expect(variables).not.toContain("GALLEY");
    expect(variables.toLowerCase()).not.toContain("galley_");
    expect(readFileSync(join(folder, "input"), "utf8")).toBe(oddWords.join("|"));
  });

  test(`${shell.name}: a command for the shell has its holes as words, its environment and an empty input`, () => {
    const wanted = want(execute, "shell", {
      run: command('cat; printf "%s,%s,%s" "$1" "$2" "$NAME" >out', "a b", "$(id)\n"),
      env: new Map([["NAME", "it's"]]),
      cwd: folder,
      always: "a test",
    });
    expect(run(shell, wanted)).toEqual({ status: 0, changed: true, stdout: "", stderr: "" });
    expect(readFileSync(join(folder, "out"), "utf8")).toBe("a b,$(id)\n,it's");
  });

  test(`${shell.name}: no value of the environment is in the arguments of a process`, () => {
    const wanted = want(execute, "secret", {
      run: command(
        'tr "\\0" "\\n" </proc/$$/cmdline >own; cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" "\\n" >all; test "$TOKEN" = "s3cr"et',
      ),
      env: new Map([["TOKEN", "s3cret"]]),
      cwd: folder,
      always: "a test",
    });
    expect(run(shell, wanted)).toEqual({ status: 0, changed: true, stdout: "", stderr: "" });
    expect(readFileSync(join(folder, "own"), "utf8")).toContain("cmdline");
    expect(readFileSync(join(folder, "all"), "utf8")).not.toContain("s3cret");
  });

  test(`${shell.name}: a failing command fails the step, with its words and its status`, () => {
    const wanted = want(execute, "fail", { run: command("echo out; echo err >&2; exit 3"), always: "a test" });
    expect(run(shell, wanted)).toEqual({
      status: 1,
      changed: false,
      stdout: "out\n",
      stderr: "err\nthe command ended with status 3\n",
    });
    const lost = run(shell, want(execute, "lost", { run: ["galley-no-such-program"], always: "a test" }));
    expect(lost).toMatchObject({ status: 1, changed: false });
    expect(lost.stderr).toContain("the command ended with status 127: its program is not there\n");
    const nowhere = want(execute, "nowhere", { run: ["true"], cwd: join(folder, "no"), always: "a test" });
    expect(run(shell, nowhere)).toMatchObject({
      status: 1,
      changed: false,
      stderr: `the folder ${folder}/no is not there, so the command cannot run in it\n`,
    });
  });

  test(`${shell.name}: creates runs while the path is missing; a dangling link is there, too`, () => {
    const wanted = want(execute, "key", { run: ["touch", "key"], cwd: folder, creates: join(folder, "key") });
    expect(ask(shell, wanted).status).toBe(0);
    expect(run(shell, wanted)).toMatchObject({ status: 0, changed: true });
    expect(ask(shell, wanted).status).toBe(1);
    symlinkSync("nowhere", join(folder, "dangling"));
    expect(ask(shell, want(execute, "l", { run: ["true"], creates: join(folder, "dangling") })).status).toBe(1);
  });

  test(`${shell.name}: unless and only_if run in the same folder with the same environment`, () => {
    writeFileSync(join(folder, "here"), "");
    const given = { run: ["true"], cwd: folder, env: new Map([["NAME", "here"]]) };
    const yes = command('test -e "$1" && test -e "$NAME"', "here");
    const no = command("test -e missing");
    expect(ask(shell, want(execute, "a", { ...given, unless: yes })).status).toBe(1);
    expect(ask(shell, want(execute, "b", { ...given, unless: no })).status).toBe(0);
    expect(ask(shell, want(execute, "c", { ...given, only_if: yes })).status).toBe(0);
    expect(ask(shell, want(execute, "d", { ...given, only_if: no })).status).toBe(1);
  });

  test(`${shell.name}: any status up to 125 is a no; a missing program and a missing folder are told apart`, () => {
    const both = (script: string, cwd?: string): readonly number[] =>
      ["unless", "only_if"].map(
        (name) =>
          ask(shell, want(execute, "x", { run: ["true"], [name]: command(script), ...(cwd ? { cwd } : {}) })).status,
      );
    expect(both("exit 125")).toEqual([0, 1]);
    expect(both("galley-no-such-program")).toEqual([127, 127]);
    expect(both("command -v galley-no-such-program")).toEqual([0, 1]);
    expect(both("command -v sh")).toEqual([1, 0]);
    expect(both("exit 126")).toEqual([126, 126]);
    expect(both("true", join(folder, "no"))).toEqual([127, 127]);
    expect(both("kill -9 $$")).toEqual([137, 137]);
  });

  test(`${shell.name}: a user who does not exist yet is like a program that is not there`, () => {
    const wanted = want(execute, "x", { run: ["true"], user: "nobody-knows-me", unless: command("true") });
    expect(ask(shell, wanted)).toMatchObject({ status: 127, stdout: "there is no user nobody-knows-me\n" });
  });

  test(`${shell.name}: watch runs once for each change of what matches, and again after a failure`, () => {
    mkdirSync(join(folder, "conf/sub"), { recursive: true });
    for (const name of ["a.conf", "b.conf", "c.txt", "sub/d.conf", "new\nline.conf"]) {
      writeFileSync(join(folder, "conf", name), name);
    }
    const succeeds = want(execute, "rebuild", {
      run: ["true"],
      watch: [`${folder}/conf/*.conf`, `${folder}/conf/sub/**`],
    });
    const fails = want(execute, "rebuild", { ...succeeds.properties, run: ["false"] });
    expect(ask(shell, succeeds).status).toBe(0);
    expect(run(shell, fails)).toMatchObject({ status: 1, changed: false });
    expect(ask(shell, succeeds).status).toBe(0);
    expect(run(shell, succeeds)).toMatchObject({ status: 0, changed: true });
    expect(ask(shell, succeeds).status).toBe(1);
    writeFileSync(join(folder, "conf/c.txt"), "does not match");
    expect(ask(shell, succeeds).status).toBe(1);
    for (const name of ["a.conf", "new\nline.conf", "sub/d.conf", "sub/new"]) {
      writeFileSync(join(folder, "conf", name), "changed");
      expect(ask(shell, succeeds).status, name).toBe(0);
      expect(run(shell, succeeds)).toMatchObject({ status: 0, changed: true });
      expect(ask(shell, succeeds).status, name).toBe(1);
    }
    rmSync(join(folder, "conf/a.conf"));
    expect(ask(shell, succeeds).status).toBe(0);
    expect(readdirSync(join(folder, "state/execute"))).toHaveLength(1);
  });

  test(`${shell.name}: watch sees that a link points elsewhere, and a change behind a link`, () => {
    for (const name of ["1", "2"]) writeFileSync(join(folder, name), "same");
    symlinkSync("1", join(folder, "current"));
    const wanted = want(execute, "restart", { run: ["true"], watch: [join(folder, "current")] });
    run(shell, wanted);
    expect(ask(shell, wanted).status).toBe(1);
    writeFileSync(join(folder, "1"), "other");
    expect(ask(shell, wanted).status).toBe(0);
    run(shell, wanted);
    rmSync(join(folder, "current"));
    symlinkSync("2", join(folder, "current"));
    expect(ask(shell, wanted).status).toBe(0);
  });

  test(`${shell.name}: a command that says why it runs always is never done`, () => {
    const wanted = want(execute, "x", { run: ["true"], always: "it is cheap" });
    expect(ask(shell, wanted).status).toBe(0);
    expect(execute.guard?.(wanted)?.confirms).toBe(false);
    expect(runCall(shell, { verb: "execute_state", arguments: ["x"] }).stdout).toBe("-\n");
  });
}

test("a command without a guard is a mistake that lists the guards", () => {
  expect(execute.validate?.(want(execute, "migrate", { run: ["true"] }))).toEqual([
    {
      code: "P410",
      message: 'execute["migrate"] has no guard',
      hints: [
        'a command needs one of: creates = "/path", unless = sh"…", only_if = sh"…", when <observed>, watch = ["/glob"], always = "why"',
      ],
    },
  ]);
});

test("variables whose names hold the values of holes cannot be given", () => {
  const given = { run: command("true"), always: "a test" };
  const wanted = want(execute, "a", { ...given, env: new Map([["galley_1", "x"]]) });
  expect(execute.validate?.(wanted)).toMatchObject([{ code: "S111", property: "env" }]);
  expect(execute.validate?.(want(execute, "a", { ...given, env: new Map([["GALLEY", "x"]]) }))).toEqual([]);
});

test("two guards are a mistake; a `when` is one", () => {
  const given = { run: ["true"], creates: "/x" };
  expect(execute.validate?.(want(execute, "a", given))).toEqual([]);
  expect(execute.validate?.(want(execute, "a", { ...given, always: "why" }))).toMatchObject([
    { code: "P411", property: "creates", message: 'execute["a"] has 2 guards: `always`, `creates`' },
  ]);
  const guarded = want(execute, "a", { run: ["true"] });
  expect(execute.validate?.({ ...guarded, stated: new Set(["run", "when"]) })).toEqual([]);
  expect(
    execute.validate?.({ ...want(execute, "a", given), stated: new Set(["run", "creates", "when"]) }),
  ).toMatchObject([{ code: "P411", property: "creates", message: 'execute["a"] has 2 guards: `creates`, `when`' }]);
});

test("a command comes after its folder, its user and its programs, and brings what it creates", () => {
  const lines = execute.footprint(
    want(execute, "dump", {
      run: command("FOO=1 mariadb-dump --all | gzip >/x; if test -e /y; then /opt/bin/z; fi"),
      cwd: "/srv",
      user: "app",
      unless: command("! pgrep mariadbd"),
      watch: ["/etc/app/**/*.{conf,ini}", "/etc/aliases"],
      creates: "/x",
    }),
    context().facts,
  );
  expect(lines.map((line) => `${line.mode} ${line.key}`)).toEqual([
    "needs file:/srv",
    "needs user:app",
    "reads program:mariadb-dump",
    "reads program:gzip",
    "reads file:/opt/bin/z",
    "reads program:z",
    "reads program:pgrep",
    "reads tree:/etc/app",
    "reads tree:/etc/app",
    "reads file:/etc/aliases",
    "provides file:/x",
    "names file:/y",
  ]);
});
