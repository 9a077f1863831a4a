import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Have, Want } from "../../compiler/kind/kind.ts";
import type { Value } from "../../compiler/kind/value.ts";
import { debian12 } from "../facts/debian-12.ts";
import { shells } from "../../test/verbs/shells.ts";
import { showChanges } from "../../test/verbs/show-changes.ts";
import { context as contextOf, want as wantOf } from "../../test/verbs/wants.ts";
import { makeWorld, type World } from "../../test/verbs/world.ts";
import { service } from "./service.ts";

const context = contextOf();

const wanted = (title: string, given: Readonly<Record<string, Value>> = {}): Want => wantOf(service, title, given);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A unit as `systemctl show` tells it. */
function unit(given: Readonly<Record<string, string>>): string {
  const all = {
    Type: "notify",
    RemainAfterExit: "no",
    Result: "success",
    NRestarts: "0",
    ExecMainExitTimestampMonotonic: "0",
    CanReload: "yes",
    Id: "apache2.service",
    LoadState: "loaded",
    ActiveState: "active",
    SubState: "running",
    UnitFileState: "enabled",
    NeedDaemonReload: "no",
    ConditionResult: "yes",
    ...given,
  };
  return Object.entries(all)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}

const down = { ActiveState: "inactive", SubState: "dead" };
const missing = { ...down, LoadState: "not-found", UnitFileState: "" };
const once = { ...down, Type: "oneshot", ExecMainExitTimestampMonotonic: "77" };

const named = { names: "apache2.service" };

const states: readonly (readonly [given: Readonly<Record<string, string>>, have: Have, line: string])[] = [
  [
    {},
    { state: "running", enabled: true, load: "loaded", active: "active", unit_file: "enabled", ...named },
    "loaded active enabled",
  ],
  [
    { ...down, UnitFileState: "disabled" },
    { state: "stopped", enabled: false, load: "loaded", active: "inactive", unit_file: "disabled", ...named },
    "loaded inactive disabled",
  ],
  [
    { ActiveState: "activating", SubState: "start" },
    { state: "starting", enabled: true, load: "loaded", active: "active", unit_file: "enabled", ...named },
    "loaded active enabled",
  ],
  [
    { ActiveState: "activating", SubState: "auto-restart" },
    { state: "failed", enabled: true, load: "loaded", active: "failed", unit_file: "enabled", ...named },
    "loaded failed enabled",
  ],
  [
    { ActiveState: "deactivating", SubState: "stop-sigterm" },
    { state: "stopping", enabled: true, load: "loaded", active: "inactive", unit_file: "enabled", ...named },
    "loaded inactive enabled",
  ],
  [
    { ...down, LoadState: "masked", UnitFileState: "masked" },
    { state: "stopped", enabled: false, load: "masked", active: "inactive", unit_file: "masked", ...named },
    "masked inactive masked",
  ],
  [
    { UnitFileState: "static" },
    { state: "running", load: "loaded", active: "active", unit_file: "static", ...named },
    "loaded active static",
  ],
  [
    { UnitFileState: "" },
    { state: "running", load: "loaded", active: "active", unit_file: "", ...named },
    "loaded active -",
  ],
  [
    { UnitFileState: "generated", Id: "no-such-script.service", SourcePath: "/etc/init.d/no-such-script" },
    {
      state: "running",
      enabled: false,
      load: "loaded",
      active: "active",
      unit_file: "generated-disabled",
      names: "no-such-script.service",
    },
    "loaded active generated-disabled",
  ],
  [
    { ...once, UnitFileState: "static" },
    { state: "running", load: "loaded", active: "inactive", unit_file: "static", ...named },
    "loaded inactive static",
  ],
  [
    { UnitFileState: "generated", SourcePath: "/etc/fstab" },
    { state: "running", load: "loaded", active: "active", unit_file: "generated", ...named },
    "loaded active generated",
  ],
  [
    { NeedDaemonReload: "yes", RefuseManualStart: "yes", RefuseManualStop: "yes" },
    {
      state: "running",
      enabled: true,
      load: "loaded",
      active: "active",
      unit_file: "enabled",
      outdated: true,
      refuses_start: true,
      refuses_stop: true,
      ...named,
    },
    "loaded active enabled",
  ],
  [missing, { state: "absent", load: "not-found" }, "absent"],
];

const programs = {
  journalctl: `case $1 in --sync) ;; *) echo 'the last words of the log' ;; esac`,
  sleep: "exit 0",
  systemctl: `verb=$1
  for unit; do :; done
  case $verb in
    show) seen=; for unit; do
      case $seen:$unit in
        :--) seen=1 ;;
        :*) ;;
        *) if [ -f "$WORLD/units/$unit" ]; then cat "$WORLD/units/$unit"; else cat "$WORLD/missing"; fi; echo ;;
      esac
    done ;;
    is-enabled) cat "$WORLD/offline/$unit" ;;
    *) . "$WORLD/on-$verb" ;;
  esac`,
};

let world: World | undefined;
afterEach(() => world?.remove());

/** A machine with one unit, apache2; each verb of systemctl sets properties of it. */
function machine(given: Readonly<Record<string, string>>, on: Readonly<Record<string, string>> = {}): World {
  world?.remove();
  world?.remove();
  world = makeWorld(programs);
  mkdirSync(join(world.folder, "units"));
  mkdirSync(join(world.folder, "offline"));
  world.write("units/apache2", unit(given));
  world.write("units/apache2.service", unit(given));
  world.write("missing", unit(missing));
  const works = {
    "daemon-reload": sets({ NeedDaemonReload: "no" }),
    disable: sets({ UnitFileState: "disabled" }),
    enable: sets({ UnitFileState: "enabled" }),
    reload: "",
    "reset-failed": sets({ ActiveState: "inactive", NRestarts: "0" }),
    restart: sets({ ActiveState: "active" }),
    start: sets({ ActiveState: "active" }),
    status: "echo 'the status'",
    stop: sets({ ActiveState: "inactive" }),
    ...on,
  };
  for (const [verb, body] of Object.entries(works)) world.write(`on-${verb}`, body);
  return world;
}

/** Shell text that sets properties of the unit. */
function sets(given: Readonly<Record<string, string>>): string {
  return Object.entries(given)
    .map(
      ([name, value]) =>
        `sed -i 's/^${name}=.*/${name}=${value}/' "$WORLD/units/apache2" "$WORLD/units/apache2.service"`,
    )
    .join("\n");
}

/** Calls that change something. */
const acts = (calls: readonly string[]): readonly string[] =>
  calls.filter((call) => /^systemctl (?!show|status)/.test(call)).map((call) => call.replace("systemctl ", ""));

test("one answer tells every unit, by its place", () => {
  const titles = states.map((_, at) => `u${at}`);
  const wants = titles.map((title) => wanted(title));
  const output = bytes(`${states.map(([given]) => unit(given)).join("\n")}\nrc= /etc/rc2.d/S01apache2\n`);
  const read = service.read(output, wants, context);
  for (const [at, [, have, line]] of states.entries()) {
    expect(read.get(`u${at}`)).toEqual(have);
    expect(service.fingerprint(have)).toBe(line);
  }
  const script = bytes(
    `${unit({ UnitFileState: "generated", SourcePath: "/etc/init.d/apache2" })}\nrc= /etc/rc2.d/S01apache2 /etc/rc3.d/S02cron\n`,
  );
  expect(service.read(script, [wanted("apache2")], context).get("apache2")).toMatchObject({ enabled: true });
});

test("a machine whose services cannot be read says why", () => {
  const wants = [wanted("apache2")];
  const words = bytes("System has not been booted with systemd as init system (PID 1). Can't operate.\n\nrc=\n");
  expect(service.read(words, wants, context).size).toBe(0);
  expect(service.unreadable?.(words, wants, context).get("apache2")).toBe(
    "systemd does not answer: System has not been booted with systemd as init system (PID 1). Can't operate.",
  );
  const alpine = { ...context, facts: { ...debian12, init: "openrc" } } as const;
  expect(service.unreadable?.(bytes(""), wants, alpine).get("apache2")).toBe(
    "services are not supported yet where the init is openrc, only with systemd",
  );
});

const running = states[0]?.[1] ?? { state: "" };
const differences: readonly (readonly [
  given: Readonly<Record<string, Value>>,
  have: Have,
  changes: readonly string[],
  action?: string,
])[] = [
  [{}, running, []],
  [{}, { ...running, state: "starting" }, ['state "starting" -> "running"'], "start"],
  [{}, { ...running, state: "failed" }, ['state "failed" -> "running"'], "start"],
  [{}, { state: "absent" }, ['state "absent" -> "running"', "enabled true"], "start"],
  [{}, { ...running, enabled: false }, ["enabled false -> true"], "update"],
  [{ state: "stopped" }, running, ['state "running" -> "stopped"'], "stop"],
  [{ state: "stopped" }, { ...running, state: "failed" }, []],
  [{ state: "stopped", enabled: false }, { ...running, state: "stopped" }, ["enabled true -> false"], "update"],
  [{ state: "stopped", enabled: false }, { state: "absent" }, []],
  [{}, { state: "running", unit_file: "static" }, []],
  [{ enabled: true }, { state: "running", unit_file: "static" }, ["enabled true"], "update"],
  [{ enabled: false }, { state: "running", unit_file: "static" }, []],
  [{ enabled: true }, { state: "running", unit_file: "alias" }, ["enabled true"], "update"],
  [{ enabled: true }, { state: "running", unit_file: "indirect" }, ["enabled true"], "update"],
  [{}, { state: "running", unit_file: "indirect" }, []],
  [{ state: "stopped" }, { state: "stopped", enabled: false, load: "masked" }, []],
  [{}, { ...running, outdated: true }, ['unit "outdated" -> "current"'], "restart"],
  [
    { state: "stopped" },
    { ...running, state: "stopped", active: "inactive", outdated: true },
    ['unit "outdated" -> "current"'],
    "update",
  ],
  [{}, { state: "offline", active: "offline", enabled: false }, ["enabled false -> true"], "update"],
];

test("state and enablement are compared as far as the unit has them", () => {
  for (const [given, have, changes, action] of differences) {
    const want = wanted("apache2", given);
    const found = service.difference?.(want, have, context) ?? [];
    expect(showChanges(found)).toEqual(changes);
    if (action !== undefined) expect(service.action?.(want, have, found)).toBe(action);
  }
});

test("what systemd would refuse is told with its cure, and nothing else is refused", () => {
  const refusal = (given: Readonly<Record<string, Value>>, have: Have) => {
    const found = service.refuses?.(wanted("x.timer", given), have, context);
    return typeof found === "object" ? `${found.problem} | ${found.cure}` : found;
  };
  const masked = { state: "stopped", enabled: false, load: "masked", active: "inactive", unit_file: "masked" };
  expect(refusal({}, masked)).toBe(
    'its unit is masked: it can neither start nor be enabled | if that is no longer meant, run `systemctl unmask x.timer` there; else declare state = "stopped" and enabled = false',
  );
  expect(refusal({}, { ...masked, unit_file: "masked-runtime" })).toContain("systemctl unmask --runtime x.timer");
  expect(refusal({ state: "stopped" }, masked)).toBeUndefined();
  expect(refusal({}, { ...masked, outdated: true })).toBeUndefined();
  expect(refusal({}, { ...masked, load: "bad-setting", unit_file: "bad" })).toContain(
    "cannot load its unit (bad-setting)",
  );
  const up = { state: "running", load: "loaded", active: "active" };
  for (const [unitFile, words] of [
    ["static", "it has no [Install] section"],
    ["indirect", "its [Install] section only names other units"],
    ["alias", "another name of a unit"],
    ["generated", "it is generated"],
    ["transient", "it is transient"],
    ["", "it has no unit file"],
    ["bad", "systemd calls its file bad"],
  ] as const) {
    expect(refusal({ enabled: true }, { ...up, unit_file: unitFile })).toContain(words);
    expect(refusal({}, { ...up, unit_file: unitFile })).toBeUndefined();
  }
  for (const unitFile of ["disabled", "enabled-runtime", "linked", "linked-runtime"]) {
    expect(refusal({ enabled: true }, { ...up, enabled: false, unit_file: unitFile })).toBeUndefined();
  }
  const stopped = { ...up, state: "stopped", active: "inactive", enabled: true };
  expect(refusal({}, { ...stopped, refuses_start: true })).toContain("RefuseManualStart=yes");
  expect(refusal({}, { ...up, enabled: true, refuses_start: true })).toBeUndefined();
  expect(refusal({ state: "stopped" }, { ...up, enabled: true, refuses_stop: true })).toContain("RefuseManualStop=yes");
  expect(refusal({}, { state: "absent", load: "not-found" })).toBeUndefined();
});

test("a template without an instance is no service", () => {
  const problems = (title: string) =>
    service.validate?.(wanted(title)).map(({ code, message }) => `${code} ${message}`);
  expect(problems("getty@")).toEqual([
    'P440 "getty@" is a template, of which nothing can run: name one of its instances',
  ]);
  expect(problems("dump@.timer")?.[0]).toContain("P440");
  expect(problems("getty@tty1")).toEqual([]);
});

test("the verify command travels as data", () => {
  const verify = { type: "command", script: 'check "$1"', arguments: ["a b"], shown: "check ${x}" } as const;
  expect(service.apply(wanted("x", { verify, enabled: false }), undefined, context)).toEqual([
    { verb: "service_apply", arguments: ["x", "running", "false", 'check "$1"', "a b"] },
  ]);
  expect(service.react?.(wanted("x", { verify }), "reload")).toEqual([
    { verb: "service_react", arguments: ["x", "reload", 'check "$1"', "a b"] },
  ]);
  expect(service.react?.(wanted("x", { state: "stopped" }), "restart")).toEqual([]);
});

test("a service comes after its unit, its package and what it watches", () => {
  const keys = (title: string, given: Readonly<Record<string, Value>>): readonly string[] =>
    service.footprint(wanted(title, given), debian12).map(({ mode, key }) => `${mode} ${key}`);
  expect(keys("apache2.service", { watch: ["/etc/apache2/**", "/etc/a/*.conf", "/etc/hosts"] })).toEqual([
    "needs service:apache2",
    "reads package:apache2",
    "reads tree:/etc/apache2",
    "reads tree:/etc/a",
    "reads file:/etc/hosts",
  ]);
  expect(keys("getty@tty1", { state: "stopped", enabled: false })).toEqual([
    "reads service:getty@tty1",
    "reads package:getty",
  ]);
});

test("a service that does not come up is not waited for without end", () => {
  const [shell] = shells;
  if (!shell) throw new Error("there is no shell to test with");
  const done = machine({ ActiveState: "activating", SubState: "start" }).run(shell, "service_apply", [
    "apache2",
    "running",
    "default",
  ]);
  expect(done).toMatchObject({
    status: 1,
    stderr: 'service "apache2" is still activating (start) after five minutes\n',
    startedFresh: false,
  });
});

for (const shell of shells) {
  test(`${shell.name}: probe and state agree with the plan`, () => {
    for (const [given, have, line] of states) {
      const host = machine(given);
      const probe = host.run(shell, "service_probe", ["apache2", "none", "apache2"]);
      const wants = ["apache2", "none", "again"].map((title) => wanted(title));
      const read = service.read(bytes(probe.stdout), wants, context);
      expect([...read.values()]).toEqual([have, { state: "absent", load: "not-found" }, have]);
      expect(host.run(shell, "service_state", ["apache2"]).stdout).toBe(`${line}\n`);
    }
  });

  test(`${shell.name}: names travel whole`, () => {
    const host = machine({});
    const names = ["a b", "a'b", 'a"b', "a\nb", "tail\n", "t\tt", "b\\s", "$(id)", "-dash", "--"];
    const probe = host.run(shell, "service_probe", names);
    expect(probe.status).toBe(0);
    expect(
      service.read(
        bytes(probe.stdout),
        names.map((name) => wanted(name)),
        context,
      ).size,
    ).toBe(names.length);
  });

  test(`${shell.name}: what is as wanted is left alone`, () => {
    for (const [given, args] of [
      [{}, ["running", "default"]],
      [{ UnitFileState: "static" }, ["running", "default"]],
      [{ UnitFileState: "static" }, ["running", "false"]],
      [{ UnitFileState: "indirect" }, ["running", "default"]],
      [{ ...once, UnitFileState: "static" }, ["running", "default"]],
      [{ ...down, UnitFileState: "disabled" }, ["stopped", "false"]],
      [{ ActiveState: "failed", UnitFileState: "disabled" }, ["stopped", "false"]],
      [{ ...down, LoadState: "masked", UnitFileState: "masked" }, ["stopped", "false"]],
      [{ ...down, LoadState: "masked", UnitFileState: "masked" }, ["stopped", "default"]],
    ] as const) {
      const done = machine(given).run(shell, "service_apply", ["apache2", ...args, "false"]);
      expect(done).toMatchObject({ status: 0, stderr: "", changed: false, startedFresh: false });
      expect(acts(done.calls)).toEqual([]);
    }
    const none = machine({}).run(shell, "service_apply", ["none", "stopped", "false"]);
    expect(none).toMatchObject({ status: 0, changed: false });
  });

  test(`${shell.name}: a service is enabled and started, once`, () => {
    const host = machine({ ...down, UnitFileState: "disabled", NeedDaemonReload: "yes", Id: "apache2.service" });
    const args = ["apache2", "running", "default", 'echo verified >"$1"', join(host.folder, "verified")];
    const done = host.run(shell, "service_apply", args);
    expect(done).toMatchObject({ status: 0, stderr: "", changed: true, startedFresh: true });
    expect(acts(done.calls)).toEqual(["daemon-reload", "enable -- apache2.service", "start -- apache2.service"]);
    expect(host.read("verified")).toBe("verified\n");
    const again = host.run(shell, "service_apply", ["apache2", "running", "default", "exit 1"]);
    expect(again).toMatchObject({ status: 0, changed: false, startedFresh: false });
    const stopped = host.run(shell, "service_apply", ["apache2", "stopped", "false"]);
    expect(acts(stopped.calls)).toEqual(["disable -- apache2.service", "stop -- apache2.service"]);
    expect(stopped).toMatchObject({ status: 0, changed: true, startedFresh: false });
  });

  test(`${shell.name}: a service that is just starting is waited for, and was not started by us`, () => {
    const host = machine({ ActiveState: "activating", SubState: "start" });
    host.write("bin/sleep", `#!/bin/sh\n${sets({ ActiveState: "active" })}\n`);
    const waited = host.run(shell, "service_apply", ["apache2", "running", "default"]);
    expect(waited).toMatchObject({ status: 0, stderr: "", changed: false, startedFresh: false });
    expect(acts(waited.calls)).toEqual([]);
  });

  test(`${shell.name}: the failure of a unit is reset before it is started again`, () => {
    const host = machine(
      { ActiveState: "activating", SubState: "auto-restart" },
      { "reset-failed": sets({ SubState: "dead" }) },
    );
    const done = host.run(shell, "service_apply", ["apache2", "running", "default"]);
    expect(done).toMatchObject({ status: 0, startedFresh: true });
    expect(acts(done.calls)).toEqual(["reset-failed -- apache2.service", "start -- apache2.service"]);
  });

  const failures: readonly (readonly [
    given: Readonly<Record<string, string>>,
    on: Readonly<Record<string, string>>,
    args: readonly string[],
    message: string,
  ])[] = [
    [
      { ...down, LoadState: "masked", UnitFileState: "masked" },
      {},
      ["apache2", "running", "default"],
      'service "apache2" is masked on this machine: it can neither start nor be enabled. If that is no longer meant: systemctl unmask apache2\n',
    ],
    [
      {},
      {},
      ["none", "running", "default"],
      'there is no unit "none" on this machine; does a package or a file that brings it come first?\n',
    ],
    [
      { LoadState: "bad-setting" },
      {},
      ["apache2", "running", "default"],
      'service "apache2" cannot be loaded (bad-setting): the status\n',
    ],
    [
      { UnitFileState: "static" },
      {},
      ["apache2", "running", "true"],
      'service "apache2" cannot be enabled: its unit has no [Install] section. Leave `enabled` out when something else starts it, or declare enabled = false\n',
    ],
    [
      { ...down },
      {},
      ["apache2", "running", "default", 'echo "Syntax error in $1" >&2; exit 1', "x.conf"],
      'service "apache2" was not started, because its verify command failed:\nSyntax error in x.conf\n',
    ],
    [
      { ...down },
      { start: "echo 'Job for apache2.service failed.' >&2; exit 1" },
      ["apache2", "running", "default"],
      'service "apache2": systemctl start failed: Job for apache2.service failed.\nthe last words of the log\n',
    ],
    [
      { ...down },
      { start: sets({ ActiveState: "failed", Result: "exit-code" }) },
      ["apache2", "running", "default"],
      'service "apache2" was started but does not stay up (failed, exit-code):\nthe last words of the log\n',
    ],
    [
      { ...down, Type: "simple" },
      { start: `${sets({ ActiveState: "active" })}; : >"$WORLD/dies"` },
      ["apache2", "running", "default"],
      'service "apache2" was started but does not stay up (active, exit-code):\nthe last words of the log\n',
    ],
    [
      { ...down, ConditionResult: "no" },
      { start: "" },
      ["apache2", "running", "default"],
      'service "apache2" does not start because a condition of its unit does not hold: see systemctl cat apache2\n',
    ],
  ];

  test(`${shell.name}: a failure names its cause`, () => {
    for (const [given, on, args, message] of failures) {
      const host = machine(given, on);
      // In the pause after its start a unit may die and be started again by systemd.
      host.write(
        "bin/sleep",
        `#!/bin/sh\n[ ! -f "$WORLD/dies" ] || { ${sets({ NRestarts: "1", Result: "exit-code" })}; }\n`,
      );
      const done = host.run(shell, "service_apply", args);
      expect(done).toMatchObject({ status: 1, stderr: message, startedFresh: false });
    }
  });

  const reactions: readonly (readonly [
    given: Readonly<Record<string, string>>,
    event: string,
    calls: readonly string[],
  ])[] = [
    [{}, "reload", ["reload -- apache2.service"]],
    [{}, "restart", ["reset-failed -- apache2.service", "restart -- apache2.service"]],
    [{ CanReload: "no" }, "reload", ["reset-failed -- apache2.service", "restart -- apache2.service"]],
    [{ ...down }, "reload", ["reset-failed -- apache2.service", "start -- apache2.service"]],
    [
      { NeedDaemonReload: "yes" },
      "reload",
      ["daemon-reload", "reset-failed -- apache2.service", "restart -- apache2.service"],
    ],
  ];

  test(`${shell.name}: a unit that changed since systemd read it is read again, and started again only where it runs`, () => {
    const old = { NeedDaemonReload: "yes" };
    const restarted = machine(old).run(shell, "service_apply", ["apache2", "running", "default"]);
    expect(restarted).toMatchObject({ status: 0, stderr: "", changed: true, startedFresh: true });
    expect(acts(restarted.calls)).toEqual([
      "daemon-reload",
      "reset-failed -- apache2.service",
      "restart -- apache2.service",
    ]);
    const stopped = machine({ ...old, ...down }).run(shell, "service_apply", ["apache2", "stopped", "default"]);
    expect(stopped).toMatchObject({ status: 0, stderr: "", changed: true, startedFresh: false });
    expect(acts(stopped.calls)).toEqual(["daemon-reload"]);
    const refused = machine(old).run(shell, "service_apply", ["apache2", "running", "default", "echo broken; exit 1"]);
    expect(refused).toMatchObject({ status: 1, changed: false });
    expect(refused.stderr).toContain("was not restarted, because its verify command failed");
  });

  test(`${shell.name}: enabling that leaves the unit as it was is a failure`, () => {
    const linked = machine({ UnitFileState: "linked" }, { enable: "" });
    const done = linked.run(shell, "service_apply", ["apache2", "running", "default"]);
    expect(done.status).toBe(1);
    expect(done.stderr).toContain('service "apache2" cannot be enabled: its unit has no [Install] section.');
  });

  test(`${shell.name}: an event becomes what the unit can take`, () => {
    for (const [given, event, calls] of reactions) {
      const host = machine(given);
      host.write("on-reset-failed", "");
      const done = host.run(shell, "service_react", ["apache2", event, "true"]);
      expect(done).toMatchObject({ status: 0, stderr: "", changed: true });
      expect(acts(done.calls)).toEqual(calls);
    }
  });

  test(`${shell.name}: when verify fails nothing is reloaded, and what changed is named`, () => {
    const done = machine({}).run(shell, "service_react", ["apache2", "reload", "echo broken; exit 1"], {
      environment: { GALLEY_CAUSES: 'file["/etc/apache2/a.conf"]\nlink["/etc/apache2/b"]' },
    });
    expect(done).toMatchObject({
      status: 1,
      stderr:
        'service "apache2" was not reloaded, because its verify command failed after changes of file["/etc/apache2/a.conf"], link["/etc/apache2/b"]:\nbroken\n',
      changed: false,
    });
    expect(acts(done.calls)).toEqual([]);
  });

  test(`${shell.name}: a service that dies of its reload has failed`, () => {
    const host = machine({}, { reload: sets({ ActiveState: "failed", Result: "signal" }) });
    expect(host.run(shell, "service_react", ["apache2", "reload"])).toMatchObject({
      status: 1,
      stderr: 'service "apache2" was reloaded but does not stay up (failed, signal):\nthe last words of the log\n',
    });
  });

  test(`${shell.name}: in a tree that is not booted only enablement counts`, () => {
    const environment = { GALLEY_OFFLINE: "1" };
    const host = machine({});
    host.write("offline/apache2", "disabled\n");
    const probe = host.run(shell, "service_probe", ["apache2", "none"], { environment });
    const read = service.read(bytes(probe.stdout), [wanted("apache2"), wanted("none")], context);
    const none = read.get("none") ?? { state: "" };
    expect(none).toMatchObject({ state: "absent" });
    expect(showChanges(service.difference?.(wanted("none"), none, context))).toEqual(["enabled true"]);
    const have = read.get("apache2") ?? { state: "" };
    expect(showChanges(service.difference?.(wanted("apache2"), have, context))).toEqual(["enabled false -> true"]);
    const state = host.run(shell, "service_state", ["apache2"], { environment });
    expect(state.stdout).toBe(`${service.fingerprint(have)}\n`);
    const done = host.run(shell, "service_apply", ["apache2", "running", "default"], { environment });
    expect(acts(done.calls)).toEqual(["is-enabled -- apache2", "enable -- apache2"]);
    expect(done).toMatchObject({ status: 0, changed: true, startedFresh: false });
    expect(host.run(shell, "service_react", ["apache2", "restart"], { environment }).calls).toEqual([]);
  });
}

for (const shell of shells) {
  test(`${shell.name}: without a systemd that runs, units are looked up in its files and no event is taken`, () => {
    const host = machine({});
    host.write("offline/apache2", "disabled\n");
    const environment = { GALLEY_SYSTEMD: "/nowhere" };
    expect(host.run(shell, "service_state", ["apache2"], { environment }).stdout).toBe("loaded offline disabled\n");
    expect(host.run(shell, "service_react", ["apache2", "reload"], { environment }).calls).toEqual([]);
  });
}

test("where nothing runs as init, only whether a unit is enabled can differ", () => {
  const container = { ...context, facts: { ...debian12, init: "none" } } as const;
  const want = { title: "apache2", properties: { state: "running", enabled: true }, stated: new Set<string>() };
  expect(service.difference?.(want, { state: "absent", load: "not-found" }, container)).toEqual([
    { property: "enabled", to: true },
  ]);
});

test("a unit has one name: without its ending", () => {
  const want = (title: string) => ({ title, properties: {}, stated: new Set<string>() });
  expect(service.validate?.(want("cron"))).toEqual([]);
  expect(service.validate?.(want("fstrim.timer"))).toEqual([]);
  expect(service.validate?.(want("cron.service"))).toEqual([
    {
      code: "P414",
      message: 'a service is named without its ending: service["cron"]',
      hints: ["two names for one unit could contradict each other unnoticed"],
    },
  ]);
});
