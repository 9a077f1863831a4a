import type { Have, Want } from "../../compiler/kind/kind.ts";

/** What `service_probe` told: the state of each unit by title, or the words of a systemd that does not answer. */
export interface Units {
  readonly states: ReadonlyMap<string, Have>;
  readonly trouble?: string;
}

/** Understands the output of `service_probe`: a block for each unit, in the order they were asked for. */
export function readUnits(output: Uint8Array, wants: readonly Want[]): Units {
  const blocks: Map<string, string>[] = [];
  const links = new Set<string>();
  const outdated = new Set<string>();
  let trouble: string | undefined;
  for (const line of new TextDecoder().decode(output).split("\n")) {
    const [, name, value = ""] = /^(\w+)=(.*)$/.exec(line) ?? [];
    if (name === undefined) {
      if (line !== "") trouble ??= line;
    } else if (name === "outdated") {
      outdated.add(value);
    } else if (name === "rc") {
      for (const link of value.split(" ")) links.add(link.replace(/^.*\/S\d\d/, ""));
    } else {
      // systemctl parts the blocks of one call by empty lines, but not those of several calls.
      const last = blocks.at(-1);
      if (last === undefined || last.has(name)) blocks.push(new Map([[name, value]]));
      else last.set(name, value);
    }
  }
  if (blocks.length !== wants.length) return { states: new Map(), ...(trouble === undefined ? {} : { trouble }) };
  return { states: new Map(wants.map((want, at) => [want.title, stateOf(blocks[at] ?? new Map(), links, outdated)])) };
}

function stateOf(block: ReadonlyMap<string, string>, links: ReadonlySet<string>, outdated: ReadonlySet<string>): Have {
  const pick = (name: string): string => block.get(name) ?? "";
  const load = pick("LoadState");
  // Where nothing can run, only enabling such a unit is left to do.
  if (load === "not-found")
    return { state: "absent", load, ...(pick("ActiveState") === "offline" && { active: "offline" }) };
  let unitFile = pick("UnitFileState");
  // What is made from a script of the old init is enabled by its start links; of other origins it starts by itself.
  if (unitFile === "generated" && pick("SourcePath").startsWith("/etc/init.d/")) {
    unitFile = links.has(pick("Id").replace(/\.service$/, "")) ? "generated-enabled" : "generated-disabled";
  }
  const raw = pick("ActiveState");
  const active = raw === "activating" && pick("SubState").startsWith("auto-restart") ? "failed" : raw;
  const enabled = enabledBy.get(unitFile);
  return {
    state: isDone(pick) ? "running" : (stateBy.get(active) ?? active),
    ...(enabled === undefined ? {} : { enabled }),
    load,
    active: phaseBy.get(active) ?? active,
    unit_file: unitFile,
    ...((pick("NeedDaemonReload") === "yes" || (raw === "active" && outdated.has(pick("Id")))) && { outdated: true }),
    ...(pick("RefuseManualStart") === "yes" && { refuses_start: true }),
    ...(pick("RefuseManualStop") === "yes" && { refuses_stop: true }),
    ...(pick("Id") !== "" && { names: namesOf(pick("Id"), pick("Names")) }),
  };
}

/** All names of a unit, its proper one first. */
function namesOf(id: string, names: string): string {
  return [...new Set([id, ...names.split(" ").filter((name) => name !== "")])].join(" ");
}

/** A unit that runs once and ends counts as running once it has done so. */
function isDone(pick: (name: string) => string): boolean {
  return (
    pick("Type") === "oneshot" &&
    pick("RemainAfterExit") === "no" &&
    pick("ActiveState") === "inactive" &&
    pick("Result") === "success" &&
    !["", "0"].includes(pick("ExecMainExitTimestampMonotonic"))
  );
}

const stateBy = new Map([
  ["activating", "starting"],
  ["active", "running"],
  ["deactivating", "stopping"],
  ["inactive", "stopped"],
  ["refreshing", "running"],
  ["reloading", "running"],
]);

/** What a unit will be active as once a change under way is over: a fingerprint must not depend on the moment. */
const phaseBy = new Map([
  ["activating", "active"],
  ["deactivating", "inactive"],
  ["refreshing", "active"],
  ["reloading", "active"],
]);

/** Whether a unit starts with the machine; those not listed are not for anybody to enable. */
const enabledBy = new Map([
  ["disabled", false],
  ["enabled", true],
  ["enabled-runtime", false],
  ["generated-disabled", false],
  ["generated-enabled", true],
  ["linked", false],
  ["linked-runtime", false],
  ["masked", false],
  ["masked-runtime", false],
]);
