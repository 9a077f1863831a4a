import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, galley } from "./galley.ts";
import { type Machine, startMachine } from "./machine.ts";

/** What a verifier refuses is put back: the machine can be restarted at any time and comes up with what worked. */
let machine: Machine;
let folder: string;

beforeAll(async () => {
  machine = await startMachine({ name: "put-back" });
  folder = mkdtempSync(join(tmpdir(), "galley-put-back-"));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await machine.stop();
});

function run(command: "apply" | "plan", recipe: string, ...more: readonly string[]): Promise<Ended> {
  const file = join(folder, "site.recipe");
  writeFileSync(file, recipe);
  const yes = command === "apply" ? ["--yes"] : [];
  return galley([command, file, "--on", `ssh://root@${machine.address}`, ...yes, ...more], { home: machine.home });
}

async function shell(line: string): Promise<string> {
  const { code, stdout, stderr } = await machine.exec(["sh", "-c", line]);
  if (code !== 0) throw new Error(`${line}: ${stdout}${stderr}`);
  return stdout.trim();
}

/** A service whose verifier refuses every file with the word "bad" in it; "slow" makes it wait. */
const guarded = (files: string, given = ""): string => `file "/etc/systemd/system/guarded.service" {
  content = "[Service]\\nExecStart=/bin/sleep 7777\\nExecReload=/bin/true\\n[Install]\\nWantedBy=multi-user.target\\n"
}
directory "/etc/guarded"
${files}
service "guarded" {
  watch  = ["/etc/guarded/**"]
  verify = sh"grep -rqs slow /etc/guarded && sleep 8; ! grep -rs bad /etc/guarded"
  ${given}
}
`;

/** Everything about the files, but for the time of the directory. */
const found = (): Promise<string> =>
  shell(
    "cd /etc/guarded && find . -mindepth 1 -printf '%p %y %m %u %g %l\\n' | sort; sha256sum $(find . -type f | sort); getfattr -d -m - -R . 2>/dev/null || :",
  );

test("a new file that the web server refuses is taken away again, and nothing is reloaded", async () => {
  await shell("apt-get install -y nginx-light");
  const reloads = () => shell("journalctl -q -o cat -u nginx | grep -c Reload || :");
  const before = await reloads();
  const pid = await shell("systemctl show -P MainPID nginx");
  const recipe = `package "nginx-light"
file "/etc/nginx/conf.d/bad.conf" { content = "nonsense on;\\n" }
service "nginx" { watch = ["/etc/nginx/**"], verify = sh"nginx -t" }
`;
  const refused = await run("apply", recipe);
  expect(refused.status).toBe(3);
  expect(refused.output).toContain('unknown directive "nonsense"');
  expect(refused.output).toContain("taken away again: /etc/nginx/conf.d/bad.conf");
  expect(refused.output).toContain('put back file["/etc/nginx/conf.d/bad.conf"]  its change was refused');
  await shell("test ! -e /etc/nginx/conf.d/bad.conf && nginx -t");
  expect(await shell("systemctl show -P MainPID nginx")).toBe(pid);
  expect(await reloads()).toBe(before);
  const plan = await run("plan", recipe);
  expect(plan.output).not.toContain("owed");
  expect(plan.output).toContain("/etc/nginx/conf.d/bad.conf");
});

test("the first start that is refused leaves none of the files that it was refused for", async () => {
  const refused = await run("apply", guarded(`file "/etc/guarded/a.conf" { content = "bad\\n" }`));
  expect(refused.status).toBe(3);
  expect(refused.output).toContain("was not started, because its verify command failed");
  await shell("test ! -e /etc/guarded/a.conf && ! systemctl is-active -q guarded");
});

const good = `file "/etc/guarded/a.conf" { content = "one\\n", owner = "games", group = "mail", mode = 0640 }
file "/etc/guarded/b.conf" { content = "two\\n" }
file "/etc/guarded/c.conf" { content = "three\\n", mode = 0600 }
link "/etc/guarded/l" { to = "b.conf" }
`;
const changed = (
  word: string,
): string => `file "/etc/guarded/a.conf" { content = "${word}\\n", owner = "root", group = "root", mode = 0644 }
file "/etc/guarded/b.conf" { state = "absent" }
file "/etc/guarded/c.conf" { content = "three\\n", mode = 0644 }
file "/etc/guarded/new.conf" { content = "four\\n" }
link "/etc/guarded/l" { to = "c.conf" }
link "/etc/guarded/m" { to = "c.conf" }
`;

test("bytes, owner, mode, links, and what was removed come back; what is mended then goes through", async () => {
  expect((await run("apply", guarded(good))).status).toBe(0);
  const before = await found();
  const refused = await run("apply", guarded(changed("bad")), "--json");
  expect(refused.status).toBe(3);
  expect(refused.output).toContain("put back as it was: /etc/guarded/a.conf");
  const document: { hosts: { steps: { resource: string; result: string; putBack?: boolean }[] }[] } = JSON.parse(
    refused.output,
  );
  expect(document.hosts[0]?.steps).toContainEqual(
    expect.objectContaining({ resource: 'file["/etc/guarded/a.conf"]', result: "changed", putBack: true }),
  );
  expect(await found()).toBe(before);
  expect(await shell("find /var/lib/galley/owed /var/lib/galley/kept -type f 2>/dev/null")).toBe("");
  const mended = await run("apply", guarded(changed("fine")));
  expect(mended.status).toBe(0);
  expect(await shell("cat /etc/guarded/a.conf; readlink /etc/guarded/l /etc/guarded/m")).toBe("fine\nc.conf\nc.conf");
  expect(await shell("find /var/lib/galley/owed /var/lib/galley/kept -type f 2>/dev/null")).toBe("");
});

test("systemd, too, goes by the unit that was put back", async () => {
  await shell("rm -f /etc/guarded/new.conf /etc/guarded/m");
  expect((await run("apply", guarded(good))).status).toBe(0);
  const pid = await shell("systemctl show -P MainPID guarded");
  const dropIn = `directory "/etc/systemd/system/guarded.service.d"
file "/etc/systemd/system/guarded.service.d/a.conf" { content = "[Service]\\nExecStart=\\nExecStart=/bin/sleep 8888\\n" }
file "/etc/guarded/new.conf" { content = "bad\\n" }
`;
  const refused = await run("apply", guarded(`${good}${dropIn}`));
  expect(refused.status).toBe(3);
  expect(refused.output).toContain("taken away again: /etc/systemd/system/guarded.service.d/a.conf");
  expect(await shell("systemctl show -P MainPID -P NeedDaemonReload guarded")).toBe(`${pid}\nno`);
  expect(await shell("systemctl show -P ExecStart guarded")).toContain("/bin/sleep 7777");
  expect((await run("plan", guarded(good))).output).toContain("Nothing to change");
});

test("a run that is killed before the verifier has spoken is put back by the next one", async () => {
  expect((await run("apply", guarded(good))).status).toBe(0);
  const before = await found();
  const recipe = guarded(changed("bad slow"));
  const first = run("apply", recipe);
  await shell("for i in $(seq 100); do pgrep -x sleep -a | grep -q 'sleep 8' && break; sleep 0.1; done");
  await shell("systemctl kill -s KILL 'galley-*'");
  expect((await first).status).not.toBe(0);
  expect(await shell("cat /etc/guarded/a.conf")).toBe("bad slow");
  const next = await run("apply", recipe);
  expect(next.status).toBe(3);
  expect(next.output).toContain("put back as it was: /etc/guarded/a.conf");
  expect(await found()).toBe(before);
});
