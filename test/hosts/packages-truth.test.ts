import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { galley } from "./galley.ts";
import { type Machine, startMachine } from "./machine.ts";

/** What a plan can know of packages it tells, and what apt says of a source reaches the report. */
let machine: Machine;
let folder: string;
let on: readonly string[];

beforeAll(async () => {
  machine = await startMachine({ name: "packages-truth" });
  folder = mkdtempSync(join(tmpdir(), "galley-packages-truth-"));
  on = ["--on", `ssh://root@${machine.address}`];
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await machine.stop();
});

const sh = async (line: string) => (await machine.exec(["sh", "-c", line])).stdout.trim();

function recipe(text: string): string {
  const path = join(folder, "site.recipe");
  writeFileSync(path, text);
  return path;
}
const plan = (text: string) => galley(["plan", recipe(text), ...on], machine);
const apply = (text: string) => galley(["apply", recipe(text), "--yes", ...on], machine);

test("without package lists nothing is known of a package, and nothing is claimed", async () => {
  await sh("rm -rf /var/lib/apt/lists/*");
  const { errors, output, status } = await plan('package "no-such-package"\n');
  expect(status).toBe(0);
  expect(errors).toBe("");
  expect(output).toContain("+ package no-such-package");
});

test("a package that no list has, and a version that cannot be had, are errors of the plan", async () => {
  await sh("apt-get update");
  const unknown = await plan('package "htop"\npackage "no-such-package"\n');
  expect(unknown.status).toBe(1);
  expect(unknown.errors).toContain("site.recipe:2:1");
  expect(unknown.errors).toContain("it is in none of this machine's package lists");
  expect(unknown.errors).toContain("correct its name, or add the repository that has it");
  expect(unknown.errors).toContain("1 error");

  const version = await plan('package "htop" { version = "99.*" }\n');
  expect(version.status).toBe(1);
  expect(version.errors).toMatch(/the package lists do not have its version 99\.\*\n.*they have 3\.2\.2-2/);

  const provided = await plan('package "awk-that-is-virtual-nowhere"\npackage "mail-transport-agent"\n');
  expect(provided.status).toBe(1);
  expect(provided.errors).toMatch(/declare one of them: .*postfix/);
  expect(await sh("dpkg-query -W htop 2>&1")).toContain("no packages found");
});

test("of lists that are old the plan only warns, as they are fetched again", async () => {
  await sh(
    "find /etc/apt -exec touch -d '-13 days' {} +; touch -d '-12 days' /var/lib/apt/lists /var/lib/apt/lists/partial",
  );
  const { errors, status } = await plan('package "no-such-package"\n');
  await sh("touch /var/lib/apt/lists");
  expect(status).toBe(0);
  expect(errors).toContain("warning[P342]");
  expect(errors).toContain("they are 12 days old, and are fetched again before it is installed");
});

test("the plan shows the version that is then installed, also while another program holds apt's locks", async () => {
  const two = 'package "htop"\npackage "nano"\n';
  const locked = machine.exec(["sh", "-c", "flock -x /var/lib/dpkg/lock-frontend -c 'touch /run/locked; sleep 5'"]);
  await sh("while [ ! -e /run/locked ]; do sleep 0.1; done");
  const { output, status } = await plan(two);
  await locked;
  expect(status).toBe(0);
  const [, htop, nano] = /\+ package htop (\S+), nano (\S+) /.exec(output) ?? [];
  expect((await apply(two)).status).toBe(0);
  expect(await sh("dpkg-query -W -f '${Version} ' htop nano")).toBe(`${htop} ${nano}`);
  const again = await plan(two);
  expect(again.output).toContain("(2 round trips)");
  expect(again.output).toContain("Nothing to change");
});

test("a held package that is not installed is an error of the plan, unless the recipe says what becomes of the hold", async () => {
  await sh("apt-mark hold tree");
  const held = await plan('package "tree"\n');
  expect(held.status).toBe(1);
  expect(held.errors).toContain("it is on hold there");
  expect(held.errors).toContain("release it with hold = false");
  const released = await apply('package "tree" { hold = false }\n');
  expect(released.status, released.errors + released.output).toBe(0);
});

test("a removal that takes a declared package along is an error of the plan", async () => {
  expect((await apply('package "nginx-light"\n')).status).toBe(0);
  const { errors, status } = await plan('package "nginx-light"\npackage "nginx-common" { state = "absent" }\n');
  expect(status).toBe(1);
  expect(errors).toMatch(/removing nginx-common would also remove .*nginx-light \(declared\)/);
  expect(errors).toContain("site.recipe:2:1");
  expect(await sh("dpkg-query -W -f '${db:Status-Abbrev}' nginx-light")).toBe("ii");
});

test("behind a source that the plan adds nothing is known, and a failure tells what apt said of the source", async () => {
  const text = `file "/etc/apt/sources.list.d/vendor.sources" {
  content = "Types: deb\\nURIs: file:/srv/repo\\nSuites: ./\\nSigned-By: /etc/apt/keyrings/nope.asc\\n"
}
package "vendor-agent2"
`;
  expect(await plan(text)).toMatchObject({ status: 0, errors: "" });
  const byCommand = `execute "add the source" { run = ["true"], always = "to fetch it" }\npackage "vendor-agent2"\n`;
  expect(await plan(byCommand)).toMatchObject({ status: 0, errors: "" });
  const { errors, output, status } = await apply(text);
  expect(status).toBe(3);
  for (const words of [errors, output]) {
    expect(words).toContain("The repository 'file:/srv/repo ./ Release' does not have a Release file");
  }
  await sh("rm /etc/apt/sources.list.d/vendor.sources; apt-get update");
});

test("a source whose key is not there is named in the failure of what should come from it", async () => {
  await sh(
    `mkdir -p /srv/signed && cd /srv/signed && : >Packages && printf 'Origin: x\\nDate: Fri, 27 Nov 2026 00:00:00 UTC\\nMD5Sum:\\n d41d8cd98f00b204e9800998ecf8427e 0 Packages\\n' >Release && printf 'no signature' >Release.gpg`,
  );
  const text = `file "/etc/apt/sources.list.d/vendor.sources" {
  content = "Types: deb\\nURIs: file:/srv/signed\\nSuites: ./\\nSigned-By: /etc/apt/keyrings/nope.asc\\n"
}
package "vendor-agent2"
`;
  const { output, status } = await apply(text);
  expect(status).toBe(3);
  expect(output).toMatch(/refreshing the lists failed: .*(?:NO_PUBKEY|not signed|GPG error|signature|nope\.asc)/);
  await sh("rm /etc/apt/sources.list.d/vendor.sources; apt-get update");
});

test("a declared package that apt had installed for another is marked, so that autoremove leaves it", async () => {
  await sh("apt-get install -y galera-4; apt-mark auto galera-4");
  expect(await sh("apt-get -s autoremove")).toContain("Remv galera-4");
  const planned = await plan('package "galera-4"\n');
  expect(planned.output).toMatch(/~ package galera-4 {2}mark automatic → manual/);
  // What only notes something asks apt nothing.
  expect(planned.output).toContain("(2 round trips)");
  expect((await apply('package "galera-4"\n')).status).toBe(0);
  expect(await sh("apt-get -s autoremove")).not.toContain("Remv galera-4");
});

test("a package by its name and with the machine's architecture is one package", async () => {
  const same = await plan('package "htop"\npackage "htop:amd64"\n');
  expect(same.output).toContain("Nothing to change; 1 as it should be");
  const { errors, status } = await plan('package "htop"\npackage "htop:amd64" { state = "absent" }\n');
  expect(status).toBe(1);
  expect(errors).toContain('package["htop"] and package["htop:amd64"] are both htop');
  expect(errors).toContain("contradict each other in `state`");
});

test("a name that an installed package provides is there, and its last provider cannot be declared absent", async () => {
  expect((await plan('package "awk"\n')).output).toContain("Nothing to change");
  expect((await apply('package "awk"\n')).output).toContain("converged: 0 changes");
  const { errors, status } = await plan('package "awk"\npackage "mawk" { state = "absent" }\n');
  expect(status).toBe(1);
  expect(errors).toContain("nothing else provides awk, which the recipe declares too");
  expect(errors).toContain("site.recipe:2:1");
});
