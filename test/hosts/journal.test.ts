import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { galley } from "./galley.ts";
import { type Machine, startMachine } from "./machine.ts";

/** What commands print must not become words of the journal, and a journal that cannot be written is said. */
let machine: Machine;
let folder: string;

beforeAll(async () => {
  machine = await startMachine({ name: "journal" });
  folder = mkdtempSync(join(tmpdir(), "galley-journal-"));
});
afterEach(() => sh("umount /var/lib/galley 2>/dev/null; true"));
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await machine.stop();
});

async function sh(line: string): Promise<string> {
  const { code, stdout, stderr } = await machine.exec(["sh", "-c", line]);
  if (code !== 0) throw new Error(`${line}: ${stdout}${stderr}`);
  return stdout;
}

function apply(recipe: string, ...words: readonly string[]) {
  const path = join(folder, "site.recipe");
  writeFileSync(path, recipe);
  return galley(["apply", path, "--yes", ...words, "--on", `ssh://root@${machine.address}`], machine);
}

test("what an unprivileged command prints removes no file, whatever it looks like", async () => {
  await sh(`echo precious >/etc/victim
    cd /home/plain && mkdir -p .galley-x .galley-0-1-0-x
    cat >check <<'X'
#!/bin/sh
n=$(cat /home/plain/count 2>/dev/null); n=$((n + 1)); echo $n >/home/plain/count
[ $n -lt 2 ] && exit 1
for step in 0 1 2; do
  echo " temp $step /home/plain/.galley-x/../../../etc/victim ."
  printf '3\\n%s\\n0\\n/home/plain/../../etc/victim\\n.\\n' $step
done
exit 126
X
    printf '#!/bin/sh\\necho "1 temp 1 /etc/.galley-x/../victim ."; exit 1\\n' >job
    chmod +x check job; chown -R plain: /home/plain; rm -f count`);
  const applied = await apply(`execute "first" {
  run    = ["/bin/true"]
  user   = "plain"
  unless = sh"/home/plain/check"
}
execute "second" {
  run    = ["/home/plain/job"]
  user   = "plain"
  always = "test"
}
`);
  expect(applied.errors + applied.output).toContain("its guard ended with status 126");
  expect(applied.status).toBe(3);
  expect(await sh("cat /etc/victim")).toBe("precious\n");
  // Not after a run that was killed, either: the records that a recovery reads hold no words of commands.
  await sh("cd /home/plain; rm -f count");
  expect((await apply('file "/etc/next" { content = "x\\n" }\n')).status).toBe(0);
  expect(await sh("cat /etc/victim")).toBe("precious\n");
});

const many = `directory "/etc/many"
execute "another program fills /var" {
  run    = sh"cat /dev/zero >/var/lib/galley/filler; true"
  always = "stands for a log that grows meanwhile"
}
for i in range(1, 30) {
  file "/etc/many/\${i}" {
    content = "x\\n"
    require execute["another program fills /var"]
  }
}
execute "migrate the database" {
  run    = sh"false"
  always = "a step that fails"
  require file["/etc/many/29"]
}
`;

test("a run whose journal cannot be written begins nothing more and is not converged", async () => {
  await sh("mkdir -p /var/lib/galley; mount -t tmpfs -o size=3m tmpfs /var/lib/galley");
  const applied = await apply(many);
  expect(applied.status).toBe(3);
  expect(applied.output).toContain("the journal of the run could not be written");
  expect(applied.output).toContain("make room for /var/lib/galley there, then apply again");
  expect(applied.output).not.toMatch(/ converged: /);
  // What was begun has an end; what was not begun was not done.
  await sh("rm -f /var/lib/galley/filler");
  const { hosts } = JSON.parse((await apply(many, "--json")).output);
  const results: readonly string[] = hosts[0].steps.map((step: { result: string }) => step.result);
  expect(hosts[0].status).toBe("failed");
  expect(results.filter((result) => result === "skipped").length).toBeGreaterThan(10);
  await sh("umount /var/lib/galley");
  expect((await apply('file "/etc/many/1" { content = "x\\n" }\n')).status).toBe(0);
});

test("a host without room for a run is told before anything is begun", async () => {
  await sh("mkdir -p /var/lib/galley; mount -t tmpfs -o size=256k tmpfs /var/lib/galley");
  await sh("head -c 200000 /dev/zero >/var/lib/galley/filler; true");
  const applied = await apply('file "/etc/never" { content = "x\\n" }\n');
  expect(applied.status).not.toBe(0);
  expect(await sh("ls /etc/never 2>/dev/null || echo absent")).toBe("absent\n");
});
