import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { OPERATOR_PASSWORD } from "./base-tree.ts";
import { galley, startGalley } from "./galley.ts";
import { type Machine, startMachine } from "./machine.ts";

/** What goes wrong on the way to a machine or on it: each ends with its exit status, words that help, and a machine that is whole. */
let machine: Machine;
let folder: string;

beforeAll(async () => {
  machine = await startMachine({ name: "bad" });
  folder = mkdtempSync(join(tmpdir(), "galley-bad-"));
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await machine.stop();
});

function recipe(text: string): string {
  const path = join(folder, "case.recipe");
  writeFileSync(path, text);
  return path;
}

const harmless = `file "/etc/galley-case" { content = "x\\n" }\n`;
const exists = async (path: string, on = machine) => (await on.exec(["test", "-e", path])).code === 0;

test("a host that does not answer is unreachable", async () => {
  await machine.cut();
  try {
    const ended = await galley(["apply", recipe(harmless), "--yes", "--on", `ssh://root@${machine.address}`], machine);
    expect(ended.status).toBe(4);
    expect(ended.errors).toMatch(/cannot reach ssh:\/\/root@\S+: .*(no route|not answer)/);
  } finally {
    await machine.restore();
  }
});

test("an unknown host key is refused without a terminal, with its fingerprint", async () => {
  const home = mkdtempSync(join(folder, "home-"));
  const ended = await galley(["plan", recipe(harmless), "--on", `ssh://root@${machine.address}`], { home });
  expect(ended.status).toBe(6);
  expect(ended.errors).toMatch(/the host key of \S+ is not known \(ssh-ed25519, SHA256:[A-Za-z0-9+/]{43}\)/);
});

test("a changed host key is refused, naming file and line", async () => {
  const other = await startMachine({ name: "other" });
  try {
    const home = mkdtempSync(join(folder, "home-"));
    const known = join(home, ".ssh/known_hosts");
    mkdirSync(join(home, ".ssh"), { mode: 0o700 });
    const key = other.knownHostsLine.slice(other.knownHostsLine.indexOf(" "));
    writeFileSync(known, `# mine\n${machine.address}${key}\n`);
    const ended = await galley(["apply", recipe(harmless), "--yes", "--on", `ssh://root@${machine.address}`], { home });
    expect(ended.status).toBe(6);
    expect(ended.errors).toContain("changed");
    expect(ended.errors).toContain(`${known}:2`);
    expect(await exists("/etc/galley-case")).toBe(false);
    expect(readFileSync(known, "utf8")).toBe(`# mine\n${machine.address}${key}\n`);
  } finally {
    await other.stop();
  }
});

test("a user without sudo is refused", async () => {
  const ended = await galley(["apply", recipe(harmless), "--yes", "--on", `ssh://plain@${machine.address}`], machine);
  expect(ended.status).toBe(6);
  expect(ended.errors).toContain("sudo");
  expect(await exists("/etc/galley-case")).toBe(false);
});

test("a machine without sudo is refused to a user who is not root", async () => {
  const bare = await startMachine({ name: "nosudo", without: ["sudo"] });
  try {
    const ended = await galley(["apply", recipe(harmless), "--yes", "--on", `ssh://admin@${bare.address}`], bare);
    expect(ended.status).toBe(6);
    expect(ended.errors).toContain("sudo");
    expect(await exists("/etc/galley-case", bare)).toBe(false);
  } finally {
    await bare.stop();
  }
});

test("sudo that wants a password and cannot ask for one is refused; sudo without a password works", async () => {
  const wants = await galley(
    ["apply", recipe(harmless), "--yes", "--on", `ssh://operator@${machine.address}`],
    machine,
  );
  expect(wants.status).toBe(6);
  expect(wants.errors).toContain("password");
  expect(wants.errors).not.toContain(OPERATOR_PASSWORD);
  const works = await galley(["apply", recipe(harmless), "--yes", "--on", `ssh://admin@${machine.address}`], machine);
  expect(works.status).toBe(0);
  expect(await exists("/etc/galley-case")).toBe(true);
});

test("a file in a folder that nobody makes is a mistake, with the line to add", async () => {
  const text = `file "/srv/nowhere/x" { content = "x\\n" }\n`;
  const ended = await galley(["plan", recipe(text), "--on", `ssh://root@${machine.address}`], machine);
  expect(ended.status).toBe(1);
  expect(ended.errors).toContain("case.recipe:1:1");
  expect(ended.errors).toContain(`add this: directory "/srv/nowhere" {}`);
});

test("a full disk fails what needs room, loses nothing, and the next run converges", async () => {
  const small = await startMachine({ name: "full", disk: 60 });
  try {
    await small.write("/etc/galley-case", "old\n");
    await small.exec(["sh", "-c", "dd if=/dev/zero of=/var/filler bs=64k 2>/dev/null; :"]);
    const big = recipe(`file "/etc/galley-case" { content = "${"new ".repeat(100_000)}\\n" }\n`);
    const words = ["apply", big, "--yes", "--on", `ssh://root@${small.address}`];
    const full = await galley(words, small);
    expect([3, 6]).toContain(full.status);
    expect(`${full.output}${full.errors}`).toMatch(/no (space|room)|disk is full/i);
    expect((await small.read("/etc/galley-case")).toString()).toBe("old\n");
    await small.exec(["rm", "/var/filler"]);
    expect((await galley(words, small)).status).toBe(0);
    expect((await small.read("/etc/galley-case")).length).toBe(400_001);
    const left = await small.exec([
      "sh",
      "-c",
      "find /etc -name '.galley*'; ls -A /var/lib/galley/lock 2>/dev/null; :",
    ]);
    expect(left.stdout).toBe("");
  } finally {
    await small.stop();
  }
});

test("a dpkg lock that is held is waited for, and its holder named when the wait ends", async () => {
  const hold = `use Fcntl; open(F, ">", "/var/lib/dpkg/lock-frontend"); my $lock = pack("s s l! l! i x100", F_WRLCK, 0, 0, 0, 0); fcntl(F, F_SETLK, $lock) or die; open(H, ">", "/run/galley-held"); sleep 20;`;
  const holder = machine.exec(["perl", "-e", hold]);
  await expect.poll(() => exists("/run/galley-held"), { timeout: 20_000 }).toBe(true);
  const words = [
    "apply",
    recipe(`package "tree" { lock_timeout = 2s }\n`),
    "--yes",
    "--on",
    `ssh://root@${machine.address}`,
  ];
  const ended = await galley(words, machine);
  expect(ended.status).toBe(3);
  expect(ended.output).toMatch(/still locked after 2 s, by perl \(pid \d+\)/);
  await machine.exec(["pkill", "-x", "perl"]);
  await holder;
  expect((await galley(words, machine)).status).toBe(0);
});

/** Runs galley on a terminal of its own, types the answers one after the other as they are asked for. */
async function onTerminal(words: readonly string[], home: string, answers: readonly (readonly [RegExp, string])[]) {
  const line = [join(import.meta.dirname, "../../galley"), ...words].map((word) => `'${word}'`).join(" ");
  const child = spawn("script", ["-qefc", line, "/dev/null"], {
    env: { PATH: process.env["PATH"], HOME: home, LC_ALL: "C.UTF-8", TERM: "xterm" },
    timeout: 60_000,
  });
  let screen = "";
  const waiting = [...answers];
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    screen += piece;
    const [pattern, answer] = waiting[0] ?? [];
    if (pattern?.test(screen)) {
      waiting.shift();
      child.stdin.write(`${answer}\n`);
    }
  });
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { status, screen };
}

test("a wrong sudo password is refused and never shown; the right one works", async () => {
  const words = [
    "apply",
    recipe(`file "/etc/galley-sudo" { content = "x\\n" }\n`),
    "--yes",
    "--on",
    `ssh://operator@${machine.address}`,
  ];
  const wrong = await onTerminal(words, machine.home, [[/password.*: /i, "not the password"]]);
  expect(wrong.status).toBe(6);
  expect(wrong.screen).not.toContain("not the password");
  expect(wrong.screen).toMatch(/password/);
  expect(await exists("/etc/galley-sudo")).toBe(false);
  const right = await onTerminal(words, machine.home, [[/password.*: /i, OPERATOR_PASSWORD]]);
  expect(right.status).toBe(0);
  expect(right.screen).not.toContain(OPERATOR_PASSWORD);
  expect(await exists("/etc/galley-sudo")).toBe(true);
});

test("on a terminal an unknown host key is shown, and remembered once somebody says yes", async () => {
  const home = mkdtempSync(join(folder, "home-"));
  mkdirSync(join(home, ".ssh"), { mode: 0o700 });
  cpSync(machine.identityFile, join(home, ".ssh/id_ed25519"));
  const words = ["plan", recipe(harmless), "--on", `ssh://root@${machine.address}`];
  const no = await onTerminal(words, home, [[/remembered\? \[y\/N\] /, "n"]]);
  expect(no.status).toBe(6);
  const yes = await onTerminal(words, home, [[/remembered\? \[y\/N\] /, "y"]]);
  expect(yes.screen).toMatch(/SHA256:[A-Za-z0-9+/]{43}/);
  expect(yes.status).toBe(0);
  expect(readFileSync(join(home, ".ssh/known_hosts"), "utf8")).toContain(
    machine.knownHostsLine.slice(machine.knownHostsLine.indexOf(" ")),
  );
  expect((await galley(words, { home })).status).toBe(0);
});

test("with --no-wait a second run at the same time is refused and told who holds the lock", async () => {
  const slow = recipe(`execute "slow" {\n  run = ["sleep", "6"]\n  always = "to hold the lock"\n}\n`);
  const first = startGalley(["apply", slow, "--yes", "--on", `ssh://root@${machine.address}`], machine);
  await expect.poll(() => exists("/var/lib/galley/lock"), { timeout: 20_000 }).toBe(true);
  const other = join(folder, "other.recipe");
  writeFileSync(other, `file "/etc/galley-second" { content = "x\\n" }\n`);
  const second = await galley(["apply", other, "--yes", "--no-wait", "--on", `ssh://root@${machine.address}`], machine);
  expect(second.status).toBe(6);
  expect(`${second.output}${second.errors}`).toMatch(/run \S+ .*since|holds the lock|at work/);
  expect(await exists("/etc/galley-second")).toBe(false);
  expect((await first.ended).status).toBe(0);
});
