import type { Diagnostic } from "../grammar/diagnostic.ts";
import { evaluate } from "./evaluate.ts";
import { prepare, type Prepared } from "./evaluate/state/prepare.ts";
import { order } from "./graph.ts";
import type { Facts } from "./kind/facts.ts";
import type { Program } from "./program.ts";
import { watchFacts } from "./watched-facts.ts";

/** What is wrong on one host, and on those that are the same to this recipe. */
interface Findings {
  readonly hosts: string[];
  readonly agreeWith: (facts: Facts) => boolean;
  readonly evaluation: readonly Diagnostic[];
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
  const all = findings(prepare(program), hosts);
  const supported = all.filter(({ evaluation }) => !evaluation.some(({ code }) => code === unsupported));
  if (supported.length === 0)
    return together(all.map(({ evaluation, hosts: names }) => ({ found: evaluation, names }))).map(asWarning);
  const ordered = supported.flatMap(({ order: found, hosts: names }) => (found ? [{ found, names }] : []));
  return [
    ...together(supported.map(({ evaluation, hosts: names }) => ({ found: evaluation, names }))),
    ...together(ordered),
  ];
}

/** Hosts that agree in all facts that the recipe looks at are compiled for once. */
function findings(prepared: Prepared, hosts: readonly [Facts, ...Facts[]]): readonly Findings[] {
  const all: Findings[] = [];
  const [{ name, hostname }] = hosts;
  for (const host of hosts) {
    // A recipe that uses the name does not become another one by it.
    const likened = { ...host, name, hostname };
    const same = all.find(({ agreeWith }) => agreeWith(likened));
    if (same) same.hosts.push(host.name);
    else all.push({ ...compileFor(prepared, likened, host.name), hosts: [host.name] });
  }
  return all;
}

function compileFor(prepared: Prepared, host: Facts, hostName: string): Omit<Findings, "hosts"> {
  const { facts, agreeWith } = watchFacts(host);
  const { catalog, diagnostics } = evaluate(prepared, { facts, hostName }, { unobserved: "unknown" });
  const isWrong = diagnostics.some(({ severity }) => severity === "error");
  return {
    agreeWith,
    evaluation: diagnostics,
    ...(catalog && !isWrong ? { order: order(catalog, host).diagnostics } : {}),
  };
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
