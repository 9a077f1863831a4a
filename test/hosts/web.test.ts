import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { galley } from "./galley.ts";
import { type Machine, startMachine } from "./machine.ts";

/** The example site on a fresh Debian: what the README promises, in order; each test goes on from the one before. */
let machine: Machine;
let site: string;

beforeAll(async () => {
  machine = await startMachine({ name: "web" });
  // The log then names every connection and every channel.
  await machine.write("/etc/ssh/sshd_config.d/verbose.conf", "LogLevel DEBUG1\n");
  await machine.exec(["systemctl", "reload", "ssh"]);
  site = mkdtempSync(join(tmpdir(), "galley-web-"));
  cpSync(join(import.meta.dirname, "../../examples/web"), site, { recursive: true });
});

afterAll(async () => {
  rmSync(site, { recursive: true });
  await machine.stop();
});

const on = (): readonly string[] => ["--on", `ssh://root@${machine.address}`];
const apply = (...more: readonly string[]) =>
  galley(["apply", site, "--yes", ...on(), ...more], { home: machine.home });

/** What the machine's web server answers when asked for the first page of a site. */
function page(host: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get({ host: machine.address, path: "/", headers: { Host: host } }, (answer) => {
      let text = `${answer.statusCode}\n`;
      answer.setEncoding("utf8").on("data", (piece: string) => (text += piece));
      answer.on("end", () => resolve(text));
    });
    request.on("error", reject);
  });
}

test("the plan of the fresh machine changes nothing on it", async () => {
  const before = await machine.exec([
    "sh",
    "-c",
    "ls -laR --time-style=full-iso /etc /srv /var/lib/galley 2>/dev/null | sha256sum",
  ]);
  const plan = await galley(["plan", site, ...on(), "--detailed-exitcode"], { home: machine.home });
  expect(plan).toMatchObject({ status: 2, errors: "" });
  expect(plan.output).toContain("+ package apache2");
  expect(plan.output).toContain("? service apache2");
  const after = await machine.exec([
    "sh",
    "-c",
    "ls -laR --time-style=full-iso /etc /srv /var/lib/galley 2>/dev/null | sha256sum",
  ]);
  expect(after.stdout).toBe(before.stdout);
});

test("applied, the site answers and the database is there", async () => {
  const applied = await apply();
  expect(applied.output).toContain("converged");
  expect(applied.status).toBe(0);
  expect(await page("www.example")).toContain("Served by Apache on debian 12, set up by Galley.");
  const databases = await machine.exec(["mariadb", "-NBe", "show databases like 'guestbook'"]);
  expect(databases.stdout).toBe("guestbook\n");
});

test("a second apply changes nothing, over one connection and one channel", async () => {
  await machine.exec(["sh", "-c", "journalctl --rotate -q; journalctl --vacuum-time=1s -q"]);
  const again = await apply("--json");
  expect(again.status).toBe(0);
  const document: unknown = JSON.parse(again.output);
  expect(document).toMatchObject({
    version: 1,
    hosts: [{ status: "converged", steps: [] }],
    summary: { changed: 0, failed: 0, skipped: 0 },
  });
  const log = (await machine.exec(["journalctl", "-q", "-o", "cat", "-u", "ssh"])).stdout;
  expect(log.match(/Connection from /g)).toHaveLength(1);
  expect(log.match(/Starting session: /g)).toHaveLength(1);
});

test("one edited value changes one file and reloads one service once", async () => {
  const recipe = join(site, "site.recipe");
  writeFileSync(
    recipe,
    readFileSync(recipe, "utf8").replace(`aliases = ["example"]`, `aliases = ["example", "shop.example"]`),
  );
  const reloads = async () =>
    (await machine.exec(["sh", "-c", "journalctl -q -o cat -u apache2 | grep -c '^Reloaded ' || :"])).stdout.trim();
  const before = Number(await reloads());
  const changed = await apply("--json");
  expect(changed.status).toBe(0);
  const document: { hosts: { steps: { resource: string; action: string; result: string }[] }[] } = JSON.parse(
    changed.output,
  );
  expect(document.hosts[0]?.steps.map(({ resource, action, result }) => [resource, action, result])).toEqual([
    [`file["/etc/apache2/sites-available/www.example.conf"]`, "update", "changed"],
    [`service["apache2"]`, "reload", "changed"],
  ]);
  expect(Number(await reloads()) - before).toBe(1);
});

test("a configuration that the verifier refuses is not loaded: the site goes on, and its files are put back", async () => {
  const recipe = join(site, "site.recipe");
  const good = readFileSync(recipe, "utf8");
  writeFileSync(recipe, good.replace(`  headers =`, `  extra   = "NoSuchDirective on"\n  headers =`));
  const broken = await apply();
  expect(broken.status).toBe(3);
  expect(broken.output).toContain("NoSuchDirective");
  expect(broken.output).toContain(`file["/etc/apache2/sites-available/www.example.conf"]`);
  expect(await page("www.example")).toContain("set up by Galley");
  const owed = await galley(["plan", site, ...on()], { home: machine.home });
  expect(owed.output).not.toContain("owed since run");
  expect(owed.output).toContain("NoSuchDirective");
  expect((await machine.exec(["apachectl", "configtest"])).code).toBe(0);

  writeFileSync(recipe, good);
  const mended = await apply("--json");
  expect(mended.status).toBe(0);
  const next = await galley(["plan", site, ...on()], { home: machine.home });
  expect(next.output).toContain("Nothing to change");
});

test("a saved plan is applied exactly, refused when the machine has moved, and refused when a byte has", async () => {
  const recipe = join(site, "site.recipe");
  writeFileSync(recipe, readFileSync(recipe, "utf8").replace(`domain = "www.example"`, `domain = "www2.example"`));
  const file = join(site, "saved.plan");
  const home = machine.home;
  expect((await galley(["plan", site, ...on(), "-o", file], { home })).status).toBe(0);

  const text = readFileSync(file, "utf8");
  const at = Math.floor(text.length / 2);
  const flipped = text.slice(0, at) + (text[at] === "a" ? "b" : "a") + text.slice(at + 1);
  writeFileSync(join(site, "flipped.plan"), flipped);
  const damaged = await galley(["apply", join(site, "flipped.plan"), "--yes"], { home });
  expect(damaged.status).toBe(1);
  expect(damaged.errors).toContain("changed since it was saved");

  await machine.write("/etc/motd", "by hand\n");
  const stale = await galley(["apply", file, "--yes"], { home });
  expect(stale.status).toBe(5);
  expect(stale.output).toContain(`file["/etc/motd"]`);
  expect((await machine.exec(["test", "-e", "/srv/www/www2.example"])).code).toBe(1);

  expect((await galley(["plan", site, ...on(), "-o", file], { home })).status).toBe(0);
  const applied = await galley(["apply", file, "--yes"], { home });
  expect(applied.errors).not.toContain("galley:");
  expect(applied.status).toBe(0);
  expect((await machine.exec(["test", "-e", "/srv/www/www2.example/index.html"])).code).toBe(0);
});
