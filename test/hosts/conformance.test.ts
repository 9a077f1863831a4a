import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { galley } from "./galley.ts";
import { type Machine, startMachine } from "./machine.ts";

/** Every kind at once through the whole line, from the text of a recipe to the machine; each test goes on from the one before. */
let machine: Machine;
let folder: string;

beforeAll(async () => {
  machine = await startMachine({ name: "conformance" });
  folder = mkdtempSync(join(tmpdir(), "galley-conformance-"));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await machine.stop();
});

const recipe = String.raw`
group "crew" { gid = 4242 }
user "ada" { groups = ["crew"], shell = "/bin/bash" }

directory "/srv/kinds" { owner = "ada", group = "crew", mode = 02750 }
directory "/srv/kinds/con\nf 'd" { owner = "ada" }
file "/srv/kinds/odd \$(id) \"name\"" {
  content = "one\ntwo \$(id)\n"
  owner   = "ada"
  mode    = 0640
  verify  = sh"grep -q two ${"${candidate}"} && test ! -e /srv/kinds/never"
}
file "/srv/kinds/bytes" { source = "payload.bin", owner = "4242", group = "crew" }
file "/srv/kinds/gone" { state = "absent" }
link "/srv/kinds/link" { to = "odd \$(id) \"name\"", owner = "ada" }

execute "make a key" {
  run     = sh"umask 077; cat > key; echo ${'${"it\'s"}'} \"$TOKEN\" >> key"
  cwd     = "/srv/kinds"
  user    = "ada"
  env     = { TOKEN = "two\nlines" }
  stdin   = "from stdin\n"
  creates = "/srv/kinds/key"
}
execute "count" {
  run   = ["sh", "-c", "echo . >> /var/tmp/counted"]
  watch = ["/srv/kinds/*", "/srv/kinds/**/*.conf"]
}
execute "note" {
  run    = ["touch", "/var/tmp/noted"]
  unless = sh"test -e /var/tmp/noted"
}

package "tree"
file "/etc/systemd/system/kinds.service" {
  content = "[Service]\nExecStart=/bin/sleep infinity\nExecReload=/bin/true\n[Install]\nWantedBy=multi-user.target\n"
  verify  = sh"systemd-analyze verify ${"${candidate}"}"
}
service "kinds" { watch = ["/etc/systemd/system/kinds.service"] }
`;

const on = () => ["--on", `ssh://root@${machine.address}`];
const run = (command: string, ...more: readonly string[]) =>
  galley([command, folder, ...on(), ...more], { home: machine.home });
const sh = async (line: string): Promise<string> => (await machine.exec(["sh", "-c", line])).stdout;
const summary = (output: string): unknown => Reflect.get(Object(JSON.parse(output)), "summary");

test("all kinds converge on a fresh machine", async () => {
  writeFileSync(join(folder, "site.recipe"), recipe);
  writeFileSync(
    join(folder, "payload.bin"),
    Uint8Array.from({ length: 5000 }, (_, index) => index % 256),
  );
  await machine.exec(["sh", "-c", "mkdir /srv/kinds; touch /srv/kinds/gone"]);
  const applied = await run("apply", "--yes");
  expect(applied.status, applied.errors).toBe(0);
  expect(applied.output).toContain("converged");
  expect(await sh("cd /srv/kinds; stat -c '%n %U %G %a' . odd* bytes key; cat odd* key; readlink link; ls -A")).toBe(
    `. ada crew 2750
odd $(id) "name" ada ada 640
bytes UNKNOWN crew 644
key ada crew 600
one
two $(id)
from stdin
it's two
lines
odd $(id) "name"
bytes
con
f 'd
key
link
odd $(id) "name"
`,
  );
  expect(await sh("cat /var/tmp/counted; id -Gn ada; systemctl is-active kinds; command -v tree")).toBe(
    ".\nada crew\nactive\n/usr/bin/tree\n",
  );
});

test("a second apply changes nothing", async () => {
  const again = await run("apply", "--yes", "--json");
  expect(again.status).toBe(0);
  expect(summary(again.output)).toMatchObject({ changed: 0, failed: 0, skipped: 0 });
  expect(await sh("cat /var/tmp/counted")).toBe(".\n");
});

test("drift of every kind is planned as it is, and put right", async () => {
  await sh(`
    cd /srv/kinds
    chmod 777 . odd*
    echo more >> bytes
    ln -sfn elsewhere link
    rm key /var/tmp/noted
    touch gone
    systemctl stop kinds
    gpasswd -d ada crew
  `);
  const plan = await run("plan", "--json");
  const { hosts } = Object(JSON.parse(plan.output));
  const steps: readonly { readonly resource: string; readonly action: string }[] = hosts[0].steps;
  expect(steps.map(({ action, resource }) => `${action} ${resource}`).toSorted()).toEqual([
    'remove file["/srv/kinds/gone"]',
    'run execute["count"]',
    'run execute["make a key"]',
    'run execute["note"]',
    'start service["kinds"]',
    'update directory["/srv/kinds"]',
    'update file["/srv/kinds/bytes"]',
    'update file["/srv/kinds/odd $(id) \\"name\\""]',
    'update link["/srv/kinds/link"]',
    'update user["ada"]',
  ]);
  const applied = await run("apply", "--yes", "--json");
  expect(applied.status).toBe(0);
  // The files that "count" watches are again as they were when it last ran.
  expect(summary(applied.output)).toMatchObject({ changed: 9, failed: 0, skipped: 0 });
  expect(await sh("cat /var/tmp/counted")).toBe(".\n");
});

test("a directory in a file's place is told by the plan, and nothing is touched", async () => {
  await sh('cd /srv/kinds; rm bytes; mkdir bytes; for one in odd*; do echo drift >> "$one"; done');
  const applied = await run("apply", "--yes");
  expect(applied.status).toBe(1);
  expect(applied.errors).toContain('error[P315]: file["/srv/kinds/bytes"] cannot be applied on');
  expect(applied.errors).toContain("a directory stands there");
  expect(await sh("cd /srv/kinds; tail -n 1 odd*")).toBe("drift\n");
});

test("a verifier that says no fails its step only, in words that name it", async () => {
  await sh("cd /srv/kinds; rmdir bytes; touch never");
  const applied = await run("apply", "--yes");
  expect(applied.status).toBe(3);
  expect(applied.output).toContain('verify refused the new /srv/kinds/odd $(id) "name" with status 1');
  expect(await sh("cd /srv/kinds; test -f bytes; tail -n 1 odd*; ls -A | grep -c '^.galley'")).toBe("drift\n0\n");
});
