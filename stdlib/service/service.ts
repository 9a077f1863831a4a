import { call, probe } from "../../compiler/kind/call.ts";
import type { Facts } from "../../compiler/kind/facts.ts";
import type { Footprint } from "../../compiler/kind/footprint.ts";
import {
  kind,
  type Action,
  type Change,
  type Have,
  type ReadContext,
  type Refusal,
  type Want,
} from "../../compiler/kind/kind.ts";
import { bool, command, list, oneOf } from "../../compiler/kind/properties.ts";
import type { Value } from "../../compiler/kind/value.ts";
import { wordOf } from "../values.ts";
import { readUnits } from "./systemd.ts";

/** A service of the machine's init. */
export const service = kind({
  name: "service",
  title: {
    type: { type: "string", pattern: "[A-Za-z0-9_][A-Za-z0-9_:.@\\\\-]{0,250}" },
    name: "unit",
    doc: "The name of the unit. Without an ending it is a `.service`; timers, sockets and others are named in full.",
  },
  doc: `A service of the machine's init, which is systemd: whether it runs, whether it starts with the machine, and which files it must read again when they change.
Where no init runs, as in a container or a \`root:\` target, it is only enabled or disabled for the next boot.
Two declarations that name one unit by different names, such as \`ssh\` and \`sshd\`, are one service and may not contradict each other.
Its unit files and drop-ins belong to it: where one of them changes, systemd reads it again and the service is restarted if it runs.
It takes at most one event a run, the strongest it was sent, after everything it watches is in place; an event sent to a service that this run has started is dropped.`,
  example: `service "cron" {
  watch = ["/etc/cron.d/**"]
}`,
  events: ["reload", "restart"],
  properties: {
    enabled: bool({
      doc: "Whether it starts with the machine. Left out it does, where its unit can be enabled at all.",
      default: true,
    }),
    state: oneOf(
      "running",
      "stopped",
    )({
      doc: "Whether it runs now. A unit that does its work once and ends counts as running when it has done so since the machine started.",
      default: "running",
    }),
    verify: command({
      doc: "A command that must end with 0 before the service is started, reloaded or restarted, such as the program's own test of its configuration. When it fails nothing is done to the service, and the files, links and directories of the recipe whose change would have reached it are put back as they were when it last was content; what packages and commands changed stays, and its event stays owed.",
    }),
    watch: list(
      { type: "string", pattern: "/.*" },
      {
        doc: "Patterns of paths. What the recipe manages there comes first, and reloads the service when it changes: `*` and `?` match within one part of a path, `**` any depth.",
        role: "control",
      },
    ),
  },
  validate: ({ title }) =>
    /@(?:\.[a-z]+)?$/.test(title)
      ? [
          {
            code: "P440",
            message: `"${title}" is a template, of which nothing can run: name one of its instances`,
            hints: [`such as service["${title.replace(/@/, "@1")}"]`],
          },
        ]
      : title.endsWith(".service")
        ? [
            {
              code: "P414",
              message: `a service is named without its ending: service["${title.slice(0, -".service".length)}"]`,
              hints: ["two names for one unit could contradict each other unnoticed"],
            },
          ]
        : [],
  footprint,
  probe: (wants) => probe("service_probe", [], ...wants.map((want) => want.title)),
  read: (output, wants, { facts }) => (isManaged(facts) ? readUnits(output, wants).states : new Map()),
  unreadable: (output, wants, { facts }) => {
    const trouble = isManaged(facts)
      ? `systemd does not answer: ${readUnits(output, wants).trouble ?? "systemctl said nothing"}`
      : `services are not supported yet where the init is ${facts.init}, only with systemd`;
    return new Map(wants.map((want) => [want.title, trouble]));
  },
  difference,
  refuses,
  names: (_want, have) => (typeof have["names"] === "string" ? have["names"].split(" ") : []),
  action,
  fingerprint: (have) =>
    have.state === "absent"
      ? "absent"
      : `${wordOf(have["load"])} ${wordOf(have["active"])} ${wordOf(have["unit_file"]) || "-"}`,
  apply: (want) => [
    call("service_apply", want.title, wordOf(want.properties["state"]), enabledWord(want), ...verifyWords(want)),
  ],
  react: (want, event) =>
    want.properties["state"] === "running" ? [call("service_react", want.title, event, ...verifyWords(want))] : [],
});

function footprint(want: Want): readonly Footprint[] {
  const { state, enabled, watch } = want.properties;
  const unit = want.title.replace(/\.service$/, "");
  const packageName = unit.replace(/@.*/, "");
  const idle = state === "stopped" && enabled === false;
  const globs: readonly Value[] = Array.isArray(watch) ? watch : [];
  return [
    { mode: idle ? "reads" : "needs", key: `service:${unit}`, because: "it is its unit" },
    { mode: "reads", key: `package:${packageName}`, because: "the package has its name" },
    ...globs
      .filter((glob) => typeof glob === "string")
      .map((glob): Footprint => ({ mode: "reads", key: watchedKey(glob), because: `it watches ${glob}` })),
  ];
}

/** The folder that holds all a pattern can match; a pattern without wildcards is a path. */
function watchedKey(glob: string): string {
  const wild = glob.search(/[*?{]/);
  return wild < 0 ? `file:${glob}` : `tree:${glob.slice(0, glob.lastIndexOf("/", wild)) || "/"}`;
}

/** Where nothing runs as init, as in a container, units are enabled for the next boot and cannot run; other inits are not known. */
function isManaged(facts: Facts): boolean {
  return facts.init === "systemd" || facts.init === "none";
}

function difference(want: Want, have: Have, { facts }: ReadContext): readonly Change[] {
  const { state, enabled } = want.properties;
  if (have.state === "absent" && state === "stopped" && enabled === false) return [];
  const changes: Change[] = [];
  const stopped = have.state === "stopped" || have.state === "failed" || have.state === "absent";
  const inState =
    have["active"] === "offline" || facts.init === "none" || (state === "stopped" ? stopped : have.state === state);
  if (!inState) changes.push({ property: "state", from: have.state, to: wordOf(state) });
  if (have["outdated"] === true) {
    const because = "its unit files have changed since systemd read them";
    changes.push({ property: "unit", from: "outdated", to: "current", because });
  }
  const found = have["enabled"];
  const isStated = want.stated.has("enabled");
  // A unit that cannot be enabled is left alone, unless the recipe asks for just that.
  const impossible = have.state === "absent" || (enabled === true && isStated);
  const isLeft = have["load"] === "masked" && state === "stopped" && !isStated;
  const differs = found === undefined ? impossible : found !== enabled && !isLeft;
  if (typeof enabled === "boolean" && differs) {
    changes.push({ property: "enabled", ...(found === undefined ? {} : { from: found }), to: enabled });
  }
  return changes;
}

/** Why systemd would refuse what is wanted, as far as the unit tells. */
function refuses(want: Want, have: Have, context: ReadContext): Refusal | undefined {
  const changes = difference(want, have, context);
  const changed = (property: string): boolean => changes.some((change) => change.property === property);
  if (changes.length === 0 || have.state === "absent" || have["outdated"] === true) return undefined;
  const { title } = want;
  const unitFile = wordOf(have["unit_file"]);
  if (have["load"] === "masked") {
    const runtime = unitFile === "masked-runtime" ? " --runtime" : "";
    return {
      problem: "its unit is masked: it can neither start nor be enabled",
      cure: `if that is no longer meant, run \`systemctl unmask${runtime} ${title}\` there; else declare state = "stopped" and enabled = false`,
    };
  }
  if (have["load"] !== "loaded") {
    return {
      problem: `systemd cannot load its unit (${wordOf(have["load"])})`,
      cure: `\`systemctl status ${title}\` there names the line that is wrong`,
    };
  }
  if (changed("enabled") && have["enabled"] === undefined) return cannotBeEnabled(title, unitFile);
  if (changed("state") && want.properties["state"] === "stopped" && have["refuses_stop"] === true) {
    return {
      problem: "its unit may not be stopped by hand (RefuseManualStop=yes)",
      cure: "declare the unit that it is part of instead",
    };
  }
  if (changed("state") && want.properties["state"] === "running" && have["refuses_start"] === true) {
    return {
      problem: "its unit may not be started by hand (RefuseManualStart=yes)",
      cure: "declare the unit that starts it instead",
    };
  }
  return undefined;
}

/** Why `enabled = true` can have no effect on a unit, by what systemd calls its file. */
function cannotBeEnabled(title: string, unitFile: string): Refusal {
  const leaveOut = "leave `enabled` out";
  switch (unitFile) {
    case "static":
      return {
        problem: "its unit cannot be enabled: it has no [Install] section",
        cure: `${leaveOut} when something else starts it, such as a timer or a socket; else its unit file needs WantedBy= in [Install]`,
      };
    case "indirect":
      return {
        problem: "its unit cannot be enabled itself: its [Install] section only names other units",
        cure: `${leaveOut} and declare the units of its Also= line, see \`systemctl cat ${title}\``,
      };
    case "alias":
      return {
        problem: "this is another name of a unit",
        cure: `declare the unit itself, see \`systemctl cat ${title}\``,
      };
    case "generated":
    case "transient":
      return {
        problem: `its unit cannot be enabled: it is ${unitFile}, created each time the machine starts`,
        cure: leaveOut,
      };
    default:
      return {
        problem: `its unit cannot be enabled: ${unitFile === "" ? "it has no unit file" : `systemd calls its file ${unitFile}`}`,
        cure: leaveOut,
      };
  }
}

function action(want: Want, have: Have, changes: readonly Change[]): Action {
  if (!changes.some((change) => change.property === "state")) {
    const isRestart =
      have["outdated"] === true && have["active"] === "active" && want.properties["state"] === "running";
    return isRestart ? "restart" : "update";
  }
  return want.properties["state"] === "stopped" ? "stop" : "start";
}

function enabledWord(want: Want): string {
  return want.stated.has("enabled") ? String(want.properties["enabled"] === true) : "default";
}

/** The script of `verify` and the values of its holes. */
function verifyWords(want: Want): readonly string[] {
  const verify = want.properties["verify"];
  const given = typeof verify === "object" && verify !== null && "script" in verify;
  return given ? [verify.script, ...verify.arguments] : [];
}
