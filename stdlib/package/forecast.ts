import { probe } from "../../compiler/kind/call.ts";
import type { Forecast, Forecaster, Have, ReadContext, Want } from "../../compiler/kind/kind.ts";
import { wordOf } from "../values.ts";
import { versionFits } from "./dpkg.ts";
import { readSimulation, type Simulation } from "./simulation.ts";

type Haves = ReadonlyMap<string, Have>;

/** Asks apt, in one simulated run for all packages of a plan, what installing and removing them would do. */
export const packageForecast: Forecaster = {
  dependsOn: ["/etc/apt", "/usr/share/keyrings", "/usr/local/share/keyrings"],
  probe: (wants, haves) => {
    const asked = wants.filter((want) => !isNoteOnly(want, haves.get(want.title)));
    return asked.length === 0 ? undefined : probe("package_forecast", [], ...asked.map((want) => wordFor(want, haves)));
  },
  read: (output, wants, haves, context) => {
    const simulation = readSimulation(new TextDecoder().decode(output));
    if (!simulation) return new Map();
    const asked = wants.filter((want) => !isNoteOnly(want, haves.get(want.title)));
    const sideEffects = sideEffectsOf(asked, haves, simulation, context);
    return new Map(
      asked.map((want) => [
        want.title,
        missing(want, haves, simulation) ?? sideEffects.get(want.title) ?? settled(want, simulation),
      ]),
    );
  },
};

/** Whether the package stays as it is, and only its hold or its mark changes. */
function isNoteOnly({ properties: { state, version } }: Want, have: Have | undefined): boolean {
  if (have?.state !== state) return false;
  return state === "absent" || typeof version !== "string" || versionFits(wordOf(have?.["version"]), version);
}

/** The newest version in the lists that is the wanted one. */
function chosenVersion(want: Want, haves: Haves): string | undefined {
  const { version } = want.properties;
  return typeof version === "string"
    ? versionsOf(want, haves).find((available) => versionFits(available, version))
    : undefined;
}

function versionsOf(want: Want, haves: Haves): readonly string[] {
  const available = haves.get(want.title)?.["available"];
  return Array.isArray(available) ? available.filter((version) => typeof version === "string") : [];
}

/** The package as apt-get takes it. */
function wordFor(want: Want, haves: Haves): string {
  if (want.properties["state"] === "absent") return `${want.title}-`;
  const chosen = chosenVersion(want, haves);
  return chosen === undefined ? want.title : `${want.title}=${chosen}`;
}

/** A package or a version that cannot be had. With lists that are old it may be there after all. */
function missing(want: Want, haves: Haves, { age, choices, unknown }: Simulation): Forecast | undefined {
  const { title, properties } = want;
  if (properties["state"] === "absent") return undefined;
  const providers = choices.get(title);
  if (providers) {
    const problem = "it is a name that several packages provide";
    return { refusal: { problem, cure: `declare one of them: ${providers.join(", ")}` } };
  }
  const stale = age === undefined ? "" : `; they are ${age} days old, and are fetched again before it is installed`;
  const versions = versionsOf(want, haves);
  if (unknown.has(title)) {
    const problem = "it is in none of this machine's package lists";
    if (age !== undefined) return { doubt: `${problem}${stale}` };
    const cure = "correct its name, or add the repository that has it; `apt-get update` there fetches the lists again";
    return { refusal: { problem, cure } };
  }
  const { version } = properties;
  if (typeof version !== "string" || versions.length === 0 || chosenVersion(want, haves) !== undefined)
    return undefined;
  const problem = `the package lists do not have its version ${version}`;
  if (age !== undefined) return { doubt: `${problem}${stale}` };
  return { refusal: { problem, cure: `they have ${versions.join(", ")}` } };
}

/** Refusals because of other packages, each told at one declaration: apt looks at all of them together. */
function sideEffectsOf(
  asked: readonly Want[],
  haves: Haves,
  simulation: Simulation,
  context: ReadContext,
): ReadonlyMap<string, Forecast> {
  const found = new Map<string, Forecast>();
  const removals = asked.filter((want) => want.properties["state"] === "absent");
  const removed = new Set(removals.flatMap(({ title }) => [title, title.replace(/:.*/, "")]));
  const unasked = [...simulation.removed].filter((name) => !removed.has(name) && !removed.has(name.replace(/:.*/, "")));
  const [first] = removals.length > 0 ? removals : asked;
  if (first && unasked.length > 0) {
    const named = unasked.map((name) => (context.isDeclared?.("package", name) ? `${name} (declared)` : name));
    const what = removals.length > 0 ? `removing ${removals.map(({ title }) => title).join(", ")}` : "installing it";
    const cure = 'declare what may go with state = "absent"';
    found.set(first.title, { refusal: { problem: `${what} would also remove ${named.join(", ")}`, cure } });
  }
  for (const name of simulation.held) {
    if (!simulation.installed.has(name) && !simulation.removed.has(name)) continue;
    const own = asked.find(({ title }) => title === name || title.replace(/:.*/, "") === name);
    // A hold of a package that the recipe changes is released for that time.
    if (own && (haves.get(own.title)?.["hold"] === true || typeof own.properties["hold"] === "boolean")) continue;
    const at = own ?? asked[0];
    if (!at) continue;
    const problem = own ? "it is on hold there" : `the held package ${name} would have to change`;
    const cure = own
      ? "release it with hold = false, or install it and keep the hold with hold = true"
      : `release it there (\`apt-mark unhold ${name}\`), or declare it with hold = false`;
    found.set(at.title, { refusal: { problem, cure } });
  }
  if (found.size === 0 && asked[0] && simulation.conflict !== undefined) {
    found.set(asked[0].title, { doubt: `apt says of this and the other packages: ${simulation.conflict}` });
  }
  return found;
}

/** The version that will be installed. */
function settled({ title }: Want, { installed }: Simulation): Forecast {
  const version = installed.get(title) ?? installed.get(title.replace(/:.*/, ""));
  return version === undefined ? {} : { settles: { version } };
}
