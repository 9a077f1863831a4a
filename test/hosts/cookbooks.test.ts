import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, galley } from "./galley.ts";
import { type Machine, startMachine } from "./machine.ts";

/** Mistakes in what a recipe gives a cookbook, on a real machine; each test goes on from the one before. */
let machine: Machine;
let folder: string;

beforeAll(async () => {
  machine = await startMachine({ name: "cookbooks" });
  folder = mkdtempSync(join(tmpdir(), "galley-cookbooks-"));
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

const modules = async (): Promise<string> => (await machine.exec(["ls", "/etc/apache2/mods-enabled"])).stdout;

const wrong = 'use apache\napache.server {}\napache.module "nosuch"\n';

test("a module that Apache does not have fails while Apache is installed with it, and no link is left", async () => {
  const ended = await run("apply", wrong);
  expect(ended.status).toBe(3);
  expect(ended.output).toContain("would lead nowhere, there is no ../mods-available/nosuch.load");
  expect(await modules()).toContain("mpm_event.load\n");
  expect(await modules()).not.toContain("nosuch");
});

test("once Apache is there the plan knows its modules", async () => {
  const ended = await run("plan", wrong);
  expect(ended.status).toBe(1);
  expect(ended.errors).toContain("there is no /etc/apache2/mods-available/nosuch.load on");
  expect(ended.errors).toContain("site.recipe:3:1");
  const right = await run("apply", 'use apache\napache.server { modules = ["rewrite", "ssl"] }\n');
  expect(right.status).toBe(0);
  expect(await modules()).toContain("rewrite.load\n");
});

test("a module that a package of the plan brings is no mistake, though Apache is there without it", async () => {
  const recipe = 'use apache\napache.server {}\napache.module "wsgi"\npackage "libapache2-mod-wsgi-py3"\n';
  const planned = await run("plan", recipe);
  expect(planned).toMatchObject({ status: 0, errors: "" });
  expect((await run("apply", recipe)).status).toBe(0);
  expect((await run("plan", recipe)).output).toContain("Nothing to change");
});
