import type { Diagnostic } from "../grammar/diagnostic.ts";
import type { Data, DataEntry } from "./data/data.ts";
import { appliedEvents, type LifeCycleEvent, lifeCycleEvents } from "./life-cycle.ts";
import { diagnostic } from "./messages.ts";
import { evaluate } from "./evaluate.ts";
import { readSite } from "./evaluate/site/read-site.ts";
import { prepare, type Prepared } from "./evaluate/state/prepare.ts";
import { order } from "./graph.ts";
import type { Facts } from "./kind/facts.ts";
import type { Program } from "./program.ts";
import type { Site } from "./site.ts";
import { watchFacts } from "./watched-facts.ts";

type DataUses = ReadonlyMap<DataEntry, string | undefined>;

/** What is wrong on one host, and on those that are the same to this recipe. */
interface Findings {
  readonly hosts: string[];
  readonly agreeWith: (facts: Facts) => boolean;
  readonly evaluation: readonly Diagnostic[];
  /** Data that was looked at, with what hid it everywhere; undefined for what was used somewhere. */
  readonly dataUses: DataUses;
  /** Missing when there was no catalog to put in order. */
  readonly order?: readonly Diagnostic[];
}

/** The recipe says itself which machines it is for: a match over a fact without a case for this one. */
const unsupported = "E180";

/**
 * Compiles a recipe for hosts that are known by their facts alone; answers of observes are unknown. What is wrong on all of
 * them is reported once, what is wrong on some is a warning that names them. A host that no case of a match over facts is for
 * is not one of the recipe's hosts, and does not count.
 */
export function checkOnHosts(program: Program, hosts: readonly [Facts, ...Facts[]]): readonly Diagnostic[] {
  const prepared = prepare(program);
  const site = readSite(prepared);
  if (site.diagnostics.some(({ severity }) => severity === "error")) return site.diagnostics;
  const all = findings(prepared, site, hosts);
  const supported = all.filter(({ evaluation }) => !evaluation.some(({ code }) => code === unsupported));
  if (supported.length === 0)
    return together(all.map(({ evaluation, hosts: names }) => ({ found: evaluation, names }))).map(asWarning);
  const ordered = supported.flatMap(({ order: found, hosts: names }) => (found ? [{ found, names }] : []));
  return [
    ...site.diagnostics,
    ...together(supported.map(({ evaluation, hosts: names }) => ({ found: evaluation, names }))),
    ...together(ordered),
    ...(examples(site, program.data).length === site.hosts.size ? hiddenData(supported) : []),
  ];
}

/** Data that is hidden wherever it was looked at. */
function hiddenData(all: readonly Findings[]): readonly Diagnostic[] {
  const hidden = new Map<DataEntry, string>();
  const used = new Set<DataEntry>();
  for (const { dataUses } of all) {
    for (const [entry, by] of dataUses) {
      if (by === undefined) used.add(entry);
      else if (!hidden.has(entry)) hidden.set(entry, by);
    }
  }
  return [...hidden].flatMap(([entry, by]) => {
    // What the command line sets this time says nothing of the next.
    if (used.has(entry) || entry.level === "command line" || by === "--set") return [];
    return [diagnostic("D107", entry.node.value.span, { name: `${entry.kind}.${entry.input}`, by })];
  });
}

/** Hosts that agree in all facts that the recipe looks at are compiled for once. */
function findings(prepared: Prepared, site: Site, hosts: readonly [Facts, ...Facts[]]): readonly Findings[] {
  const all: Findings[] = [];
  const [{ name, hostname }] = hosts;
  for (const host of hosts) {
    // A recipe that uses the name does not become another one by it.
    const likened = { ...host, name, hostname };
    const same = all.find(({ agreeWith }) => agreeWith(likened));
    if (same) same.hosts.push(host.name);
    else all.push({ ...compileFor(prepared, site, likened, host.name), hosts: [host.name] });
  }
  return all;
}

/** Compiles for a system: as the one machine there is, or as all machines of the recipe. */
function compileFor(prepared: Prepared, site: Site, system: Facts, systemName: string): Omit<Findings, "hosts"> {
  const machines = site.hosts.size > 0 ? examples(site, prepared.program.data) : [undefined];
  const all = machines.map((name) => {
    const watched = watchFacts(name === undefined ? system : { ...system, name, hostname: name });
    return { name, ...watched };
  });
  const others = new Map(all.map(({ name, facts }) => [name, facts]));
  const factsOf = (name: string): Facts => others.get(name) ?? { ...system, name, hostname: name };
  const evaluation: Diagnostic[] = [];
  const ordering: Diagnostic[] = [];
  const dataUses = new Map<DataEntry, string | undefined>();
  const runs = all.flatMap((machine) => worldsOf(prepared).map((events) => ({ ...machine, events })));
  for (const { name, facts, events } of runs) {
    const known = { facts, hostName: name ?? systemName, site, factsOf, events };
    const evaluated = evaluate(prepared, known, { unobserved: "unknown" });
    const { catalog, diagnostics } = evaluated;
    for (const [entry, by] of evaluated.dataUses ?? [])
      dataUses.set(entry, dataUses.has(entry) && dataUses.get(entry) === undefined ? undefined : by);
    const isWrong = diagnostics.some(({ severity }) => severity === "error");
    evaluation.push(...diagnostics);
    if (catalog && !isWrong) ordering.push(...order(catalog, { ...system, name: known.hostName }).diagnostics);
  }
  return {
    agreeWith: (facts) =>
      all.every(({ name, agreeWith }) => agreeWith(name === undefined ? facts : { ...facts, name, hostname: name })),
    evaluation: each(evaluation),
    dataUses,
    ...(evaluation.some(({ severity }) => severity === "error") ? {} : { order: each(ordering) }),
  };
}

/** The events that are brought about together: those of `apply`, and each other one that the recipe has something to say for. */
function worldsOf({ definitions, rootDefinition }: Prepared): readonly (readonly LifeCycleEvent[])[] {
  const held = new Set([rootDefinition, ...definitions.values()].flatMap(({ events }) => events));
  const alone = lifeCycleEvents.filter((event) => !appliedEvents.includes(event) && held.has(event));
  return [appliedEvents, ...alone.map((event) => [event])];
}

/** Machines of one set of layers that `check` compiles for; a plan compiles for all. */
const mostOfOneSort = 3;

/** Machines of every sort: those of the same layers differ at most in what they are called. */
function examples(site: Site, data: Data): readonly string[] {
  const sorts = new Map<string, string[]>();
  for (const name of site.hosts.keys()) {
    const layers = [...site.layers.values()].filter(({ hosts }) => hosts.includes(name)).map(({ kind }) => kind);
    const hasOwnData = data.entries.some(({ level, of }) => level === "host" && of === name);
    const sort = [...layers, hasOwnData].join(" ");
    const known = sorts.get(sort) ?? [];
    sorts.set(sort, known);
    if (known.length < mostOfOneSort) known.push(name);
  }
  return [...sorts.values()].flat();
}

/** Findings of several machines at one place with one message, once. */
function each(all: readonly Diagnostic[]): readonly Diagnostic[] {
  const known = new Map<string, Diagnostic>();
  for (const finding of all) {
    const { code, span, message } = finding;
    const key = `${code} ${span.file.path} ${span.start} ${message}`;
    if (!known.has(key)) known.set(key, finding);
  }
  return [...known.values()];
}

/** Findings of several hosts, each once. */
function together(
  all: readonly { readonly found: readonly Diagnostic[]; readonly names: readonly string[] }[],
): readonly Diagnostic[] {
  const byPlace = new Map<string, { readonly finding: Diagnostic; readonly names: Set<string> }>();
  for (const { found, names } of all) {
    const times = new Map<string, number>();
    for (const finding of found) {
      const { code, span } = finding;
      // Messages may name the host, so findings at one place are told apart by their order.
      const place = `${code} ${span.file.path} ${span.start} ${span.end}`;
      const time = (times.get(place) ?? 0) + 1;
      times.set(place, time);
      const key = `${place} ${time}`;
      const known = byPlace.get(key) ?? { finding, names: new Set() };
      byPlace.set(key, known);
      for (const name of names) known.names.add(name);
    }
  }
  const count = all.reduce((sum, { names }) => sum + names.length, 0);
  return [...byPlace.values()].map(({ finding, names }) => {
    if (names.size === count) return finding;
    const message = `on ${[...names].join(", ")}: ${finding.message}`;
    return { ...finding, severity: "warning", message };
  });
}

function asWarning(finding: Diagnostic): Diagnostic {
  return finding.code === unsupported ? { ...finding, severity: "warning" } : finding;
}
