import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeCompilerHost } from "../../cli/node-compiler-host.ts";
import { check } from "../../compiler/check.ts";
import { checkOnHosts } from "../../compiler/check-hosts.ts";
import type { Setting } from "../../compiler/data/setting.ts";
import { evaluate } from "../../compiler/evaluate.ts";
import { readSite } from "../../compiler/evaluate/site/read-site.ts";
import { prepare } from "../../compiler/evaluate/state/prepare.ts";
import { builtinFunctions } from "../../compiler/functions/table.ts";
import type { Facts } from "../../compiler/kind/facts.ts";
import { load } from "../../compiler/loader.ts";
import { dataMessages } from "../../compiler/messages/data.ts";
import { frame } from "../../grammar/frame.ts";
import { debian12 } from "../../stdlib/facts/debian-12.ts";
import { kinds } from "./evaluate/kinds.ts";

const folder = join(import.meta.dirname, "data");
const cases = readdirSync(folder);

/** What the command line sets, a line each in the file `settings`. */
function settingsIn(place: string): readonly Setting[] {
  const file = join(place, "settings");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => ({ name: line.slice(0, line.indexOf("=")), value: line.slice(line.indexOf("=") + 1) }));
}

/** Everything that is said of a recipe with data: its mistakes, or what the files of each host hold. */
function said(name: string): string {
  const place = join(folder, name);
  const program = load("site.recipe", nodeCompilerHost("/galley/cookbooks", place), kinds, settingsIn(place));
  const found = [...program.diagnostics, ...check(program, builtinFunctions)];
  const isWrong = found.some(({ severity }) => severity === "error");
  const checked = isWrong ? found : [...found, ...checkOnHosts(program, [debian12])];
  const frames = checked.map((diagnostic) => `${frame(diagnostic)}\n`);
  if (checked.some(({ severity }) => severity === "error")) return frames.join("\n");
  const prepared = prepare(program);
  const site = readSite(prepared);
  const factsOf = (host: string): Facts => ({ ...debian12, name: host, hostname: host });
  const hosts = (site.hosts.size > 0 ? [...site.hosts.keys()] : ["local"]).map((host) => {
    const { catalog, diagnostics } = evaluate(prepared, { facts: factsOf(host), site, factsOf });
    const wrong = diagnostics.map((diagnostic) => `${frame(diagnostic)}\n`);
    const files = (catalog?.resources ?? []).map(({ id, want }) => {
      const { content } = want.properties;
      const isBlob = typeof content === "object" && content !== null && "digest" in content;
      return `${id}: ${isBlob ? JSON.stringify(new TextDecoder().decode(content.bytes)) : ""}\n`;
    });
    return `--- ${host}\n${[...wrong, ...files].join("")}`;
  });
  return [...frames, ...hosts].join("\n");
}

test.each(cases)("%s", async (name) => {
  await expect(said(name)).toMatchFileSnapshot(join(folder, name, "expected"));
});

test("every message about data has a case", () => {
  const shown = new Set(cases.flatMap((name) => [...said(name).matchAll(/\[(D\d{3})\]/g)].map((match) => match[1])));
  expect(Object.keys(dataMessages).filter((code) => !shown.has(code))).toEqual([]);
});
