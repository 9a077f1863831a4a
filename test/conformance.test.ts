import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { directory } from "../stdlib/directory/directory.ts";
import { execute } from "../stdlib/execute/execute.ts";
import { file } from "../stdlib/file/file.ts";
import { kinds } from "../stdlib/index.ts";
import { link } from "../stdlib/link/link.ts";
import { conform } from "./conformance.ts";
import type { ConformanceCase } from "./conformance.ts";
import { drive } from "./verbs/converge.ts";
import { randomNames, randomTexts } from "./verbs/random-text.ts";
import { runCalls } from "./verbs/run-verbs.ts";
import { scratchFolder } from "./verbs/scratch.ts";
import { shells } from "./verbs/shells.ts";
import { blob, blobsOf, context, me, mode, want } from "./verbs/wants.ts";

/** Ways through states that need no machine of their own, by kind. */
const cases: Readonly<Record<string, readonly ConformanceCase[]>> = {
  directory: [
    {
      name: "made, closed, taken away and made again",
      states: (folder) => {
        const at = (given: Parameters<typeof want>[2]) => want(directory, join(folder, "d"), { owner: me, ...given });
        return [at({}), at({ mode: mode(0o1770) }), at({ state: "absent" }), at({ mode: mode(0o2700) })];
      },
    },
  ],
  file: [
    {
      name: "made, filled, closed, emptied, taken away",
      states: (folder) => {
        const at = (given: Parameters<typeof want>[2]) => want(file, join(folder, "f"), { owner: me, ...given });
        return [
          at({}),
          at({ content: blob("one") }),
          at({ content: blob("two"), mode: mode(0o400) }),
          at({ content: blob("two"), mode: mode(0o4755) }),
          // Only root reads what nobody may read.
          at({ source: blob(new Uint8Array([0, 255, 10, 13])), mode: mode(me === "root" ? 0 : 0o400) }),
          at({ content: blob("") }),
          at({ state: "absent" }),
          at({ content: blob("seed"), replace: false }),
        ];
      },
    },
    {
      name: "a large one, by its size and by its bytes",
      states: (folder) =>
        [1, 2].map((byte) =>
          want(file, join(folder, "f"), { owner: me, content: blob(new Uint8Array(1_200_000).fill(byte)) }),
        ),
    },
    {
      name: "in the place of a link",
      states: (folder) => {
        symlinkSync(".", join(folder, "f"));
        return [want(file, join(folder, "f"), { owner: me, content: blob("x"), replace_link: true })];
      },
    },
  ],
  link: [
    {
      name: "made, turned, given away, taken away",
      states: (folder) => {
        mkdirSync(join(folder, "here"));
        const at = (given: Parameters<typeof want>[2]) => want(link, join(folder, "l"), given);
        return [at({ to: "here" }), at({ to: "/nowhere" }), at({ to: "here", owner: me }), at({ state: "absent" })];
      },
    },
  ],
};

for (const kind of kinds) conform(kind, cases[kind.name] ?? []);

let folder = "";

beforeAll(() => {
  folder = scratchFolder("quoting");
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

for (const [seed, shell] of shells.entries()) {
  const here = () => mkdtempSync(join(folder, "shell-"));

  test(`${shell.name}: 10,000 random texts arrive as arguments of a command as they are`, () => {
    const texts = randomTexts(seed, 10_000);
    const parts = Array.from({ length: 20 }, (_, index) => texts.slice(index * 500, index * 500 + 500));
    const wanted = parts.map((words) =>
      want(execute, words[0] ?? "", { run: ["printf", "%s\\0", ...words], always: "a test" }),
    );
    const results = runCalls(
      shell,
      wanted.flatMap((one) => execute.apply(one, undefined, context())),
    );
    for (const [index, result] of results.entries()) {
      expect(result).toEqual({ status: 0, changed: true, stderr: "", stdout: `${parts[index]?.join("\0")}\0` });
    }
  });

  test(`${shell.name}: the values of 2,500 random variables are what the command finds`, () => {
    const at = here();
    const values = randomTexts(seed + 100, 2500);
    const wanted = Array.from({ length: 5 }, (_, index) =>
      want(execute, "variables", {
        run: ["cp", "/proc/self/environ", join(at, String(index))],
        env: new Map(values.slice(index * 500, index * 500 + 500).map((value, number) => [`V${number}`, value])),
        always: "a test",
      }),
    );
    const results = runCalls(
      shell,
      wanted.flatMap((one) => execute.apply(one, undefined, context())),
    );
    expect(results.map((result) => [result.status, result.stderr])).toEqual(wanted.map(() => [0, ""]));
    for (const index of wanted.keys()) {
      const found = readFileSync(join(at, String(index)), "utf8").split("\0");
      const expected = values.slice(index * 500, index * 500 + 500).map((value, number) => `V${number}=${value}`);
      expect(found.filter((line) => /^V\d/.test(line)).toSorted()).toEqual(expected.toSorted());
    }
  });

  test(`${shell.name}: 2,000 random names are read in one probe, files, directories and links alike`, () => {
    const at = here();
    const names = randomNames(seed + 200, 2000).map((name) => name.replaceAll("/", "|"));
    const targets = randomTexts(seed + 300, names.length);
    for (const [index, name] of names.entries()) {
      if (index % 3 === 0) writeFileSync(join(at, name), name);
      else if (index % 3 === 1) mkdirSync(join(at, name));
      else symlinkSync(targets[index] ?? "x", join(at, name));
    }
    const paths = names.map((name) => join(at, name));
    const of = (rest: number) => paths.filter((_, index) => index % 3 === rest);
    const files = drive(file, shell, context()).read(...of(0).map((path) => want(file, path, { content: blob("") })));
    expect(of(0).map((path) => files.get(path)?.["digest"])).toEqual(
      names.filter((_, index) => index % 3 === 0).map((name) => blob(name).digest),
    );
    const directories = drive(directory, shell, context()).read(...paths.map((path) => want(directory, path)));
    expect(paths.map((path) => directories.get(path)?.state)).toEqual(
      paths.map((_, index) => ["other:file", "present", "other:link"][index % 3]),
    );
    const links = drive(link, shell, context()).read(...of(2).map((path) => want(link, path, { to: "x" })));
    expect(of(2).map((path) => links.get(path)?.["to"])).toEqual(
      targets.filter((_, index) => index % 3 === 2).slice(0, of(2).length),
    );
  });

  test(`${shell.name}: random names and targets are written as they are`, () => {
    const at = here();
    const names = randomNames(seed + 400, 150).slice(90);
    const wants = names.map((name, index) =>
      index % 2 === 0
        ? want(file, join(at, name), { content: blob(name), owner: me })
        : want(link, join(at, name), { to: names[names.length - 1 - index] ?? "x" }),
    );
    const calls = wants.flatMap((one, index) => (index % 2 === 0 ? file : link).apply(one, undefined, context()));
    const results = runCalls(shell, calls, { blobs: blobsOf(...wants) });
    expect(results.filter((result) => result.status !== 0 || !result.changed)).toEqual([]);
    expect(readdirSync(at).toSorted()).toEqual(names.toSorted());
    for (const [index, name] of names.entries()) {
      if (index % 2 === 0) expect(readFileSync(join(at, name), "utf8")).toBe(name);
      else expect(readlinkSync(join(at, name))).toBe(names[names.length - 1 - index]);
    }
  });
}
