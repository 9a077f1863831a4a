import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, galley } from "./galley.ts";
import { type Machine, startMachine } from "./machine.ts";

/** Units of systemd on a booted machine: what runs afterwards is what the recipe says, and only that is called converged. */
let machine: Machine;
let folder: string;

beforeAll(async () => {
  machine = await startMachine({ name: "units" });
  folder = mkdtempSync(join(tmpdir(), "galley-units-"));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await machine.stop();
});

function run(command: "apply" | "plan", recipe: string): Promise<Ended> {
  const file = join(folder, "site.recipe");
  writeFileSync(file, recipe);
  const words = [command, file, "--on", `ssh://root@${machine.address}`, ...(command === "apply" ? ["--yes"] : [])];
  return galley(words, { home: machine.home });
}

async function converges(recipe: string): Promise<string> {
  const ended = await run("apply", recipe);
  expect(`${ended.errors}${ended.output}`).toContain("converged");
  expect(ended.status).toBe(0);
  return ended.output;
}

async function shell(line: string): Promise<string> {
  const { code, stdout, stderr } = await machine.exec(["sh", "-c", line]);
  if (code !== 0) throw new Error(`${line}: ${stdout}${stderr}`);
  return stdout.trim();
}

const property = (name: string, unit: string): Promise<string> => shell(`systemctl show -P ${name} ${unit}`);
const isLoaded = async (unit: string): Promise<void> => expect(await property("NeedDaemonReload", unit)).toBe("no");

const tock = (seconds: number, more = ""): string => `file "/etc/systemd/system/tock.service" {
  content = "[Service]\\nExecStart=/bin/sleep ${seconds}\\n[Install]\\nWantedBy=multi-user.target\\n"
}
${more}service "tock" {}
`;

/** What the unit's process really runs. */
const sleeping = (unit: string): Promise<string> =>
  shell(`tr '\\0' ' ' </proc/$(systemctl show -P MainPID ${unit})/cmdline`);

test("a changed unit file, and a drop-in that comes and goes, restart their service", async () => {
  await converges(tock(1111));
  expect(await sleeping("tock")).toBe("/bin/sleep 1111");
  const plan = await run("plan", tock(2222));
  expect(plan.output).toMatch(/service tock +restart/);
  await converges(tock(2222));
  expect(await sleeping("tock")).toBe("/bin/sleep 2222");
  await isLoaded("tock");
  const dropIn = `directory "/etc/systemd/system/tock.service.d"
file "/etc/systemd/system/tock.service.d/a.conf" { content = "[Service]\\nExecStart=\\nExecStart=/bin/sleep 3333\\n" }
`;
  await converges(tock(2222, dropIn));
  expect(await sleeping("tock")).toBe("/bin/sleep 3333");
  await converges(tock(2222, `file "/etc/systemd/system/tock.service.d/a.conf" { state = "absent" }\n`));
  expect(await sleeping("tock")).toBe("/bin/sleep 2222");
  await isLoaded("tock");
  expect((await run("plan", tock(2222))).output).toContain("Nothing to change");
});

test("a drop-in of a unit that a package brought is in force after one apply", async () => {
  await shell("apt-get install -y cron");
  await converges(`directory "/etc/systemd/system/cron.service.d"
file "/etc/systemd/system/cron.service.d/limits.conf" { content = "[Service]\\nLimitNOFILE=4096\\n" }
service "cron" {}
`);
  expect(await property("LimitNOFILE", "cron")).toBe("4096");
  expect(await shell("grep 'open files' /proc/$(systemctl show -P MainPID cron)/limits")).toMatch(/ 4096 +4096 /);
  await isLoaded("cron");
});

test("a changed timer elapses as it says now, and so does the service that it starts", async () => {
  const timer = (time: string, word: string): string => `file "/etc/systemd/system/chime.timer" {
  content = "[Timer]\\nOnCalendar=*-*-* ${time}:00\\n[Install]\\nWantedBy=timers.target\\n"
}
file "/etc/systemd/system/chime.service" { content = "[Service]\\nType=oneshot\\nExecStart=/bin/echo ${word}\\n" }
service "chime.timer" {}
`;
  await converges(timer("03:00", "one"));
  await converges(timer("04:30", "one"));
  expect(await property("NextElapseUSecRealtime", "chime.timer")).toContain(" 04:30:00 ");
  await isLoaded("chime.timer");
  await converges(timer("04:30", "two"));
  await isLoaded("chime.service");
  expect(await property("ExecStart", "chime.service")).toContain("/bin/echo two");
});

test("a unit file that somebody else changed is a difference, and a stopped service is not started for it", async () => {
  await shell("sed -i s/2222/4444/ /etc/systemd/system/tock.service");
  const drifted = await run("plan", `service "tock" {}\n`);
  expect(drifted.output).toContain("its unit files have changed since systemd read them");
  await converges(`service "tock" {}\n`);
  expect(await sleeping("tock")).toBe("/bin/sleep 4444");
  const stopped = `service "tock" { state = "stopped" }\n`;
  await converges(stopped);
  await shell("sed -i s/4444/5555/ /etc/systemd/system/tock.service");
  await converges(stopped);
  await isLoaded("tock");
  expect(await property("ActiveState", "tock")).toBe("inactive");
});

test("all units that somebody else changed are restarted in one run, though systemd reads its files but once", async () => {
  const units = ["one", "two", "three"];
  const recipe = units
    .map(
      (name) => `file "/run/systemd/system/${name}.service" { content = "[Service]\\nExecStart=/bin/sleep 61\\n" }
service "${name}" { enabled = false }
`,
    )
    .join("");
  await converges(recipe);
  const alone = units.map((name) => `service "${name}" { enabled = false }\n`).join("");
  await shell("sed -i s/61/62/ /run/systemd/system/one.service /run/systemd/system/two.service");
  await shell("sed -i s/61/62/ /run/systemd/system/three.service");
  await converges(alone);
  for (const name of units) expect(await sleeping(name)).toBe("/bin/sleep 62");
  expect((await run("plan", alone)).output).toContain("Nothing to change");
  // A run that was killed between the two: systemd has read the files, and one service has not been restarted.
  await shell("mkdir -p /run/galley/outdated && touch /run/galley/outdated/two.service");
  const left = await run("plan", alone);
  expect(left.output).toContain("its unit files have changed since systemd read them");
  await converges(alone);
  expect((await run("plan", alone)).output).toContain("Nothing to change");
});

test("unit files of no declared service are read by systemd all at once", async () => {
  await converges(`file "/etc/systemd/system/alone.service" { content = "[Service]\\nExecStart=/bin/sleep 1\\n" }\n`);
  await shell("systemctl start alone && systemctl stop alone");
  await shell("journalctl --rotate -q; journalctl --vacuum-time=1s -q");
  await converges(`for n in ["1", "2", "3"] {
  file "/etc/systemd/system/many\${n}.service" { content = "[Service]\\nExecStart=/bin/sleep 1\\n" }
}
file "/etc/systemd/system/alone.service" { content = "[Service]\\nExecStart=/bin/sleep 2\\n" }
`);
  await isLoaded("alone");
  expect(await property("ExecStart", "alone")).toContain("/bin/sleep 2");
  expect(await shell("journalctl -q -o cat _PID=1 | grep -c '^Reloading\\.'")).toBe("1");
});

test("what systemd would refuse is an error of the plan, with its cure", async () => {
  await shell("systemctl mask apt-daily-upgrade.timer");
  const masked = await run("plan", `service "apt-daily-upgrade.timer"\n`);
  expect(masked.status).toBe(1);
  expect(masked.errors).toContain("its unit is masked");
  expect(masked.errors).toContain("systemctl unmask apt-daily-upgrade.timer");
  const fixed = await run("plan", `service "systemd-journald" { enabled = true }\n`);
  expect(fixed.status).toBe(1);
  expect(fixed.errors).toContain("it has no [Install] section");
  expect((await run("plan", `service "systemd-journald" {}\n`)).output).toContain("Nothing to change");
  await machine.write(
    "/etc/systemd/system/also.service",
    "[Service]\nExecStart=/bin/sleep 99\n[Install]\nAlso=tock.service\n",
  );
  await shell("systemctl daemon-reload; systemctl start also");
  const indirect = await run("plan", `service "also" { enabled = true }\n`);
  expect(indirect.status).toBe(1);
  expect(indirect.errors).toContain("only names other units");
  const unknown = await run("plan", `service "nosuch" {}\n`);
  expect(unknown.status).toBe(1);
  expect(unknown.errors).toContain("there is no unit nosuch");
  const template = await run("plan", `service "getty@" {}\n`);
  expect(template.status).toBe(1);
  expect(template.errors).toContain("P440");
});

test("two names of one unit are one service, and a contradiction between them is an error", async () => {
  const contradiction = await run("plan", `service "ssh" {}\nservice "sshd" { state = "stopped" }\n`);
  expect(contradiction.status).toBe(1);
  expect(contradiction.errors).toContain('service["ssh"] and service["sshd"] are both ssh.service');
  const before = await shell("journalctl -q -o cat -u ssh | grep -c Reloaded || :");
  const both = `file "/etc/ssh/sshd_config.d/a.conf" { content = "LogLevel VERBOSE\\n" }
service "ssh" { watch = ["/etc/ssh/**"] }
service "sshd" { watch = ["/etc/ssh/**"] }
`;
  const planned = await run("plan", both);
  expect(planned.output).toMatch(/! service ssh +reload[^]*also service\["sshd"\] at \S+site\.recipe:3/);
  await converges(both);
  expect(Number(await shell("journalctl -q -o cat -u ssh | grep -c Reloaded || :"))).toBe(Number(before) + 1);
  expect((await run("plan", both)).output).toContain("Nothing to change");
  const dropIn = `directory "/etc/systemd/system/ssh.service.d"
file "/etc/systemd/system/ssh.service.d/a.conf" { content = "[Service]\\nLimitNOFILE=4097\\n" }
service "sshd" {}
`;
  await converges(dropIn);
  expect(await shell("grep 'open files' /proc/$(systemctl show -P MainPID ssh)/limits")).toMatch(/ 4097 +4097 /);
});
