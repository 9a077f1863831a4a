import { randomBytes } from "node:crypto";
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { ConnectFailure } from "../session.ts";
import type { ClientConfig } from "./client-config.ts";
import {
  fingerprintOf,
  judgeHostKey,
  type KnownHost,
  knownHostLine,
  knownKeyTypes,
  parseKnownHosts,
  typeOfKey,
} from "./known-hosts.ts";

/** Asks whether an unknown key is the right one. */
export type ConfirmHostKey = (host: string, keyType: string, fingerprint: string) => Promise<boolean>;

/** Strongest first; none that signs with SHA-1. */
const hostKeyAlgorithms = [
  "ssh-ed25519",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-512",
  "rsa-sha2-256",
] as const;

/** The known hosts that count for one target. */
export class HostKeys {
  readonly #config: ClientConfig;
  readonly #entries: readonly KnownHost[];
  readonly #host: string;
  readonly #confirm: ConfirmHostKey | undefined;

  private constructor(config: ClientConfig, entries: readonly KnownHost[], confirm: ConfirmHostKey | undefined) {
    this.#config = config;
    this.#entries = entries;
    this.#host = config.hostKeyAlias ?? config.hostName;
    this.#confirm = confirm;
  }

  static async read(config: ClientConfig, confirm: ConfirmHostKey | undefined): Promise<HostKeys> {
    const files = [...config.userKnownHosts, ...config.globalKnownHosts];
    const texts = await Promise.all(files.map((file) => readFile(file, "utf8").catch(() => "")));
    return new HostKeys(
      config,
      texts.flatMap((text, at) => parseKnownHosts(text, files[at] ?? "")),
      confirm,
    );
  }

  /** The algorithms to offer: of known types first, so that the server shows the key that is known. */
  algorithms(): (typeof hostKeyAlgorithms)[number][] {
    const known = knownKeyTypes(this.#entries, this.#host, this.#config.port);
    const isKnown = (algorithm: string) => known.includes(algorithm.startsWith("rsa-") ? "ssh-rsa" : algorithm);
    return hostKeyAlgorithms.toSorted((a, b) => Number(isKnown(b)) - Number(isKnown(a)));
  }

  /** Undefined when the key may be trusted; asks about an unknown one and remembers it. */
  async check(key: Buffer): Promise<ConnectFailure | undefined> {
    const { port } = this.#config;
    const shown = port === 22 ? this.#host : `[${this.#host}]:${port}`;
    const type = typeOfKey(key);
    const fingerprint = fingerprintOf(key);
    const verdict = judgeHostKey(this.#entries, this.#host, port, key);
    switch (verdict.verdict) {
      case "known":
        return undefined;
      case "changed": {
        const { file, line, keyType } = verdict.entry;
        return refused(
          `the host key of ${shown} has changed: it shows a ${type} key with ${fingerprint}, but ${file}:${line} knows a ${keyType} key`,
          "the connection may be intercepted; ask the administrator of the host whether its key was changed",
          `if it was, remove line ${line} of ${file} (ssh-keygen -R '${shown}' does it) and connect again`,
        );
      }
      case "revoked":
        return refused(
          `the host key of ${shown} (${fingerprint}) is marked as revoked at ${verdict.entry.file}:${verdict.entry.line}`,
          "the host must get a new key",
        );
      case "authority":
        return refused(
          `${shown} is known only by its certificate authority (${verdict.entry.file}:${verdict.entry.line}), and host certificates are not supported`,
          `add the host's own key: ssh-keyscan -p ${port} ${this.#host} >> ${this.#config.userKnownHosts[0] ?? "known_hosts"}`,
        );
      default:
        return this.#unknown(key, shown, type, fingerprint);
    }
  }

  async #unknown(key: Buffer, shown: string, type: string, fingerprint: string): Promise<ConnectFailure | undefined> {
    const unknown = (why: string) =>
      refused(
        `the host key of ${shown} is not known (${type}, ${fingerprint}), ${why}`,
        "connect once with ssh, or run galley on a terminal, compare the fingerprint and say yes",
      );
    if (!this.#config.mayAsk) return unknown("and StrictHostKeyChecking forbids to ask");
    if (!(await this.#confirm?.(shown, type, fingerprint))) return unknown("and it was not confirmed");
    const file = this.#config.userKnownHosts[0];
    if (file !== undefined && file !== "/dev/null") {
      const salt = this.#config.hashKnownHosts ? randomBytes(20) : undefined;
      try {
        await append(file, knownHostLine(this.#host, this.#config.port, key, salt));
      } catch (error) {
        return refused(
          `the host key of ${shown} could not be remembered in ${file}: ${error instanceof Error ? error.message : String(error)}`,
          "make the file writable",
        );
      }
    }
    return undefined;
  }
}

async function append(file: string, line: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const before = await readFile(file, "utf8").catch(() => "");
  await appendFile(file, before === "" || before.endsWith("\n") ? line : `\n${line}`, { mode: 0o600 });
}

function refused(message: string, ...hints: readonly string[]): ConnectFailure {
  return { failure: "refused", message, hints };
}
