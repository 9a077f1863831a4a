import { afterAll, beforeAll, expect, test } from "vitest";
import type { Want } from "../../compiler/kind/kind.ts";
import type { Value } from "../../compiler/kind/value.ts";
import { packageKind } from "../../stdlib/package/package.ts";
import { service } from "../../stdlib/service/service.ts";
import { showChanges } from "../verbs/show-changes.ts";
import { context as contextOf, want as wantOf } from "../verbs/wants.ts";
import { startMachine, type Machine } from "./machine.ts";
import { type Verbs, verbsOn } from "./verbs.ts";

const context = contextOf();

let machine: Machine;
let verbs: Verbs;
beforeAll(async () => {
  machine = await startMachine({ name: "verbs" });
  verbs = await verbsOn(machine);
});
afterAll(() => machine.stop());

type Given = Readonly<Record<string, Value>>;
const aPackage = (title: string, given: Given = {}): Want => wantOf(packageKind, title, given);
const aService = (title: string, given: Given = {}): Want => wantOf(service, title, given);

async function transaction(...wants: readonly Want[]) {
  const [call] = packageKind.transaction?.(wants, context) ?? [];
  if (!call) throw new Error("packages have no transaction");
  return verbs.call(call);
}

async function shell(line: string): Promise<string> {
  const { code, stdout, stderr } = await machine.exec(["sh", "-c", line]);
  if (code !== 0) throw new Error(`${line}: ${stdout}${stderr}`);
  return stdout;
}

async function installed(name: string): Promise<string> {
  return (await machine.exec(["dpkg-query", "-W", "-f", "${db:Status-Abbrev} ${Version}", name])).stdout;
}

test("packages are installed and removed in one run, also when the lists are gone, and then nothing is left to do", async () => {
  await shell("apt-get install -y nano && rm -rf /var/lib/apt/lists/*");
  const wants = [aPackage("hello"), aPackage("sl"), aPackage("nano", { state: "absent" })];
  expect(await transaction(...wants)).toMatchObject({ code: 0, stderr: "" });
  for (const want of wants) {
    expect(await verbs.converge(packageKind, want, context)).toMatchObject({ before: [], after: [], changed: false });
  }
  expect(await installed("hello")).toMatch(/^ii /);
  expect(await installed("nano")).not.toMatch(/^ii /);
});

test("a name that no list has is told, and the others are installed all the same", async () => {
  const done = await transaction(aPackage("cowsay"), aPackage("apachee2"), aPackage("mail-transport-agent"));
  expect(done.code).toBe(1);
  expect(done.stderr).toContain(
    'package "apachee2" is in none of this machine\'s package lists, which were refreshed just now: check its spelling, or add the repository that has it\n',
  );
  expect(done.stderr).toMatch(
    /package "mail-transport-agent" is a name that several packages provide: declare one of.* nullmailer/,
  );
  expect(await installed("cowsay")).toMatch(/^ii /);
});

test("a name that another package provides is satisfied by it", async () => {
  expect(await verbs.read(packageKind, aPackage("awk"), context)).toMatchObject({ provider: "mawk:amd64" });
  expect(await transaction(aPackage("msmtp-mta"))).toMatchObject({ code: 0 });
  expect(await verbs.converge(packageKind, aPackage("mail-transport-agent"), context)).toMatchObject({ before: [] });
});

test("what nobody declared absent is not removed", async () => {
  const done = await transaction(aPackage("nullmailer"));
  expect(done).toMatchObject({
    code: 1,
    stderr: 'installing this would remove msmtp-mta: declare what may go with state = "absent"\n',
  });
  const removal = await transaction(aPackage("msmtp", { state: "absent" }));
  expect(removal).toMatchObject({
    code: 1,
    stderr:
      'removing msmtp would also remove msmtp-mta: declare those with state = "absent" too, if that is what you want\n',
  });
  expect(await transaction(aPackage("nullmailer"), aPackage("msmtp-mta", { state: "absent" }))).toMatchObject({
    code: 0,
  });
  expect(await installed("nullmailer")).toMatch(/^ii /);
});

test("a version is installed as asked for, and held", async () => {
  const version = (await shell("apt-cache madison hello | cut -d'|' -f2 | head -n 1")).trim();
  const held = aPackage("hello", { version: `${version.slice(0, -1)}*`, hold: true });
  const first = await verbs.converge(packageKind, held, context);
  expect(showChanges(first.before)).toEqual(["hold false -> true"]);
  expect(first).toMatchObject({ after: [], changed: true, message: "" });
  expect(await installed("hello")).toBe(`hi  ${version}`);
  const other = await verbs.converge(packageKind, aPackage("hello", { version: "99.*" }), context);
  expect(showChanges(other.before)).toEqual([`version "${version}" -> "99.*"`]);
  expect(other.message).toBe(`package "hello" cannot be had in the wanted version; the lists have ${version}\n`);
  expect(await installed("hello")).toBe(`hi  ${version}`);
  const free = await verbs.converge(packageKind, aPackage("hello", { version, hold: false }), context);
  expect(free).toMatchObject({ after: [], changed: true });
});

test("what a killed dpkg left is finished first", async () => {
  await shell("cd /tmp && apt-get download sl figlet && dpkg -P sl >/dev/null && dpkg --unpack sl_*.deb figlet_*.deb");
  expect(await verbs.read(packageKind, aPackage("figlet"), context)).toMatchObject({ state: "unfinished" });
  expect(await verbs.converge(packageKind, aPackage("figlet"), context)).toMatchObject({ after: [], message: "" });
  expect(await installed("sl")).toMatch(/^ii /);
});

test("a run whose dpkg and apt-get are killed is finished by the next one", async () => {
  const wants = [aPackage("nginx-common"), aPackage("redis-server")];
  const killer = shell(
    "for i in $(seq 600); do pgrep -x dpkg >/dev/null && break; sleep 0.05; done; sleep 0.3; pkill -KILL -x 'apt-get|dpkg'",
  );
  await Promise.all([transaction(...wants), killer]);
  expect(await transaction(...wants)).toMatchObject({ code: 0, stderr: "" });
  expect(await shell("dpkg --audit")).toBe("");
  for (const want of wants) expect(await verbs.read(packageKind, want, context)).toMatchObject({ state: "present" });
});

test("a lock that somebody holds is waited for, and its holder is named", async () => {
  const hold = (seconds: number): string =>
    `use Fcntl; open(F, ">", "/var/lib/dpkg/lock-frontend"); my $lock = pack("s s l! l! i x100", F_WRLCK, 0, 0, 0, 0); fcntl(F, F_SETLK, $lock) or die; print "held\\n"; close(STDOUT); sleep ${seconds};`;
  const want = aPackage("tree", { lock_timeout: { type: "duration", milliseconds: 2000 } });
  await machine.write("/root/hold.pl", hold(600));
  await shell("systemd-run --unit=holder perl /root/hold.pl; sleep 1");
  const pid = (await shell("systemctl show -P MainPID holder")).trim();
  expect(await transaction(want)).toMatchObject({
    code: 1,
    stderr: `the package database is still locked after 2 s, by perl (pid ${pid}): wait until it is done or end it, then apply again (lock_timeout says how long to wait)\n`,
  });
  await shell("systemctl stop holder");
  await machine.write("/root/hold.pl", hold(3));
  await shell("systemd-run --unit=holder2 perl /root/hold.pl; sleep 1");
  expect(await transaction(aPackage("tree"))).toMatchObject({ code: 0, stderr: "" });
});

test("a service is started and enabled once, stopped and disabled once", async () => {
  expect(await transaction(aPackage("apache2"))).toMatchObject({ code: 0 });
  const up = aService("apache2");
  expect(await verbs.converge(service, up, context)).toMatchObject({ before: [], changed: false, startedFresh: false });
  const down = await verbs.converge(service, aService("apache2", { state: "stopped", enabled: false }), context);
  expect(showChanges(down.before)).toEqual(['state "running" -> "stopped"', "enabled true -> false"]);
  expect(down).toMatchObject({ after: [], changed: true, message: "" });
  const again = await verbs.converge(service, up, context);
  expect(showChanges(again.before)).toEqual(['state "stopped" -> "running"', "enabled false -> true"]);
  expect(again).toMatchObject({ after: [], changed: true, startedFresh: true, message: "" });
  expect(await shell("systemctl is-active apache2; systemctl is-enabled apache2")).toBe("active\nenabled\n");
});

test("an alias, a unit without an [Install] section and one that is not there", async () => {
  expect(await verbs.read(service, aService("sshd"), context)).toMatchObject({ state: "running", enabled: true });
  expect(await verbs.converge(service, aService("systemd-journald"), context)).toMatchObject({ before: [] });
  const fixed = await verbs.converge(service, aService("systemd-journald", { enabled: true }), context);
  expect(fixed.message).toContain("cannot be enabled: its unit has no [Install] section");
  expect(await verbs.read(service, aService("nosuch"), context)).toMatchObject({ state: "absent" });
  const none = await verbs.converge(service, aService("nosuch"), context);
  expect(none.message).toContain('there is no unit "nosuch" on this machine');
});

test("a reload is verified first and really done", async () => {
  const verify = {
    type: "command",
    script: "apachectl configtest",
    arguments: [],
    shown: "apachectl configtest",
  } as const;
  const want = aService("apache2", { verify });
  const [reload] = service.react?.(want, "reload") ?? [];
  if (!reload) throw new Error("a service takes a reload");
  await machine.write("/etc/apache2/conf-enabled/x.conf", "Header nonsense\n");
  const refused = await verbs.call(reload);
  expect(refused).toMatchObject({ code: 1, changed: false });
  expect(refused.stderr).toMatch(
    /^service "apache2" was not reloaded, because its verify command failed:\n.*Syntax error/s,
  );
  await machine.write("/etc/apache2/conf-enabled/x.conf", "AddType text/x-galley .galley\n");
  const before = await shell("systemctl show -P MainPID apache2");
  expect(await verbs.call(reload)).toMatchObject({ code: 0, stderr: "", changed: true });
  expect(await shell("systemctl show -P MainPID apache2")).toBe(before);
  const [restart] = service.react?.(want, "restart") ?? [];
  if (!restart) throw new Error("a service takes a restart");
  for (let time = 0; time < 8; time++) expect(await verbs.call(restart)).toMatchObject({ code: 0, stderr: "" });
  expect(await shell("systemctl show -P MainPID apache2")).not.toBe(before);
});

/** A unit file with the given lines in its service section. */
const unit = (...lines: readonly string[]): string =>
  `[Service]\n${lines.join("\n")}\n[Install]\nWantedBy=multi-user.target\n`;

test("a new unit file is read before it is started, and a changed one before a restart", async () => {
  await machine.write("/etc/systemd/system/demo.service", unit("ExecStart=/bin/sleep 1111"));
  const first = await verbs.converge(service, aService("demo"), context);
  expect(first).toMatchObject({ after: [], startedFresh: true, message: "" });
  await machine.write("/etc/systemd/system/demo.service", unit("ExecStart=/bin/sleep 2222"));
  const [restart] = service.react?.(aService("demo"), "reload") ?? [];
  if (!restart) throw new Error("a service takes a reload");
  expect(await verbs.call(restart)).toMatchObject({ code: 0 });
  expect(await shell("pgrep -f '[s]leep [12]{4}' -a | cut -d' ' -f2-")).toBe("/bin/sleep 2222\n");
});

test("a service that dies right after its start has failed, with its last words", async () => {
  await machine.write(
    "/etc/systemd/system/dies.service",
    unit("ExecStart=/bin/sh -c 'sleep 0.2; echo no such port >&2; exit 3'"),
  );
  const dies = await verbs.converge(service, aService("dies"), context);
  expect(dies.message).toMatch(
    /^service "dies" was started but does not stay up \(failed, exit-code\):\n.*no such port/s,
  );
  expect(dies.startedFresh).toBe(false);
  const lines = ["ExecStart=/bin/sh -c 'echo still broken; exit 3'", "Restart=always", "RestartSec=100ms"];
  await machine.write("/etc/systemd/system/loops.service", unit(...lines));
  // Its state changes ten times a second, so it is not compared with itself.
  const [start] = service.apply(aService("loops"), undefined, context);
  if (!start) throw new Error("a service is started by a call");
  const loops = await verbs.call(start);
  expect(loops.stderr).toMatch(/^service "loops" was started but does not stay up .*still broken/s);
  // The limit of starts is used up by now; it must not keep a mended unit down.
  await machine.write("/etc/systemd/system/loops.service", unit("ExecStart=/bin/sleep 3333"));
  expect(await verbs.call(start)).toMatchObject({ code: 0, stderr: "" });
  expect(await verbs.converge(service, aService("loops"), context)).toMatchObject({ before: [] });
});

test("a unit that does its work once counts as running when it has", async () => {
  await machine.write("/etc/systemd/system/once.service", unit("Type=oneshot", "ExecStart=/bin/true"));
  const first = await verbs.converge(service, aService("once"), context);
  expect(first.before).toHaveLength(2);
  expect(first).toMatchObject({ after: [], message: "", startedFresh: true });
});

test("a masked unit and one whose condition does not hold say so", async () => {
  await machine.write(
    "/etc/systemd/system/cond.service",
    `[Unit]\nConditionPathExists=/nonexistent\n${unit("ExecStart=/bin/sleep 4444")}`,
  );
  const condition = await verbs.converge(service, aService("cond"), context);
  expect(condition.message).toBe(
    'service "cond" does not start because a condition of its unit does not hold: see systemctl cat cond\n',
  );
  await shell("systemctl mask --now cron");
  const masked = await verbs.converge(service, aService("cron"), context);
  expect(masked.message).toContain('service "cron" is masked on this machine');
  const idle = aService("cron", { state: "stopped", enabled: false });
  expect(await verbs.converge(service, idle, context)).toMatchObject({ before: [], message: "" });
});

test("a full disk is told as such", async () => {
  const small = await startMachine({ name: "small", mounts: { "/var/cache/apt": 1 } });
  try {
    const there = await verbsOn(small);
    const [call] = packageKind.transaction?.([aPackage("apache2")], context) ?? [];
    if (!call) throw new Error("packages have no transaction");
    const done = await there.call(call);
    expect(done.code).toBe(1);
    expect(done.stderr).toMatch(/^the disk is full: .*; make room and apply again\n$/);
  } finally {
    await small.stop();
  }
});
