/** What a simulated run of apt-get told. */
export interface Simulation {
  /** Age of the package lists in days, when that is too old to take their word; undefined for lists of the last week. */
  readonly age?: number;
  /** Packages on hold. */
  readonly held: readonly string[];
  /** Names that no list has. */
  readonly unknown: ReadonlySet<string>;
  /** Names that only other packages provide, with those. */
  readonly choices: ReadonlyMap<string, readonly string[]>;
  /** Versions that would be installed, by name; with the architecture where it is a foreign one. */
  readonly installed: ReadonlyMap<string, string>;
  readonly removed: ReadonlySet<string>;
  /** Why packages cannot be installed together, in apt's words. */
  readonly conflict?: string;
}

/** Headings of apt-get above what it would install. */
const changed = new Set([
  "NEW packages will be installed",
  "packages will be DOWNGRADED",
  "packages will be upgraded",
  "held packages will be changed",
]);

/** Understands the output of `package_forecast`; undefined when there are no lists to ask, or other ones soon. */
export function readSimulation(output: string): Simulation | undefined {
  const lines = output.split("\n");
  const [, kind, days] = /^lists (\w+)(?: (\d+))?$/.exec(lines[0] ?? "") ?? [];
  if (kind !== "fresh" && kind !== "old") return undefined;
  const held: string[] = [];
  const unknown = new Set<string>();
  const choices = new Map<string, string[]>();
  let installed = new Map<string, string>();
  let removed = new Set<string>();
  let failed = false;
  let words: string[] = [];
  let choosing: string[] | undefined;
  let section = "";
  let inRun = false;
  for (const line of lines.slice(1)) {
    const run = /^run (\d+)$/.exec(line);
    if (run) {
      // The last run is of all that can be had.
      [inRun, failed, installed, removed, words] = [true, run[1] !== "0", new Map(), new Set(), []];
      continue;
    }
    if (!inRun) {
      if (line.startsWith("held ")) held.push(line.slice("held ".length));
      continue;
    }
    words.push(line);
    const virtual = /^Package (\S+) is a virtual package provided by:$/.exec(line)?.[1];
    if (virtual !== undefined) choices.set(virtual, (choosing = []));
    else if (choosing && line.startsWith("  ")) choosing.push(line.trim().split(" ")[0] ?? "");
    else choosing = undefined;
    const missing = /^E: (?:Unable to locate package (\S+)|Package '([^']+)' has no installation candidate)$/.exec(
      line,
    );
    if (missing) unknown.add(missing[1] ?? missing[2] ?? "");
    if (!line.startsWith(" ")) section = /^The following (.*):$/.exec(line)?.[1] ?? "";
    const [, name, version] = /^ {3}(\S+?)\*? \((?:\S+ => )?(\S+)\)$/.exec(line) ?? [];
    if (name === undefined || version === undefined) continue;
    if (changed.has(section)) installed.set(name, version);
    if (section === "packages will be REMOVED") removed.add(name);
  }
  const conflict = failed ? conflictIn(words) : undefined;
  return {
    ...(days === undefined ? {} : { age: Number(days) }),
    held,
    unknown,
    choices,
    installed,
    removed,
    ...(conflict === undefined ? {} : { conflict }),
  };
}

/** The lines about dependencies that cannot be met, as one sentence. */
function conflictIn(lines: readonly string[]): string | undefined {
  const start = lines.findIndex((line) => /^The following packages have unmet dependencies:$/.test(line));
  if (start === -1) return undefined;
  const end = lines.findIndex((line, at) => at > start && !line.startsWith(" "));
  const told = lines
    .slice(start + 1, end === -1 ? lines.length : end)
    .map((line) => line.trim().replaceAll(/ +/g, " "));
  return told.length === 0 ? undefined : told.join("; ");
}
