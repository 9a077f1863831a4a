import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeCompilerHost } from "../../cli/node-compiler-host.ts";
import { check } from "../../compiler/check.ts";
import { checkOnHosts } from "../../compiler/check-hosts.ts";
import { evaluate } from "../../compiler/evaluate.ts";
import { readSite } from "../../compiler/evaluate/site/read-site.ts";
import { prepare } from "../../compiler/evaluate/state/prepare.ts";
import { builtinFunctions } from "../../compiler/functions/table.ts";
import { order } from "../../compiler/graph.ts";
import type { Facts } from "../../compiler/kind/facts.ts";
import { load } from "../../compiler/loader.ts";
import { hostMessages } from "../../compiler/messages/hosts.ts";
import type { Site } from "../../compiler/site.ts";
import { wavesOf } from "../../compiler/site-waves.ts";
import { frame } from "../../grammar/frame.ts";
import { debian12 } from "../../stdlib/facts/debian-12.ts";
import { catalogText } from "./evaluate/catalog-text.ts";
import { kinds } from "./evaluate/kinds.ts";

const folder = join(import.meta.dirname, "site");
const cases = readdirSync(folder).filter((name) => name.endsWith(".recipe"));

function siteText(site: Site): string {
  const hosts = [...site.hosts.values()].map(({ name, address, port, login, labels }) => {
    const given = { address, port, login, ...(labels.size > 0 ? { labels: Object.fromEntries(labels) } : {}) };
    return `host ${name} ${JSON.stringify(given)}\n`;
  });
  const layers = [...site.layers.values()].map(({ kind, hosts: names, rolling, maxFailures }) => {
    const how = `${rolling === undefined ? "" : ` rolling ${rolling}`}${maxFailures === undefined ? "" : ` max_failures ${maxFailures}`}`;
    return `layer ${kind}: ${names.join(", ")}${how}\n`;
  });
  const waves = wavesOf(site).waves.map((names, index) => `wave ${index + 1}: ${names.join(", ")}\n`);
  return [...hosts, ...layers, ...waves].join("");
}

/** The order in which a host's steps would be taken. */
function stepsText(sorted: ReturnType<typeof order>): string {
  return sorted.graph ? `steps: ${sorted.graph.order.map(({ id }) => id).join(", ")}\n` : "";
}

/** Everything that is said of a recipe with hosts: its mistakes, its site, and what each host should be. */
function said(name: string): string {
  const program = load(name, nodeCompilerHost(join(folder, "cookbooks"), folder), kinds);
  const found = [...program.diagnostics, ...check(program, builtinFunctions)];
  const checked = found.some(({ severity }) => severity === "error")
    ? found
    : [...found, ...checkOnHosts(program, [debian12])];
  const frames = checked.map((diagnostic) => `${frame(diagnostic)}\n`);
  if (checked.some(({ severity }) => severity === "error")) return frames.join("\n");
  const prepared = prepare(program);
  const site = readSite(prepared);
  const factsOf = (host: string): Facts => ({ ...debian12, name: host, hostname: host });
  const hosts = [...site.hosts.keys()].map((host) => {
    const { catalog, diagnostics } = evaluate(prepared, { facts: factsOf(host), site, factsOf });
    const wrong = diagnostics.map((diagnostic) => `${frame(diagnostic)}\n`).join("\n");
    return `--- ${host}\n${wrong}${catalog ? catalogText(catalog) + stepsText(order(catalog, factsOf(host))) : ""}`;
  });
  return [...frames, siteText(site), ...hosts].join("\n");
}

test.each(cases)("%s", async (name) => {
  await expect(said(name)).toMatchFileSnapshot(join(folder, name.replace(/recipe$/, "txt")));
});

test("every message about hosts has a case", () => {
  const shown = new Set(cases.flatMap((name) => [...said(name).matchAll(/\[(H\d{3})\]/g)].map((match) => match[1])));
  expect(Object.keys(hostMessages).filter((code) => !shown.has(code))).toEqual([]);
});
