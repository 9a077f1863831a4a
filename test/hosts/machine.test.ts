import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { OPERATOR_PASSWORD } from "./base-tree.ts";
import { command } from "./command.ts";
import { clearLeftovers } from "./ledger.ts";
import { startMachine, type Machine } from "./machine.ts";
import { identify } from "./process-identity.ts";
import type { Relay } from "./relay.ts";

/** Boots a machine for the length of the test. */
async function withMachine(options: Parameters<typeof startMachine>[0], work: (machine: Machine) => Promise<void>) {
  const machine = await startMachine(options);
  try {
    await work(machine);
  } finally {
    await machine.stop();
  }
}

function isMounted(path: string): boolean {
  return readFileSync("/proc/self/mountinfo", "utf8").includes(` ${path} `);
}

test("two machines are up side by side, each with its own name, key, files and services", async () => {
  const [one, two] = await Promise.all([startMachine({ name: "one" }), startMachine({ name: "two" })]);
  try {
    expect(one.address).not.toBe(two.address);
    expect(one.hostKeys.ed25519).not.toBe(two.hostKeys.ed25519);
    for (const machine of [one, two]) {
      const { stdout } = await machine.ssh("hostname; systemctl is-system-running");
      expect(stdout).toBe(`${machine.name}\nrunning\n`);
    }
    await one.write("/srv/only here", "x");
    expect((await one.read("/srv/only here")).toString()).toBe("x");
    await expect(two.read("/srv/only here")).rejects.toThrow("No such file or directory");
    await one.exec(["systemctl", "stop", "dbus.socket", "dbus.service"]);
    expect((await two.exec(["systemctl", "is-active", "dbus.socket"])).stdout).toBe("active\n");
  } finally {
    await Promise.all([one.stop(), two.stop()]);
  }
  for (const machine of [one, two]) {
    expect(isMounted(machine.root)).toBe(false);
    expect(existsSync(machine.root)).toBe(false);
    expect((await machine.ssh("true")).code).toBe(255);
  }
});

test("root, admin, operator and plain can enter, with the rights their names promise", async () => {
  await withMachine({ name: "users" }, async (machine) => {
    const as = async (user: "root" | "admin" | "operator" | "plain", line: string, input?: string) => {
      const { code, stdout } = await machine.ssh(line, { user, ...(input !== undefined && { input }) });
      return [code, stdout];
    };
    expect(await as("root", "id -un")).toEqual([0, "root\n"]);
    expect(await as("admin", "sudo -n id -un")).toEqual([0, "root\n"]);
    expect(await as("operator", "sudo -n id -un")).toEqual([1, ""]);
    expect(await as("operator", "sudo -S -p '' id -un", `${OPERATOR_PASSWORD}\n`)).toEqual([0, "root\n"]);
    expect(await as("plain", "id -un")).toEqual([0, "plain\n"]);
    expect(await as("plain", "sudo -n id -un")).toEqual([1, ""]);
  });
});

test("packages install from the start, through the proxy", async () => {
  await withMachine({ name: "packages" }, async (machine) => {
    const installed = await machine.ssh("apt-get install -y hello && hello");
    expect(installed.stdout).toContain("Hello, world!");
    expect((await machine.ssh("apt-get update")).code).toBe(0);
  });
});

test("a machine may come with packages, and without some", async () => {
  await withMachine({ name: "derived", preinstalled: ["hello"], without: ["sudo"] }, async (machine) => {
    const { stdout } = await machine.ssh("hello; command -v sudo || echo no sudo");
    expect(stdout).toBe("Hello, world!\nno sudo\n");
  });
});

test("a small disk and a small mount fill up", async () => {
  await withMachine({ name: "small", disk: 32, mounts: { "/srv": 1 } }, async (machine) => {
    for (const [path, megabytes] of [
      ["/var/filler", 40],
      ["/srv/filler", 2],
    ] as const) {
      const filled = await machine.ssh(`dd if=/dev/zero of=${path} bs=1M count=${megabytes}`);
      expect(filled.code).toBe(1);
      expect(filled.stderr).toContain("No space left on device");
    }
  });
});

test("the network can be cut and restored", async () => {
  await withMachine({ name: "unplugged" }, async (machine) => {
    const ping = ["ping", "-c", "1", "-W", "1", "-q", machine.address.replace(/\d+$/, "1")];
    await machine.cut();
    expect((await machine.exec(ping)).code).toBe(1);
    await machine.restore();
    expect((await machine.exec(ping)).code).toBe(0);
  });
});

test("a relay slows connections down, cuts them after a count of bytes, or on demand", async () => {
  await withMachine({ name: "relayed" }, async (machine) => {
    const through = ({ home }: Relay, line: string) =>
      command(["ssh", "-F", join(home, ".ssh/config"), "relayed", line]);

    const slow = await machine.relay({ latency: 50 });
    const began = performance.now();
    expect((await through(slow, "echo slow")).stdout).toBe("slow\n");
    // Hello, key exchange, service, key, session, command: fewer round trips than four cannot do.
    expect(performance.now() - began).toBeGreaterThan(200);
    await slow.close();

    const short = await machine.relay({ cutAfter: 100_000 });
    const cutOff = await through(short, "head -c 1000000 /dev/zero");
    expect(cutOff.code).toBe(255);
    expect(cutOff.bytes.length).toBeGreaterThan(50_000);
    expect(cutOff.bytes.length).toBeLessThan(100_000);
    await short.close();

    const broken = await machine.relay({});
    const held = through(broken, "touch /tmp/here; sleep 1000");
    while ((await machine.exec(["test", "-e", "/tmp/here"])).code !== 0);
    broken.reset();
    expect((await held).code).toBe(255);
    await broken.close();
    expect((await through(broken, "true")).code).toBe(255);
  });
});

test("what a killed process leaves behind goes away when the next one starts", async () => {
  const program = `
    import { startMachine } from ${JSON.stringify(join(import.meta.dirname, "machine.ts"))};
    const { root, address } = await startMachine({ name: "orphan" });
    process.stdout.write(JSON.stringify({ root, address }) + "\\n");
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const line = await new Promise<Buffer>((resolve, reject) => {
    child.stdout.once("data", resolve);
    child.once("exit", (code) => reject(new Error(`the process ended with ${code}`)));
  });
  const { root, address }: { root: string; address: string } = JSON.parse(line.toString());
  expect(isMounted(root)).toBe(true);
  const namespace = `galley${address.split(".")[2]}-${address.split(".")[3]}`;
  expect(existsSync(`/run/netns/${namespace}`)).toBe(true);

  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
  expect((await clearLeftovers()).filter((id) => id.startsWith(`${child.pid}-`))).toHaveLength(1);
  expect(isMounted(root)).toBe(false);
  expect(existsSync(root)).toBe(false);
  expect(existsSync(`/run/netns/${namespace}`)).toBe(false);
  expect(existsSync(`/sys/class/net/galley${address.split(".")[2]}`)).toBe(false);
  expect(identify(child.pid ?? 0)).toBeUndefined();
});
