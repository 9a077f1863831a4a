import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { galley } from "./galley.ts";
import { startMachine } from "./machine.ts";

test("nothing is called converged while the closing read differs", async () => {
  const machine = await startMachine({ name: "converged" });
  const folder = mkdtempSync(join(tmpdir(), "galley-converged-"));
  try {
    const recipe = join(folder, "site.recipe");
    // A command that undoes what an earlier step has done: every step succeeds, and the machine is not as it should be.
    writeFileSync(
      recipe,
      `file "/etc/fought-over" { content = "ours\\n" }

execute "fight" {
  run    = sh"echo theirs > /etc/fought-over"
  always = "to undo it"
  require file["/etc/fought-over"]
}
`,
    );
    const ended = await galley(["apply", recipe, "--yes", "--on", `ssh://root@${machine.address}`], machine);
    expect(ended.status).toBe(3);
    expect(ended.output).toContain("not converged");
    expect(ended.output).toContain(`these still differ: file["/etc/fought-over"] (content differs)`);
    // A saved plan is judged by the same closing read.
    const on = ["--on", `ssh://root@${machine.address}`];
    const saved = join(folder, "saved.plan");
    expect((await galley(["plan", recipe, "-o", saved, ...on], machine)).status).toBe(0);
    const exact = await galley(["apply", saved, "--yes"], machine);
    expect(exact.status).toBe(3);
    const verdict = (output: string) => output.slice(output.indexOf("read again")).replace(/in \d+\.\d s/, "");
    expect(verdict(exact.output)).toBe(verdict(ended.output));
    const json = await galley(["apply", recipe, "--yes", "--json", "--on", `ssh://root@${machine.address}`], machine);
    expect(json.status).toBe(3);
    expect(JSON.parse(json.output)).toMatchObject({
      hosts: [{ status: "failed" }],
      summary: { failed: 0, changed: 2 },
    });
  } finally {
    rmSync(folder, { recursive: true });
    await machine.stop();
  }
});

test("a saved plan without steps is no proof: what its hosts should be is read and compared", async () => {
  const machine = await startMachine({ name: "quiet" });
  const folder = mkdtempSync(join(tmpdir(), "galley-quiet-"));
  try {
    const recipe = join(folder, "site.recipe");
    writeFileSync(
      recipe,
      `execute "prepare" {
  run    = sh"touch /srv/ready"
  unless = sh"test -e /srv/ready"
}
`,
    );
    await machine.write("/srv/ready", "");
    const saved = join(folder, "saved.plan");
    const planned = await galley(["plan", recipe, "-o", saved, "--on", `ssh://root@${machine.address}`], machine);
    expect(planned.output).toContain("Nothing to change");
    expect((await galley(["apply", saved], machine)).output).toContain("converged");
    await machine.exec(["rm", "/srv/ready"]);
    const ended = await galley(["apply", saved], machine);
    expect(ended.output).toContain('read again now, these still differ: execute["prepare"]');
    expect(ended.status).toBe(3);
  } finally {
    rmSync(folder, { recursive: true });
    await machine.stop();
  }
});
