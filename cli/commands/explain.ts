import { evaluate } from "../../compiler/evaluate.ts";
import { readSite } from "../../compiler/evaluate/site/read-site.ts";
import { prepare } from "../../compiler/evaluate/state/prepare.ts";
import { type ExplainedInput, explainInput, type Origin, placeText } from "../../compiler/data/explain-input.ts";
import type { DataEntry } from "../../compiler/data/data.ts";
import { appliesTo } from "../../compiler/data/data.ts";
import { Hosts } from "../../compiler/evaluate/state/hosts.ts";
import type { Facts } from "../../compiler/kind/facts.ts";
import type { Program } from "../../compiler/program.ts";
import type { Site } from "../../compiler/site.ts";
import { selectHosts } from "../../compiler/selector/selector.ts";
import { positionAt } from "../../grammar/source.ts";
import { debian12 } from "../../stdlib/facts/debian-12.ts";
import { flag, textOption } from "../arguments.ts";
import { type Command, type CommandContext, UsageProblem } from "../command.ts";
import { compile, hasErrors } from "../compile.ts";
import { exitStatus } from "../exit-status.ts";
import { planOptions } from "../plan-options.ts";
import { findRecipe } from "../recipe-path.ts";
import { diagnosticsDocument, jsonText } from "../reporters/json.ts";
import { printDiagnostics } from "../reporters/pretty-diagnostics.ts";
import { settingsOf } from "../settings.ts";
import { printable } from "../terminal.ts";

/** `galley explain`: every place that gives an input a value, which of them counts, and where the value is used. */
export const explain: Command = {
  name: "explain",
  takes: "NAME [PATH]",
  positionals: 2,
  summary: "Show where the value of an input comes from, and where it is used; touches no host",
  details: [
    "NAME is the input of a resource, file or stack of which there is one per host: apache.server.workers, shop.domain. Each place that gives it a value is shown, the strongest first: --set, the recipe, the data of the host, its layers, its stack and all, the default.",
    "With --on HOST it also says which of them counts there.",
    "Exit status: 0 explained, 1 the recipe has mistakes or has no such input.",
  ],
  options: [
    ...planOptions.filter(({ name }) => name === "set"),
    { name: "on", value: "HOST", doc: "say which value counts on this host of the recipe" },
  ],
  async run(invocation, context) {
    const [name, path] = invocation.positionals;
    if (name === undefined)
      throw new UsageProblem("explain takes a name: the input of a resource, as in apache.server.workers");
    const recipe = findRecipe(path, context.workingDirectory);
    const { program, diagnostics } = compile(recipe, context, settingsOf(invocation));
    if (hasErrors(diagnostics)) {
      if (flag(invocation, "json")) context.output.write(diagnosticsDocument(diagnostics));
      else printDiagnostics(diagnostics, context.output);
      return exitStatus.error;
    }
    const explained = explainInput(program, name);
    if (!("origins" in explained)) {
      const { suggestion } = explained;
      throw new UsageProblem(
        `${recipe} has no input ${name}${suggestion === undefined ? "" : `; did you mean ${suggestion}?`}`,
      );
    }
    const host = textOption(invocation, "on");
    const uses = host === undefined ? undefined : usesOn(program, host);
    if (flag(invocation, "json")) context.output.write(document(explained, host, uses));
    else print(explained, host, uses, context);
    return exitStatus.ok;
  },
};

/** What became of data on one host, as far as that can be told without reading it. */
interface HostUses {
  readonly isMeant: (entry: DataEntry) => boolean;
  readonly hiddenBy: ReadonlyMap<DataEntry, string | undefined>;
}

function usesOn(program: Program, host: string): HostUses {
  const prepared = prepare(program);
  const site = readSite(prepared);
  const name = site.hosts.size === 0 ? host : oneHost(host, site);
  const factsOf = (one: string): Facts => ({ ...debian12, name: one, hostname: one });
  const { dataUses } = evaluate(prepared, { facts: factsOf(name), site, factsOf }, { unobserved: "unknown" });
  const hosts = Hosts.of(site, factsOf);
  const place = hosts.placeOf(hosts.own(factsOf(name)));
  return { isMeant: (entry) => appliesTo(entry, place), hiddenBy: dataUses ?? new Map() };
}

function oneHost(text: string, site: Site): string {
  const selected = selectHosts(text, site);
  if ("problem" in selected) throw new UsageProblem(`--on ${text}: ${selected.problem}`);
  const [only, ...others] = selected;
  if (only === undefined || others.length > 0) throw new UsageProblem(`--on ${text}: explain takes one host`);
  return only;
}

/** What is said of a place: "used", what hides it, or whom it is for. */
function verdict(origin: Origin, uses: HostUses | undefined, hasStronger: boolean): string {
  const { entry, level } = origin;
  if (level === "default") return uses && hasStronger ? "default, hidden" : "default";
  if (!entry) return "the recipe";
  const whose = origin.of === undefined ? (level === "common" ? "all hosts" : level) : `${level} ${origin.of}`;
  if (!uses) return whose;
  if (!uses.isMeant(entry)) return `${whose}: not this host`;
  if (!uses.hiddenBy.has(entry)) return whose;
  const by = uses.hiddenBy.get(entry);
  return by === undefined ? `${whose}: used` : `${whose}: hidden by ${by}`;
}

function verdicts({ origins }: ExplainedInput, uses: HostUses | undefined): readonly string[] {
  const isStronger = ({ entry, level }: Origin): boolean =>
    level === "recipe" || (entry !== undefined && (uses?.isMeant(entry) ?? false) && !entry.append);
  return origins.map((origin, index) => verdict(origin, uses, origins.slice(0, index).some(isStronger)));
}

function print(
  explained: ExplainedInput,
  host: string | undefined,
  uses: HostUses | undefined,
  { output }: CommandContext,
): void {
  const words = verdicts(explained, uses);
  const rows = explained.origins.map(({ span, text }, index) => [placeText(span), short(text), words[index] ?? ""]);
  const width = (column: number) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0));
  output.write(`${output.color.bold(printable(explained.name))}  ${printable(explained.type)}\n`);
  for (const [place = "", text = "", word = ""] of rows)
    output.write(`  ${printable(place.padEnd(width(0)))}  ${printable(text.padEnd(width(1)))}  ${printable(word)}\n`);
  if (rows.length === 0) output.write(`  nothing gives it a value; --set ${explained.name}=VALUE does\n`);
  if (explained.uses.length > 0)
    output.write(`  used at ${printable([...new Set(explained.uses.map(placeText))].join(", "))}\n`);
  if (host === undefined && explained.origins.some(({ entry }) => entry?.of !== undefined))
    output.write("  which of them counts depends on the host: --on HOST tells\n");
}

/** A value on one line, at most as long as fits beside its place. */
function short(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= 40 ? line : `${line.slice(0, 39)}…`;
}

function document(explained: ExplainedInput, host: string | undefined, uses: HostUses | undefined): string {
  const words = verdicts(explained, uses);
  const place = ({ span }: Pick<Origin, "span">) => ({
    file: span.file.path,
    line: positionAt(span.file, span.start).line,
  });
  const { name, type } = explained;
  const origins = explained.origins.map((origin, index) => ({
    level: origin.level,
    ...(origin.of === undefined ? {} : { of: origin.of }),
    ...place(origin),
    text: origin.text,
    verdict: words[index] ?? "",
  }));
  const used = explained.uses.map((span) => place({ span }));
  return jsonText({ version: 1, name, type, ...(host === undefined ? {} : { host }), origins, uses: used });
}
