import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { evaluate } from "../compiler/evaluate.ts";
import { prepare } from "../compiler/evaluate/state/prepare.ts";
import type { Command } from "../compiler/kind/value.ts";
import { load } from "../compiler/loader.ts";
import { debian12 } from "../stdlib/facts/debian-12.ts";
import { kinds } from "../stdlib/index.ts";
import { shells } from "./verbs/shells.ts";

/** The commands of a recipe's observes, in order. */
function commandsOf(recipe: string): readonly Command[] {
  const host = {
    read: (path: string) =>
      path === "site.recipe"
        ? { bytes: new TextEncoder().encode(recipe) }
        : { problem: "missing" as const, detail: path },
    resolve: (_: string, relative: string) => relative,
    cookbook: () => ({ looked: [] }),
    dataFiles: () => [],
    sha256: (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex"),
  };
  const program = load("site.recipe", host, new Map(kinds.map((kind) => [kind.name, kind])));
  const { needs, diagnostics } = evaluate(prepare(program), { facts: debian12 });
  expect([...program.diagnostics, ...diagnostics].map(({ message }) => message)).toEqual([]);
  return (needs ?? []).map(({ command }) => command);
}

/** What stands between `sh"` and `"`, and what it prints with `show`, which writes each of its arguments in brackets. */
const table: readonly (readonly [string, string])[] = [
  ["show ${s}", "[a  $b'\"*]"],
  ["f() { show ${s} $1; }; f own", "[a  $b'\"*][own]"],
  ["set -- own words; show ${s} $2 $#", "[a  $b'\"*][words][2]"],
  ["shift; show ${s} $# $1", "[a  $b'\"*][0]"],
  ["set -- a b; shift; show $1 ${n}; shift", "[b][3]"],
  ["show $# $1 ${s} $@ ${n}", "[0][a  $b'\"*][3]"],
  ["show ${l} ${s} ${l}", "[x y][z][a  $b'\"*][x y][z]"],
  ["for one in ${l}; do show $one ${n}; done", "[x][y][3][z][3]"],
  ["set -u; for one in ${empty}; do show no; done; show ${empty} end; if ${empty}; then show yes; fi", "[end][yes]"],
  ["show pre${s}/${n}post a=${n}", "[prea  $b'\"*/3post][a=3]"],
  ['V=${s}; show \\"$V\\"; export W=${s}; show \\"$W\\"', "[a  $b'\"*][a  $b'\"*]"],
  ["n=${n}; show $((1 + n))", "[4]"],
  ["case ${s} in ${n}) show no;; ${s}) show yes;; esac", "[yes]"],
  ["show \\${unset:-${s}}", "[a  $b'\"*]"],
  ["show $(show ${s}) | cat", "[[a][$b'\"*]]"],
  ["(show ${s}; unset s; show ${n})", "[a  $b'\"*][3]"],
  ["env | grep galley_ || show none ${s}", "[none][a  $b'\"*]"],
  ["galley_1=own; show $galley_1 ${n}", "[own][3]"],
  ["eval ${code}", "[one][two]"],
  ["${argv} ${n}", "[first][3]"],
  ["show ${many}", Array.from({ length: 12 }, (_, at) => `[${at + 1}]`).join("")],
];

const recipe = `
let s = "a  \\$b'\\"*"
let n = 3
let l = ["x y", "z"]
let empty: list<string> = []
let code = "show one two"
let argv = ["show", "first"]
let many = [for i in range(1, 12) => i]
${table.map(([text], at) => `observe o${at}: string = sh"show() { printf '[%s]' \\"$@\\"; }; ${text}"`).join("\n")}
`;

for (const shell of shells) {
  test(`${shell.name}: a hole is one word whatever the command does with its own arguments, a list its words`, () => {
    const [program, ...words] = shell.command;
    const said = commandsOf(recipe).map(({ script, arguments: values }) => {
      const ended = spawnSync(program, [...words, "-c", script, "sh", ...values], {
        env: { PATH: shell.path, LC_ALL: "C.UTF-8" },
        encoding: "utf8",
      });
      return ended.stdout + ended.stderr;
    });
    expect(said.map((text, at) => [table[at]?.[0], text])).toEqual(table);
  });
}
