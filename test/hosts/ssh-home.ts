import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** What an SSH client has to know of a machine. */
export interface SshTarget {
  name: string;
  address: string;
  /** 22 when not given. */
  port?: number;
  knownHostsLine: string;
  identityFile: string;
}

/**
 * Makes a home folder out of which the machines can be reached by name or address: .ssh with config, known_hosts and
 * id_ed25519. Clients that go by $HOME find it there; for OpenSSH, which asks the password database instead, name
 * `.ssh/config` with -F.
 */
export function makeSshHome(home: string, targets: readonly SshTarget[]): void {
  const folder = join(home, ".ssh");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const knownHosts = join(folder, "known_hosts");
  const identity = join(folder, "id_ed25519");
  writeFileSync(knownHosts, targets.map(({ knownHostsLine }) => `${knownHostsLine}\n`).join(""));
  for (const { identityFile } of targets.slice(0, 1)) {
    copyFileSync(identityFile, identity);
    copyFileSync(`${identityFile}.pub`, `${identity}.pub`);
  }
  const blocks = targets.map(
    ({ name, address, port = 22 }) => `Host ${name} ${address}
  HostName ${address}
  Port ${port}
  User root
  IdentityFile ${identity}
  IdentitiesOnly yes
  UserKnownHostsFile ${knownHosts}
  GlobalKnownHostsFile /dev/null
  StrictHostKeyChecking yes
  BatchMode yes
  LogLevel ERROR
`,
  );
  writeFileSync(join(folder, "config"), blocks.join("\n"));
}
