import type { Have, Want } from "../../compiler/kind/kind.ts";

interface Entry {
  readonly status: string;
  readonly name: string;
  readonly architecture: string;
  readonly version: string;
  readonly provides: string;
}

/** What `package_probe` told: the state of each package by title, or dpkg's complaint when it could not answer. */
export interface Packages {
  readonly states: ReadonlyMap<string, Have>;
  readonly trouble?: string;
}

/** Understands the output of `package_probe`. */
export function readPackages(output: Uint8Array, wants: readonly Want[]): Packages {
  const lines = new TextDecoder().decode(output).split("\n");
  const trouble = lines.find((line) => line.startsWith("dpkg-query: error"));
  if (trouble !== undefined) return { states: new Map(), trouble };
  const end = lines.indexOf("");
  const database = lines.slice(0, end);
  const entries = database.flatMap(parseEntry);
  const native = entries.find((entry) => entry.name === "dpkg")?.architecture;
  if (native === undefined) return { states: new Map() };
  const automatic = readAutomatic(database);
  const available = readMadison(lines.slice(end + 1));
  const states = new Map<string, Have>();
  for (const want of wants) {
    const versions = available.get(want.title);
    const other = otherName(want.title, native);
    states.set(want.title, {
      ...select(entries, want, native, automatic),
      ...(versions === undefined ? {} : { available: versions }),
      ...(other === undefined ? {} : { otherName: other }),
    });
  }
  for (const [provider, name] of lastProviders(entries, wants, states)) {
    const have = states.get(provider);
    if (have) states.set(provider, { ...have, lastProviderOf: name });
  }
  return { states };
}

/** The name without its architecture, where that is the machine's own. */
function otherName(title: string, native: string): string | undefined {
  const [base = "", architecture] = title.split(":");
  return architecture === native || architecture === "all" ? base : undefined;
}

/**
 * Packages that the recipe declares absent, with the name that they are the last to provide although the recipe declares it
 * present. Nothing is said where a package is still to be installed: it may provide the name as well.
 */
function lastProviders(
  entries: readonly Entry[],
  wants: readonly Want[],
  states: ReadonlyMap<string, Have>,
): readonly (readonly [string, string])[] {
  const isPresent = (want: Want) => want.properties["state"] === "present";
  if (wants.some((want) => isPresent(want) && states.get(want.title)?.state === "absent")) return [];
  const leaving = new Map(
    wants.filter((want) => !isPresent(want)).map(({ title }) => [title.replace(/:.*/, ""), title]),
  );
  return wants.flatMap((want) => {
    if (!isPresent(want) || states.get(want.title)?.["provider"] === undefined) return [];
    const providers = entries.filter(
      ({ provides, status }) => conditionOf(status) === "present" && providesName(provides, want.title),
    );
    const titles = providers.map(({ name }) => leaving.get(name));
    return titles.flatMap((title) =>
      title === undefined || titles.includes(undefined) ? [] : [[title, want.title] as const],
    );
  });
}

function parseEntry(line: string): readonly Entry[] {
  const [status, full, version, provides] = line.split("|");
  if (status === undefined || full === undefined || version === undefined || provides === undefined) return [];
  const colon = full.lastIndexOf(":");
  return [{ status, name: full.slice(0, colon), architecture: full.slice(colon + 1), version, provides }];
}

/** The packages, `name:architecture`, that apt installed for others and removes when those go. */
function readAutomatic(lines: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  let stanza = "";
  for (const line of lines) {
    if (line.startsWith("Package: ")) stanza = line.slice("Package: ".length);
    else if (line.startsWith("Architecture: ")) stanza += `:${line.slice("Architecture: ".length)}`;
    else if (line === "Auto-Installed: 1") found.add(stanza);
  }
  return found;
}

/** Versions that can be installed, newest first, by name. */
function readMadison(lines: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const line of lines) {
    const [name, version] = line.split("|").map((word) => word.trim());
    if (name === undefined || version === undefined) continue;
    const versions = found.get(name) ?? [];
    if (!versions.includes(version)) versions.push(version);
    found.set(name, versions);
  }
  return found;
}

/** The same choice that `package_select` makes on the target. */
function select(entries: readonly Entry[], want: Want, native: string, automatic: ReadonlySet<string>): Have {
  const [base = "", architecture = native] = want.title.split(":");
  let best: Have = { state: "absent" };
  let rank = 0;
  for (const entry of entries) {
    const condition = conditionOf(entry.status);
    if (condition === "absent") continue;
    const { version } = entry;
    const own =
      entry.name === base &&
      (entry.architecture === architecture || (entry.architecture === "all" && architecture === native));
    const provides = condition === "present" && want.properties["state"] === "present";
    const weight = own ? (condition === "present" ? 3 : 2) : provides && providesName(entry.provides, base) ? 1 : 0;
    if (weight <= rank) continue;
    rank = weight;
    // apt notes a package for all architectures under the machine's own.
    const noted = `${entry.name}:${entry.architecture === "all" ? native : entry.architecture}`;
    best =
      condition === "unfinished"
        ? { state: condition, version }
        : {
            state: "present",
            version,
            ...(own ? {} : { provider: `${entry.name}:${entry.architecture}` }),
            hold: entry.status.startsWith("h"),
            ...(own && automatic.has(noted) ? { automatic: true } : {}),
          };
  }
  return best;
}

/** Of dpkg's three letters the second says how far the package is, the third that it must be installed again. */
function conditionOf(status: string): "absent" | "present" | "unfinished" {
  if (status[2] === "R") return "unfinished";
  const letter = status[1] ?? "n";
  return letter === "i" ? "present" : "UFHWt".includes(letter) ? "unfinished" : "absent";
}

/** Whether a Provides field names the package, with or without a version. */
function providesName(field: string, name: string): boolean {
  return field.split(", ").some((item) => item === name || item.startsWith(`${name} (`));
}

/** The version of an installed package; none when another one stands in for it. */
export function installedVersion(have: Have): string | undefined {
  return have["provider"] === undefined && typeof have["version"] === "string" ? have["version"] : undefined;
}

/** Whether a version is the wanted one: a trailing star stands for any rest, and the epoch may be left out. */
export function versionFits(version: string, wanted: string): boolean {
  return [version, version.slice(version.indexOf(":") + 1)].some((candidate) =>
    wanted.endsWith("*") ? candidate.startsWith(wanted.slice(0, -1)) : candidate === wanted,
  );
}
