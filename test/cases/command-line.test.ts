import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";

/**
 * What a person sees of the command line, to the letter. A case is a folder: `command` has the words after `galley`, one
 * command a line; `expected` its answer, its messages and its exit status; the other files are the folder it runs in.
 */
const folder = join(import.meta.dirname, "command-line");
const root = join(import.meta.dirname, "../..");
// The bundle that `./galley` starts.
const main = join(root, "node_modules/.cache/galley/start.cjs");
const cases = readdirSync(folder).toSorted();

beforeAll(async () => {
  const built = await run(process.execPath, [join(root, "scripts/build.ts")], root);
  expect(built).toEqual({ output: "", errors: "", status: 0 });
});

it.concurrent.each(cases)("%s", async (name) => {
  const here = mkdtempSync(join(tmpdir(), "galley-case-"));
  try {
    cpSync(join(folder, name), here, { recursive: true });
    rmSync(join(here, "expected"), { force: true });
    // Files that no repository should hold are made here.
    const make = join(here, "make");
    if (existsSync(make)) await run("/bin/sh", [make], here);
    const lines = readFileSync(join(folder, name, "command"), "utf8")
      .trim()
      .split("\n");
    let text = "";
    for (const line of lines) {
      const words = line.split(" ").filter((word) => word !== "");
      const ended = await run(process.execPath, [main, ...words], here);
      text += `$ galley ${line}\n${ended.output}${ended.errors === "" ? "" : `--- messages\n${ended.errors}`}--- exit ${ended.status}\n`;
    }
    const expected = join(folder, name, "expected");
    const steady = steadied(text, here);
    if (process.env["UPDATE_CASES"]) writeFileSync(expected, steady);
    expect(steady).toBe(readFileSync(expected, "utf8"));
  } finally {
    rmSync(here, { recursive: true });
  }
});

/** Times and the temporary folder differ from run to run. */
function steadied(text: string, here: string): string {
  return text.replaceAll(here, "HERE").replace(/(read|failed|mistakes) in \d+\.\d+ s/g, "$1 in 0.00 s");
}

function run(program: string, words: readonly string[], cwd: string) {
  return new Promise<{ output: string; errors: string; status: number | null }>((resolve, reject) => {
    const env = { PATH: process.env["PATH"] ?? "", HOME: cwd, LC_ALL: "C.UTF-8", COLUMNS: "100" };
    const child = spawn(program, words, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    let errors = "";
    child.stdout.setEncoding("utf8").on("data", (piece: string) => (output += piece));
    child.stderr.setEncoding("utf8").on("data", (piece: string) => (errors += piece));
    child.on("error", reject);
    child.on("close", (status) => resolve({ output, errors, status }));
  });
}
