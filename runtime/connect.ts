import { bootArguments } from "./boot.ts";
import type { ConnectFailure, Session, Target } from "./session.ts";
import { startShell } from "./shell-session.ts";
import type { Carrier } from "./transports/carrier.ts";
import { openLocal } from "./transports/local.ts";

/** What connecting needs of the controller's side. */
export interface ConnectOptions {
  /** The text of all shell programs. */
  readonly library: string;
  /** The person's home directory, where `.ssh` is. */
  readonly home: string;
  /** The controller's environment: `USER`, `SSH_AUTH_SOCK`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The person's own client configuration; `~/.ssh/config` when left out. */
  readonly sshConfig?: string;
  /** Files with known host keys, the first of which new ones are added to; those of the configuration when left out. */
  readonly knownHosts?: readonly string[];
  /** Asks for a secret on the terminal: `what` names it. Undefined when nobody can be asked. */
  readonly askPassword?: (what: string) => Promise<string | undefined>;
  /** Asks whether a host key that is not known yet is the right one. */
  readonly confirmHostKey?: (host: string, keyType: string, fingerprint: string) => Promise<boolean>;
  /** How long the way to the host may take, and then its shell; 15 s each when left out. */
  readonly connectTimeoutMilliseconds?: number;
}

/** Opens a session as root. Expected failures (unreachable, unknown host key, no root …) are values. */
export async function connect(
  target: Target,
  options: ConnectOptions,
): Promise<{ readonly session: Session } | ConnectFailure> {
  const name = target.type === "ssh" ? target.host : target.type === "root" ? target.path : "local";
  const opened = open(target);
  if ("failure" in opened) return opened;
  const started = await startShell(opened.carrier, {
    target,
    name,
    library: options.library,
    timeoutMilliseconds: options.connectTimeoutMilliseconds ?? 15_000,
    ...(options.askPassword ? { askPassword: options.askPassword } : {}),
  });
  return started;
}

function open(target: Target): { readonly carrier: Carrier } | ConnectFailure {
  if (target.type === "local") return { carrier: openLocal("/bin/sh", bootArguments) };
  return { failure: "refused", message: `${target.type} targets cannot be opened`, hints: [] };
}
