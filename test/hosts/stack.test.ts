import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { galley } from "./galley.ts";
import { type Machine, startMachine } from "./machine.ts";
import { makeSshHome } from "./ssh-home.ts";

/** Hosts that a recipe declares: facts of each other, order between layers, batches, and what is left untouched. */
const names = ["db1", "web1", "web2"] as const;
let machines: readonly Machine[];
let folder: string;
let home: string;

beforeAll(async () => {
  machines = await Promise.all(names.map((name) => startMachine({ name })));
  folder = mkdtempSync(join(tmpdir(), "galley-stack-"));
  home = join(folder, "home");
  makeSshHome(home, machines);
});
afterEach(async () => {
  await Promise.all(machines.map((one) => one.exec(["sh", "-c", "rm -rf /srv/*"])));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await Promise.all(machines.map((one) => one.stop()));
});

function machine(name: (typeof names)[number]): Machine {
  const found = machines.find((one) => one.name === name);
  if (!found) throw new Error(`there is no machine ${name}`);
  return found;
}

/** A stack of a database and two web hosts, worked off one at a time; each host has one file and one guarded command. */
function stack(work = "touch /srv/done"): string {
  const recipe = join(folder, "site.recipe");
  const hosts = machines.map(({ name, address }) => `host "${name}" { address = "${address}", login = "root" }`);
  writeFileSync(
    recipe,
    `${hosts.join("\n")}

stack shop {
  layer db {
    hosts = [host["db1"]]
    on setup {
      file "/srv/peers" { content = join([for w in web.hosts => "\${w.name} \${w.address} \${w.os.codename}"], "\\n") + "\\n" }
    }
    on configure {
      execute "work" {
        run    = sh"touch /srv/done"
        unless = sh"test -e /srv/done"
      }
    }
  }
  layer web {
    hosts   = [host["web1"], host["web2"]]
    rolling = 1
    on configure {
      file "/srv/db" { content = "\${db.hosts[0].name} \${db.hosts[0].cpus}\\n" }
    }
    on deploy {
      execute "work" {
        run    = sh"${work}"
        unless = sh"test -e /srv/done"
      }
    }
  }
  db -> web
}
`,
  );
  return recipe;
}

const run = (...words: readonly string[]) => galley(words, { home });

/** When a file was last changed, in nanoseconds; machines share the clock of this one. */
async function changedAt(name: (typeof names)[number], path: string): Promise<bigint> {
  const { stdout } = await machine(name).exec(["stat", "-c", "%.9Y", path]);
  return BigInt(stdout.trim().replace(".", ""));
}

test("the hosts of a stack converge in the order of its layers, knowing each other from the first run", async () => {
  const recipe = stack();
  const planned = await run("plan", recipe);
  expect(planned.status, planned.errors + planned.output).toBe(0);
  // Hosts whose plans read the same are shown once.
  expect(planned.output).toMatch(/^db1 {2}debian 12 /m);
  expect(planned.output).toMatch(/^web\[1-2\] {2}2 hosts · debian 12 · 2 resources each /m);
  expect(planned.output).toMatch(/^Plan: 3 of 3 hosts to change: 3 to add, 3 decided on the host /m);

  const applied = await run("apply", recipe, "--yes");
  expect(applied.status, applied.errors + applied.output).toBe(0);
  expect((await machine("db1").read("/srv/peers")).toString()).toBe(
    `web1 ${machine("web1").address} bookworm\nweb2 ${machine("web2").address} bookworm\n`,
  );
  expect((await machine("web2").read("/srv/db")).toString()).toMatch(/^db1 \d+\n$/);
  // The layer db is done before a web host begins, and those go one after the other.
  const [db, first, firstDone, second] = await Promise.all([
    changedAt("db1", "/srv/done"),
    changedAt("web1", "/srv/db"),
    changedAt("web1", "/srv/done"),
    changedAt("web2", "/srv/db"),
  ]);
  expect(db).toBeLessThan(first);
  expect(firstDone).toBeLessThan(second);

  const again = await run("apply", recipe, "--yes");
  expect(again.status).toBe(0);
  expect(again.output.match(/converged: 0 changes/g)).toHaveLength(3);
});

test("a host that fails stops the rest of its layer, which is told and left untouched", async () => {
  const recipe = stack("echo broken >&2; exit 3");
  const applied = await run("apply", recipe, "--yes", "--json");
  expect(applied.status, applied.errors).toBe(3);
  const { hosts } = JSON.parse(applied.output);
  expect(hosts.map(({ name, status }: { name: string; status: string }) => `${name} ${status}`)).toEqual([
    "db1 converged",
    "web1 failed",
    "web2 untouched",
  ]);
  expect((await machine("web2").exec(["ls", "/srv"])).stdout).toBe("");
  const shown = await run("apply", recipe, "--yes");
  expect(shown.output).toContain("web2  left untouched (1 host): nothing was begun: web1 of shop.web did not converge");
});

test("a layer behind one that failed, or cannot be reached, does not begin", async () => {
  const recipe = stack();
  const facts = await run("apply", recipe, "--yes", "--on", "db");
  expect(facts.status, facts.errors).toBe(0);
  await machine("db1").cut();
  try {
    const planned = await run("plan", recipe, "--on", "web1");
    expect(planned.status).toBe(6);
    expect(planned.errors).toMatch(/web1.*the recipe needs facts of hosts that cannot be read: cpus of db1 \(/);
  } finally {
    await machine("db1").restore();
  }
});

test("attach asks the hosts of a recipe by their names", async () => {
  const asked = await run("attach", stack(), "--on", "web");
  expect(asked).toMatchObject({ status: 0, output: "web1  no run is at work\nweb2  no run is at work\n" });
});

test("--on chooses what is written, and limits no read", async () => {
  const recipe = stack();
  const applied = await run("apply", recipe, "--yes", "--on", "layer:web & !web2");
  expect(applied.status, applied.errors + applied.output).toBe(0);
  expect((await machine("web1").read("/srv/db")).toString()).toMatch(/^db1 \d+\n$/);
  expect((await machine("web2").exec(["ls", "/srv"])).stdout).toBe("");
  expect((await machine("db1").exec(["ls", "/srv"])).stdout).toBe("");

  const wrong = await run("plan", recipe, "--on", "wbe1");
  expect(wrong).toMatchObject({ status: 1, output: "" });
  expect(wrong.errors).toContain('--on wbe1: the recipe has no host, layer or stack "wbe1"; did you mean web1?');
  const target = await run("plan", recipe, "--on", "local");
  expect(target.errors).toContain("the recipe declares its hosts, so --on names some of them, not local");
});

test("a saved plan holds all hosts and their order", async () => {
  const recipe = stack("exit 3");
  const file = join(folder, "shop.plan");
  const planned = await run("plan", recipe, "-o", file);
  expect(planned.status, planned.errors).toBe(0);
  const applied = await run("apply", file, "--yes");
  expect(applied.status, applied.errors + applied.output).toBe(3);
  expect(applied.output).toContain("web2  left untouched (1 host)");
  expect(await changedAt("db1", "/srv/done")).toBeLessThan(await changedAt("web1", "/srv/db"));
});

test("deploy is a slice with a plan of its own; undeploy and shutdown are worlds of their own", async () => {
  const recipe = join(folder, "life.recipe");
  const { address, name } = machine("web1");
  writeFileSync(
    recipe,
    `host "${name}" { address = "${address}", login = "root" }
stack shop {
  input revision: string = "v1"
  layer web {
    hosts = [host["${name}"]]
    on setup { file "/srv/set-up" { content = "x" } }
    on deploy {
      directory "/srv/app"
      file "/srv/app/revision" { content = revision }
    }
    on undeploy {
      directory "/srv/app" { state = "absent" }
      file "/srv/app/revision" { state = "absent" }
    }
  }
}
`,
  );
  const planned = await run("plan", recipe, "--event", "deploy");
  expect(planned.status, planned.errors).toBe(0);
  expect(planned.output).toContain("/srv/app/revision");
  expect(planned.output).not.toContain("/srv/set-up");

  const deployed = await run("deploy", recipe, "--yes", "--set", "shop.revision=v2");
  expect(deployed.status, deployed.errors + deployed.output).toBe(0);
  expect((await machine("web1").read("/srv/app/revision")).toString()).toBe("v2");
  expect((await machine("web1").exec(["ls", "/srv"])).stdout).toBe("app\n");

  const gone = await run("run", "undeploy", recipe, "--yes");
  expect(gone.status, gone.errors + gone.output).toBe(0);
  expect((await machine("web1").exec(["ls", "/srv"])).stdout).toBe("");
});
