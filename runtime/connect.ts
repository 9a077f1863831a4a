import { bootArguments } from "./boot.ts";
import { parseFrame0 } from "./facts.ts";
import { type ConnectFailure, ConnectionLost, type Session, type Target } from "./session.ts";
import { startShell } from "./shell-session.ts";
import type { Carrier } from "./transports/carrier.ts";
import { openLocal } from "./transports/local.ts";
import { openRoot } from "./transports/root.ts";
import { openSsh } from "./transports/ssh2.ts";

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
  /** Asks for a secret on the terminal: `what` names it. Undefined when there is no user to ask. */
  readonly askPassword?: (what: string) => Promise<string | undefined>;
  /** Asks whether a host key that is not known yet is the right one. */
  readonly confirmHostKey?: (host: string, keyType: string, fingerprint: string) => Promise<boolean>;
  /**
   * Called when the login was taken and a channel is asked for: setting up its session takes the host a while, which is a good
   * time for work that keeps this process busy. Not called when there is no login, or when it does not come to that.
   */
  readonly onLoggedIn?: () => void;
  /** How long the way to the host may take, and then its shell; 15 s each when left out. */
  readonly connectTimeoutMilliseconds?: number;
  /** How often a silent host is asked whether it is there; it is given up after four questions. 15 s when left out. */
  readonly keepaliveMilliseconds?: number;
}

/** Opens a session as root. Expected failures (unreachable, unknown host key, no root …) are values. */
export async function connect(
  target: Target,
  options: ConnectOptions,
): Promise<{ readonly session: Session } | ConnectFailure> {
  const timeoutMilliseconds = options.connectTimeoutMilliseconds ?? 15_000;
  const opened = await open(target, options, timeoutMilliseconds);
  if ("failure" in opened) return opened;
  const started = await startShell(opened.carrier, {
    target,
    name: target.type === "ssh" ? (target.name ?? target.host) : target.type === "root" ? target.path : "local",
    library: options.library,
    timeoutMilliseconds,
    ...(options.askPassword ? { askPassword: options.askPassword } : {}),
  });
  if ("failure" in started) return started;
  const lack = await whatLacks(started.session);
  if (lack) await started.session.close();
  return lack ?? started;
}

/** The facts come first and tell whether the target has the programs that everything else is done with. */
async function whatLacks(session: Session): Promise<ConnectFailure | undefined> {
  try {
    const answer = await session.firstAnswer;
    const { missing } = parseFrame0(answer?.output ?? new Uint8Array(), session.name);
    if (missing.length === 0) return undefined;
    return {
      failure: "refused",
      message: `the target lacks ${missing.join(", ")}`,
      hints: ["install coreutils, findutils, grep, sed and tar (or busybox) on it"],
    };
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    return { failure: "unreachable", message: error.message, hints: ["try again"] };
  }
}

async function open(
  target: Target,
  options: ConnectOptions,
  timeoutMilliseconds: number,
): Promise<{ readonly carrier: Carrier } | ConnectFailure> {
  switch (target.type) {
    case "local":
      return { carrier: openLocal("/bin/sh", bootArguments) };
    case "root":
      return openRoot(target.path);
    default:
      return openSsh(target, { keepaliveMilliseconds: 15_000, ...options, timeoutMilliseconds });
  }
}
