import { randomBytes } from "node:crypto";
import { chownSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { succeed } from "./command.ts";
import type { Run } from "./run.ts";

/** Public host keys as known_hosts has them after the name: type, space, base64. */
export interface HostKeys {
  ecdsa: string;
  ed25519: string;
}

const HOMES = ["root", "home/admin", "home/operator", "home/plain"];

/** Gives a tree that is about to boot what only one machine has: name, identity, host keys, whom it lets in, proxy. */
export async function personalize(root: string, { name, run }: { name: string; run: Run }): Promise<HostKeys> {
  const put = (path: string, contents: string): void => writeFileSync(join(root, path), contents);
  put("etc/machine-id", `${randomBytes(16).toString("hex")}\n`);
  put("etc/hostname", `${name}\n`);
  put("etc/hosts", `127.0.0.1\tlocalhost\n127.0.1.1\t${name}\n::1\tlocalhost ip6-localhost ip6-loopback\n`);
  put(
    "etc/apt/apt.conf.d/01test-proxy",
    [`Acquire::http::Proxy "${run.proxy}";`, ...run.mirror.options, ""].join("\n"),
  );

  const key = readFileSync(`${run.identityFile}.pub`, "utf8");
  for (const home of HOMES) {
    const folder = join(root, home, ".ssh");
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = join(folder, "authorized_keys");
    writeFileSync(file, key, { mode: 0o600 });
    const { uid, gid } = statSync(join(root, home));
    chownSync(file, uid, gid);
  }
  const [ecdsa, ed25519] = await Promise.all([hostKey(root, "ecdsa"), hostKey(root, "ed25519")]);
  return { ecdsa, ed25519 };
}

async function hostKey(root: string, type: string): Promise<string> {
  const file = join(root, `etc/ssh/ssh_host_${type}_key`);
  await succeed(["rm", "-f", file, `${file}.pub`]);
  await succeed(["ssh-keygen", "-q", "-t", type, "-N", "", "-C", "", "-f", file]);
  return readFileSync(`${file}.pub`, "utf8").trim().split(" ").slice(0, 2).join(" ");
}
