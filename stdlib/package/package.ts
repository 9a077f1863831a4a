import { call, probe } from "../../compiler/kind/call.ts";
import type { Footprint } from "../../compiler/kind/footprint.ts";
import { kind, type Change, type Have, type Want } from "../../compiler/kind/kind.ts";
import { bool, duration, oneOf, typed } from "../../compiler/kind/properties.ts";
import { wordOf } from "../values.ts";
import { packageForecast } from "./forecast.ts";
import { installedVersion, readPackages, versionFits } from "./dpkg.ts";

/** A package of the distribution. */
export const packageKind = kind({
  name: "package",
  title: {
    type: { type: "string", pattern: "[A-Za-z0-9][A-Za-z0-9+._-]*(:[a-z0-9-]+)?" },
    name: "name",
    doc: "The distribution's name of the package; `name:architecture` for a foreign one. A name that other packages provide, such as `mail-transport-agent`, is satisfied by any of them that is installed.",
  },
  doc: "A package of the distribution. All packages of a plan that need not wait for each other are installed in one run of the package manager. A declared package is marked as installed on purpose, so that `apt autoremove` leaves it. Nothing is removed that no recipe declares absent: a change that would remove more fails and names it.",
  example: `package "curl"

package "htop" {
  version = "3.2.*"
  hold    = true
}`,
  properties: {
    hold: bool({ doc: "Keeps upgrades of the system from changing the package. Left out, a hold stays as it is." }),
    lock_timeout: duration({
      doc: "How long to wait for another program that works on the package database, such as an unattended upgrade.",
      role: "control",
      default: { type: "duration", milliseconds: 60_000 },
    }),
    state: oneOf(
      "present",
      "absent",
    )({
      doc: 'Whether it is installed. `"absent"` removes it and leaves its configuration files.',
      default: "present",
    }),
    version: typed(
      { type: "string", refinement: "version" },
      {
        doc: 'The exact version, or its beginning and a star: `"3.2.*"`; the epoch (`1:`) may be left out. Without it any installed version will do.',
      },
    ),
  },
  footprint,
  probe: (wants) => {
    const versioned = wants.filter((want) => typeof want.properties["version"] === "string");
    const names = new Set(wants.map(({ title }) => title.replace(/:.*/, "")));
    return probe("package_probe", [], [...names].join("\n"), ...versioned.map((want) => want.title));
  },
  read: (output, wants) => readPackages(output, wants).states,
  unreadable: (output, wants, { facts }) => {
    const trouble =
      facts.package_manager === "apt"
        ? (readPackages(output, wants).trouble ?? "dpkg-query did not answer")
        : `packages are not supported yet on ${facts.os.family} (${facts.os.id}), only where apt is`;
    return new Map(wants.map((want) => [want.title, trouble]));
  },
  difference,
  refuses: (want, have) =>
    want.properties["state"] === "absent" && typeof have["lastProviderOf"] === "string"
      ? {
          problem: `nothing else provides ${have["lastProviderOf"]}, which the recipe declares too`,
          cure: `declare another package that provides it, or leave package "${have["lastProviderOf"]}" out`,
        }
      : undefined,
  names: (want, have) => [...(typeof have["otherName"] === "string" ? [have["otherName"]] : []), want.title],
  forecast: packageForecast,
  action: (want, have) =>
    want.properties["state"] === "absent" ? "remove" : have.state === "absent" ? "create" : "update",
  fingerprint,
  identity: (want) => [want.title, wordOf(want.properties["state"])],
  apply: (want) => [call("package_apply", lockTimeout([want]), ...membership(want))],
  transaction: (wants) => [call("package_transaction", lockTimeout(wants), ...wants.flatMap(membership))],
});

/** Also what the package is likely to bring, by its name; the planner knows more of some. */
function footprint(want: Want): readonly Footprint[] {
  const name = want.title.replace(/:.*/, "");
  if (want.properties["state"] === "absent") {
    return [{ mode: "removes", key: `package:${want.title}`, because: "it removes the package" }];
  }
  const because = `the package ${name} may bring it`;
  return [
    { mode: "provides", key: `package:${want.title}`, because: "it installs the package" },
    ...[`service:${name}`, `tree:/etc/${name}`, `program:${name}`, `user:${name}`, `group:${name}`].map(
      (key): Footprint => ({ mode: "may-provide", key, because }),
    ),
    ...(name.startsWith("libapache2-mod-")
      ? [{ mode: "may-provide", key: "tree:/etc/apache2/mods-available", because: "it is a module of Apache" } as const]
      : []),
  ];
}

function difference(want: Want, have: Have): readonly Change[] {
  const { state, version, hold } = want.properties;
  const changes: Change[] = [];
  if (state !== have.state) changes.push({ property: "state", from: have.state, to: wordOf(state) });
  if (state === "absent") return changes;
  if (typeof version === "string") {
    const installed = installedVersion(have);
    if (installed === undefined || !versionFits(installed, version)) {
      const available: readonly unknown[] = Array.isArray(have["available"]) ? have["available"] : [];
      const exact = available.find((candidate) => typeof candidate === "string" && versionFits(candidate, version));
      const to = typeof exact === "string" ? exact : version;
      changes.push({ property: "version", ...(installed === undefined ? {} : { from: installed }), to });
    }
  }
  const held = have["hold"];
  if (typeof hold === "boolean" && hold !== (held ?? false)) {
    changes.push({ property: "hold", ...(held === undefined ? {} : { from: held }), to: hold });
  }
  if (have["automatic"] === true) changes.push({ property: "mark", from: "automatic", to: "manual" });
  return changes;
}

/** The line that `package_state` prints. */
function fingerprint(have: Have): string {
  if (have.state === "absent") return "absent";
  const version = wordOf(have["version"]);
  const held = have["hold"] === true ? " held" : "";
  if (typeof have["provider"] === "string") return `provided ${have["provider"]} ${version}${held}`;
  return `${have.state} ${version}${held}${have["automatic"] === true ? " auto" : ""}`;
}

/** Name, state, version and hold as `package_transaction` takes them; what is not managed is empty. */
function membership({ title, properties }: Want): readonly string[] {
  const { state, version, hold } = properties;
  return [title, wordOf(state), wordOf(version), typeof hold === "boolean" ? String(hold) : ""];
}

/** The longest of the lock timeouts, in whole seconds. */
function lockTimeout(wants: readonly Want[]): string {
  const all = wants.map(({ properties: { lock_timeout: timeout } }) =>
    typeof timeout === "object" && timeout !== null && "milliseconds" in timeout ? timeout.milliseconds : 0,
  );
  return String(Math.ceil(Math.max(...all) / 1000));
}
