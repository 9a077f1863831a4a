import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { galley } from "./galley.ts";
import { type Machine, startMachine } from "./machine.ts";

let machine: Machine;
let folder: string;

beforeAll(async () => {
  machine = await startMachine({ name: "private" });
  folder = mkdtempSync(join(tmpdir(), "galley-private-"));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await machine.stop();
});

/** Words that must never be printed, and a few that may. */
const secrets = /NEWPW|OLDPW|TOPSECRET|WASSECRET|INSIDE|HUNTER2|GUARDWORD|REMOVED/;

const recipe = `file "/etc/priv" { content = "password=NEWPW\\nkept\\n", mode = 0600 }
file "/etc/was-private" { content = "NEWPW\\n" }
file "/etc/sensitive" { content = "TOPSECRET\\n", sensitive = true }
directory "/etc/closed" { mode = 0750 }
file "/etc/closed/inner" { content = "INSIDE\\n" }
file "/var/lib/vault/inner" { content = "INSIDE\\n" }
file "/var/lib/vault/changed" { content = "INSIDE\\n" }
file "/etc/quoted" { content = "HUNTER2\\n", mode = 0600, verify = sh"cat \${candidate}; exit 9" }
file "/root/.my.cnf" { content = "TOPSECRET\\n" }
file "/etc/gone" { state = "absent" }
file "/etc/open" { content = "everybody reads this\\n" }
execute "seed" {
  run       = sh"echo HUNTER2; exit 3"
  env       = { PASSWORD = "HUNTER2" }
  stdin     = "HUNTER2"
  always    = "it fails"
  sensitive = true
}
`;

async function prepare() {
  await machine.exec([
    "sh",
    "-c",
    `umask 077
    printf 'password=OLDPW\\nkept\\n' >/etc/priv
    echo OLDPW >/etc/was-private
    echo REMOVED >/etc/gone
    mkdir -p /var/lib/vault; echo WASSECRET >/var/lib/vault/changed; chmod 644 /var/lib/vault/changed
    echo WASSECRET >/etc/sensitive; chmod 644 /etc/sensitive`,
  ]);
  writeFileSync(join(folder, "site.recipe"), recipe);
}

const on = () => ["--on", `ssh://root@${machine.address}`];

test("content that its mode, its folder or its recipe hides is in no plan, report or document", async () => {
  await prepare();
  const path = join(folder, "site.recipe");
  const file = join(folder, "site.plan");
  const plan = await galley(["plan", path, "-o", file, ...on()], machine);
  expect(plan.errors + plan.output).not.toMatch(secrets);
  expect(plan.output).toMatch(/file \/etc\/priv +private, 1 line changes/);
  expect(plan.output).toMatch(/file \/etc\/gone +remove +private, 1 line/);
  expect(plan.output).toContain("everybody reads this");
  const json = await galley(["plan", path, "--json", ...on()], machine);
  expect(json.errors + json.output).not.toMatch(secrets);
  const [step] = JSON.parse(json.output).hosts[0].steps;
  expect(step).toMatchObject({ resource: 'file["/etc/priv"]', private: { lines: 1 } });
  // A saved plan holds the bytes that it will write, so only its owner may read it.
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const applied = await galley(["apply", path, "--yes", ...on()], machine);
  expect(applied.status).toBe(3);
  expect(applied.errors + applied.output).not.toMatch(secrets);
  expect(applied.output).toContain("what it printed is private (1 line); --show-private shows it");
  expect(applied.output).toMatch(
    /failed {2}file\["\/etc\/quoted"\] .*\n +verify refused the new \/etc\/quoted with status 9/,
  );
  await prepare();
  const document = await galley(["apply", path, "--yes", "--json", ...on()], machine);
  expect(document.errors + document.output).not.toMatch(secrets);
});

test("--show-private shows it", async () => {
  await prepare();
  const path = join(folder, "site.recipe");
  const plan = await galley(["plan", path, "--show-private", ...on()], machine);
  for (const word of ["NEWPW", "OLDPW", "REMOVED"]) expect(plan.output).toContain(word);
  const applied = await galley(["apply", path, "--yes", "--show-private", ...on()], machine);
  expect(applied.output).toContain("HUNTER2");
});

test("a stale plan names what has moved without its digest", async () => {
  await prepare();
  const path = join(folder, "site.recipe");
  const file = join(folder, "stale.plan");
  await galley(["plan", path, "-o", file, ...on()], machine);
  await machine.exec(["sh", "-c", "echo moved >/etc/priv"]);
  const applied = await galley(["apply", file, "--yes"], machine);
  expect(applied.status).toBe(5);
  expect(applied.output).toContain('file["/etc/priv"] is not as it was');
  expect(applied.output).not.toMatch(/[0-9a-f]{64}/);
});
