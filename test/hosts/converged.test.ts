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
