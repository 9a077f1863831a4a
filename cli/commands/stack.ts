import { readSite } from "../../compiler/evaluate/site/read-site.ts";
import { prepare } from "../../compiler/evaluate/state/prepare.ts";
import { foldNodeset } from "../../compiler/selector/nodeset.ts";
import type { DeclaredHost, Site } from "../../compiler/site.ts";
import { wavesOf } from "../../compiler/site-waves.ts";
import { flag } from "../arguments.ts";
import { type Command, type CommandContext, UsageProblem } from "../command.ts";
import { compile, hasErrors, sorted } from "../compile.ts";
import { exitStatus } from "../exit-status.ts";
import { planOptions } from "../plan-options.ts";
import { findRecipe } from "../recipe-path.ts";
import { diagnosticsDocument, jsonText } from "../reporters/json.ts";
import { printDiagnostics } from "../reporters/pretty-diagnostics.ts";
import { settingsOf } from "../settings.ts";
import { printable } from "../terminal.ts";

/** `galley stack state`: which hosts a recipe declares, and how they belong together. */
export const stack: Command = {
  name: "stack",
  takes: "state [PATH]",
  positionals: 2,
  summary: "Show the hosts, layers and stacks that a recipe declares; touches no host",
  details: [
    "Hosts are shown in the order in which they are worked off. --json prints one document for other programs, such as monitoring.",
    "Exit status: 0 shown, 1 the recipe has mistakes or the call is wrong.",
  ],
  options: planOptions.filter(({ name }) => name === "set"),
  async run(invocation, context) {
    const [word, path] = invocation.positionals;
    if (word !== "state") throw new UsageProblem("stack takes the word state, as in galley stack state");
    const recipe = findRecipe(path, context.workingDirectory);
    const { program, diagnostics: found } = compile(recipe, context, settingsOf(invocation));
    const site = readSite(prepare(program));
    const diagnostics = hasErrors(found) ? found : sorted([...found, ...site.diagnostics], program);
    if (hasErrors(diagnostics)) {
      if (flag(invocation, "json")) context.output.write(diagnosticsDocument(diagnostics));
      else printDiagnostics(diagnostics, context.output);
      return exitStatus.error;
    }
    if (flag(invocation, "json")) context.output.write(stateDocument(site));
    else printState(site, context);
    return exitStatus.ok;
  },
};

function layersOf({ name }: DeclaredHost, site: Site): readonly string[] {
  return [...site.layers.values()].filter(({ hosts }) => hosts.includes(name)).map(({ kind }) => kind);
}

/** The document of `stack state --json`. */
function stateDocument(site: Site): string {
  const { waves } = wavesOf(site);
  const document = {
    version: 1,
    hosts: [...site.hosts.values()].map((host) => ({
      name: host.name,
      address: host.address ?? null,
      port: host.port ?? null,
      login: host.login ?? null,
      labels: Object.fromEntries(host.labels),
      layers: layersOf(host, site),
    })),
    layers: [...site.layers.values()].map(({ hosts, kind, maxFailures, rolling, stack: of }) => ({
      name: kind,
      stack: of,
      hosts,
      rolling: rolling ?? null,
      maxFailures: maxFailures ?? 0,
    })),
    stacks: [...site.stacks.values()].map(({ hosts, kind }) => ({ name: kind, hosts })),
    order: site.order.map(({ first, then }) => ({ first, then })),
    waves,
  };
  return jsonText(document);
}

function printState(site: Site, { output }: CommandContext): void {
  const write = (text: string) => output.write(`${printable(text)}\n`);
  if (site.hosts.size === 0) return write("the recipe declares no hosts: --on names the machines that it is for");
  for (const { hosts, kind, maxFailures, rolling } of site.layers.values()) {
    const how = [
      ...(rolling === undefined ? [] : [`${rolling} at a time`]),
      ...(maxFailures === undefined ? [] : [`${maxFailures} may fail`]),
    ];
    write(
      `${kind}  ${hosts.length === 0 ? "no hosts" : foldNodeset(hosts).join(", ")}${how.length > 0 ? `  (${how.join(", ")})` : ""}`,
    );
  }
  for (const { first, then } of site.order) write(`${first} -> ${then}`);
  const rows = wavesOf(site)
    .waves.flat()
    .flatMap((name) => {
      const host = site.hosts.get(name);
      return host ? [[name, placeOf(host), [...layersOf(host, site), ...labelsOf(host)].join(" ")] as const] : [];
    });
  const width = (column: 0 | 1) => Math.max(...rows.map((row) => row[column].length));
  if (site.layers.size > 0) write("");
  for (const [name, place, rest] of rows)
    write(`${name.padEnd(width(0))}  ${place.padEnd(width(1))}  ${rest}`.trimEnd());
}

function placeOf({ address, login, name, port }: DeclaredHost): string {
  const where = address ?? name;
  const shown = where.includes(":") ? `[${where}]` : where;
  return `${login === undefined ? "" : `${login}@`}${shown}${port === undefined ? "" : `:${port}`}`;
}

function labelsOf({ labels }: DeclaredHost): readonly string[] {
  return [...labels].map(([key, value]) => `${key}:${value}`);
}
