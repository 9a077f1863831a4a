import type { Plan } from "../../compiler/plan.ts";
import { foldNodeset } from "../../compiler/selector/nodeset.ts";
import { count } from "./pretty-diagnostics.ts";
import { printable, type Terminal } from "../terminal.ts";
import { type PlanHeading, planLines } from "./pretty-plan.ts";
import { dot } from "./symbols.ts";
import { wrap } from "./wrap.ts";

/** A host's plan with what its heading says. */
export interface PlannedHost {
  readonly plan: Plan;
  readonly heading: PlanHeading;
}

/** Hosts whose plans read the same. */
export interface HostGroup {
  readonly hosts: readonly PlannedHost[];
  /** What the plan of each of them says. */
  readonly lines: readonly string[];
}

/**
 * Groups hosts by what their plans say: what stands alone comes first, for that is what a reader looks for, hosts without any
 * change come last.
 */
export function groupHosts(hosts: readonly PlannedHost[], terminal: Terminal, full: boolean): readonly HostGroup[] {
  const groups = new Map<string, { readonly hosts: PlannedHost[]; readonly lines: readonly string[] }>();
  for (const host of hosts) {
    const lines = planLines(host.plan, terminal, full);
    const key = lines.join("\n");
    const known = groups.get(key);
    if (known) known.hosts.push(host);
    else groups.set(key, { hosts: [host], lines });
  }
  const isIdle = ({ hosts: [first] }: HostGroup): boolean => first?.plan.steps.length === 0;
  return [...groups.values()].toSorted(
    (a, b) => Number(isIdle(a)) - Number(isIdle(b)) || a.hosts.length - b.hosts.length,
  );
}

/** Prints plans of several hosts, those that read the same once. */
export function printGroups(groups: readonly HostGroup[], terminal: Terminal, full: boolean): void {
  const changing = groups.filter(({ hosts: [first] }) => (first?.plan.steps.length ?? 0) > 0);
  const largest = Math.max(0, ...changing.map(({ hosts }) => hosts.length));
  for (const group of groups) {
    const stands = changing.includes(group) && group.hosts.length === 1 && largest > 2;
    for (const line of headingLines(group, { stands, full }, terminal)) terminal.write(`${line}\n`);
    for (const line of group.lines) terminal.write(`${line}\n`);
  }
}

function headingLines(
  { hosts, lines }: HostGroup,
  { full, stands }: { readonly full: boolean; readonly stands: boolean },
  terminal: Terminal,
): readonly string[] {
  const headings = hosts.map(({ heading }) => heading);
  const folded = foldNodeset(headings.map(({ host }) => host)).join(", ");
  const names = printable(full ? folded : elided(folded));
  const slowest = Math.max(...headings.map(({ milliseconds }) => milliseconds));
  const parts = [
    ...(hosts.length > 1 ? [count(hosts.length, "host")] : []),
    [...new Set(headings.map(({ system }) => system))].join(", "),
    resourcesOf(headings),
    `read in ${(slowest / 1000).toFixed(2)} s`,
    ...(stands ? ["unlike the others"] : []),
    ...(lines.length <= 1 ? ["nothing to change"] : []),
  ];
  const [first = "", ...rest] = wrap(`${names}  ${parts.join(` ${dot(terminal)} `)}`, terminal.columns);
  const isWhole = first.startsWith(names);
  const head = isWhole ? terminal.color.bold(names) + first.slice(names.length) : terminal.color.bold(first);
  return [head, ...rest.map((line) => `  ${line}`)];
}

/** Columns that the names of a group may take unless all are asked for. */
const namesAtMost = 60;

/** Names that fit into a heading; further ones are left out at a comma. */
function elided(names: string): string {
  if (names.length <= namesAtMost) return names;
  const cut = names.lastIndexOf(",", namesAtMost - 3);
  const kept = cut > 0 ? names.slice(0, cut) : names.slice(0, namesAtMost - 3);
  return `${kept},…${kept.lastIndexOf("[") > kept.lastIndexOf("]") ? "]" : ""}`;
}

function resourcesOf(headings: readonly PlanHeading[]): string {
  const numbers = headings.map(({ resources }) => resources);
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const each = headings.length > 1 ? " each" : "";
  return least === most ? `${count(most, "resource")}${each}` : `${least} to ${most} resources`;
}
