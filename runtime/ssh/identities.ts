import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { AnyAuthMethod } from "ssh2";
import type { ClientConfig } from "./client-config.ts";

type Ssh2 = typeof import("ssh2");

/** A private key file that is there. */
export interface IdentityFile {
  readonly path: string;
  readonly bytes: Buffer;
  /** Its public half, where that lies beside it. */
  readonly publicKey: Buffer | undefined;
}

/** What trying the identities may need, and what it leaves behind for the message when none is taken. */
export interface IdentityOptions {
  readonly config: ClientConfig;
  readonly files: readonly IdentityFile[];
  readonly ssh2: Ssh2;
  readonly askPassphrase: (what: string) => Promise<string | undefined>;
  /** Collects why an identity could not be tried. */
  readonly notes: string[];
}

/** Reads the identity files of a configuration, or those that `ssh` tries by default; missing ones are left out. */
export async function readIdentityFiles(config: ClientConfig, home: string): Promise<readonly IdentityFile[]> {
  const paths = config.identityFiles ?? ["id_ed25519", "id_ecdsa", "id_rsa"].map((name) => join(home, ".ssh", name));
  const files = await Promise.all(
    paths.map(async (path) => {
      const [bytes, line] = await Promise.all([
        readFile(path).catch(() => undefined),
        readFile(`${path}.pub`, "utf8").catch(() => ""),
      ]);
      const base64 = line.trim().split(/\s+/)[1];
      const publicKey = base64 === undefined ? undefined : Buffer.from(base64, "base64");
      return bytes || publicKey ? [{ path, bytes: bytes ?? Buffer.alloc(0), publicKey }] : [];
    }),
  );
  return files.flat();
}

/**
 * The ways to log in, in the order in which they are tried: files that the configuration names, the agent, other files, and
 * last those whose passphrase has to be asked for. Never a password.
 */
export async function* identities(options: IdentityOptions): AsyncGenerator<AnyAuthMethod, void, void> {
  const { config, files, ssh2 } = options;
  const username = config.user;
  const open: AnyAuthMethod[] = [];
  const locked: IdentityFile[] = [];
  for (const file of files) {
    if (file.bytes.length === 0) continue;
    const parsed = ssh2.utils.parseKey(file.bytes);
    if (!(parsed instanceof Error)) open.push({ type: "publickey", username, key: file.bytes });
    else if (/passphrase|encrypted/i.test(parsed.message)) locked.push(file);
    else options.notes.push(`${file.path} cannot be used: ${parsed.message}`);
  }
  const fromAgent = agentMethod(options);
  if (config.identityFiles) yield* open;
  if (fromAgent) yield fromAgent;
  if (!config.identityFiles) yield* open;
  for (const file of locked) {
    const passphrase = await options.askPassphrase(`Passphrase of ${file.path}`);
    if (passphrase === undefined) {
      options.notes.push(
        `${file.path} is protected by a passphrase: add it to the agent with \`ssh-add ${file.path}\``,
      );
    } else if (ssh2.utils.parseKey(file.bytes, passphrase) instanceof Error) {
      options.notes.push(`the passphrase does not open ${file.path}`);
    } else {
      yield { type: "publickey", username, key: file.bytes, passphrase };
    }
  }
}

function agentMethod({ config, files, ssh2 }: IdentityOptions): AnyAuthMethod | undefined {
  if (config.agentSocket === undefined) return undefined;
  const username = config.user;
  if (!config.identitiesOnly) return { type: "agent", username, agent: ssh2.createAgent(config.agentSocket) };
  const wanted = files.flatMap((file) => file.publicKey ?? []);
  if (wanted.length === 0) return undefined;
  // `IdentitiesOnly`: of the agent's keys only those that the configuration names.
  class ChosenKeys extends ssh2.OpenSSHAgent {
    override getIdentities(done: Parameters<InstanceType<Ssh2["OpenSSHAgent"]>["getIdentities"]>[0]): void {
      super.getIdentities((error, keys) => {
        done(
          error,
          keys?.filter((key) => "getPublicSSH" in key && wanted.some((each) => each.equals(key.getPublicSSH()))),
        );
      });
    }
  }
  return { type: "agent", username, agent: new ChosenKeys(config.agentSocket) };
}
