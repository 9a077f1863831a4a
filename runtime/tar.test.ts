import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { writeTar } from "./tar.ts";

const entries = [0, 1, 511, 512, 513, 100_000].map((size) => ({
  path: `blobs/${"d".repeat(64)}-${size}`,
  bytes: Buffer.alloc(size, size % 251),
}));
const runScript = { path: "run.sh", bytes: Buffer.from("exit\n") };

for (const program of [["tar"], ["busybox", "tar"]]) {
  const found = spawnSync("sh", ["-c", 'command -v "$0"', program[0] ?? ""]).status === 0;
  test.runIf(found || process.env["CI"])(`${program.join(" ")} unpacks what was written, byte by byte`, () => {
    const folder = mkdtempSync(join(tmpdir(), "galley-tar-"));
    const [name = "", ...rest] = program;
    const { status, stderr } = spawnSync(name, [...rest, "-xf", "-", "-C", folder], {
      input: writeTar([...entries, runScript]),
    });
    expect([status, stderr.toString()]).toEqual([0, ""]);
    for (const { path, bytes } of [...entries, runScript]) {
      expect(readFileSync(join(folder, path)).equals(bytes)).toBe(true);
      expect(statSync(join(folder, path)).mode & 0o777).toBe(0o600);
    }
    expect(statSync(join(folder, "blobs")).mode & 0o777).toBe(0o700);
    rmSync(folder, { recursive: true });
  });
}

test("only paths of ours go in", () => {
  for (const path of ["/etc/passwd", "../x", "a b", "x".repeat(101), ""]) {
    expect(() => writeTar([{ path, bytes: Buffer.alloc(0) }])).toThrow("is no path for an archive of ours");
  }
});
