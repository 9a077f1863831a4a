import { connect as connectSocket, type Socket } from "node:net";
import type { AuthenticationType, Client, ClientChannel, ClientErrorExtensions, NextAuthHandler } from "ssh2";
import { bootCommand } from "../boot.ts";
import { startClock } from "../clock.ts";
import type { ConnectFailure, Target } from "../session.ts";
import { type ClientConfig, readClientConfig } from "../ssh/client-config.ts";
import { type ConfirmHostKey, HostKeys } from "../ssh/host-keys.ts";
import { identities, type IdentityFile, readIdentityFiles } from "../ssh/identities.ts";
import type { Carrier } from "./carrier.ts";

/** What an SSH connection needs of the controller's side. */
export interface SshOptions {
  readonly home: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly sshConfig?: string;
  readonly knownHosts?: readonly string[];
  readonly askPassword?: (what: string) => Promise<string | undefined>;
  readonly confirmHostKey?: ConfirmHostKey;
  readonly onLoggedIn?: () => void;
  readonly timeoutMilliseconds: number;
  readonly keepaliveMilliseconds: number;
}

/** None of them uses SHA-1; of the ciphers the one that is fastest here comes first. */
const algorithms = {
  kex: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
    "ecdh-sha2-nistp521",
    "diffie-hellman-group-exchange-sha256",
    "diffie-hellman-group14-sha256",
    "diffie-hellman-group16-sha512",
    "diffie-hellman-group18-sha512",
  ],
  cipher: [
    "aes128-gcm@openssh.com",
    "aes256-gcm@openssh.com",
    "chacha20-poly1305@openssh.com",
    "aes128-ctr",
    "aes192-ctr",
    "aes256-ctr",
  ],
  hmac: ["hmac-sha2-256-etm@openssh.com", "hmac-sha2-512-etm@openssh.com", "hmac-sha2-256", "hmac-sha2-512"],
  compress: ["none"],
} satisfies import("ssh2").Algorithms;

/** Opens a connection with one channel, on which the resident shell is started. */
export async function openSsh(
  target: Extract<Target, { type: "ssh" }>,
  options: SshOptions,
): Promise<{ readonly carrier: Carrier } | ConnectFailure> {
  const config = await readClientConfig({
    host: bare(target.host),
    user: target.user,
    port: target.port,
    home: options.home,
    environment: options.environment,
    userFile: options.sshConfig,
  });
  if (config.proxy) {
    return {
      failure: "refused",
      message: `the ssh configuration sets ${config.proxy.option} ${config.proxy.value} for ${target.host}, and going through another host is not supported`,
      hints: ["run galley on a machine that reaches the host directly"],
    };
  }
  const known = options.knownHosts ? { ...config, userKnownHosts: options.knownHosts } : config;
  // While the connection is on its way, everything else that is needed is read.
  const socket = connectSocket({ host: bare(config.hostName), port: config.port, noDelay: true });
  const broken = new Promise<ConnectFailure>((resolve) => {
    socket.once("error", (error) => resolve(unreachable(config, error)));
  });
  const ready = Promise.all([
    // Its names are found on the default export, in Node and in the bundle alike.
    import("ssh2").then((module) => module.default),
    HostKeys.read(known, options.confirmHostKey),
    readIdentityFiles(config, options.home),
  ]).then(([ssh2, hostKeys, files]) => logIn({ socket, config, options, ssh2, hostKeys, files }));
  return Promise.race([broken, ready]);
}

interface Login {
  readonly socket: Socket;
  readonly config: ClientConfig;
  readonly options: SshOptions;
  readonly ssh2: typeof import("ssh2");
  readonly hostKeys: HostKeys;
  readonly files: readonly IdentityFile[];
}

/** Shakes hands, checks the host's key, proves who we are and starts the shell. */
async function logIn(login: Login): Promise<{ readonly carrier: Carrier } | ConnectFailure> {
  const { socket, config, options, ssh2, hostKeys } = login;
  const client = new ssh2.Client();
  const { promise: opened, resolve: settle } = Promise.withResolvers<{ readonly carrier: Carrier } | ConnectFailure>();
  const clock = startClock(config.connectTimeoutMilliseconds ?? options.timeoutMilliseconds, () =>
    settle(unreachable(config, new Error("it did not answer in time"))),
  );
  const notes: string[] = [...config.notes];
  const methods = identities({
    config,
    files: login.files,
    ssh2,
    notes,
    askPassphrase: async (what) => {
      clock.pause();
      const answer = await options.askPassword?.(what);
      clock.resume();
      return answer;
    },
  });
  const tryNext = async (left: readonly AuthenticationType[] | null, next: NextAuthHandler) => {
    const takesKeys = left === null || left.includes("publickey");
    const method = takesKeys ? await methods.next() : undefined;
    if (method?.value) {
      next(method.value);
    } else settle(notLoggedIn(config, left ?? [], notes));
  };
  const checkKey = async (key: Buffer, verify: (valid: boolean) => void) => {
    clock.pause();
    const failure = await hostKeys.check(key);
    clock.resume();
    if (failure) settle(failure);
    verify(failure === undefined);
  };
  client.on("error", (error: Error & ClientErrorExtensions) => {
    // A key that cannot be used is no reason to give up: the next one is tried.
    if (error.level === "agent" || error.level === "client-authentication") notes.push(error.message);
    else settle(unreachable(config, error));
  });
  client.on("close", () =>
    settle(unreachable(config, new Error("it closed the connection before the login was done"))),
  );
  client.on("ready", () => {
    client.exec(bootCommand, (error, channel) => {
      settle(error ? noChannel(config, error) : { carrier: carrierOf(client, channel) });
    });
    options.onLoggedIn?.();
  });
  client.connect({
    sock: socket,
    username: config.user,
    authHandler: (left, _partial, next) => void tryNext(left, next),
    hostVerifier: (key: Buffer, verify: (valid: boolean) => void) => void checkKey(key, verify),
    algorithms: { ...algorithms, serverHostKey: hostKeys.algorithms() },
    keepaliveInterval: options.keepaliveMilliseconds,
    keepaliveCountMax: 4,
    // Our own clock stands still while a person is asked.
    readyTimeout: 0,
  });
  const result = await opened;
  clock.pause();
  if ("failure" in result) {
    client.end();
    socket.destroySoon();
  }
  return result;
}

function carrierOf(client: Client, channel: ClientChannel): Carrier {
  let how = "the connection was closed";
  const done = new Promise<string>((resolve) => {
    client.on("error", (error) => {
      how = error.message === "Keepalive timeout" ? "the host stopped answering" : error.message;
    });
    channel.on("exit", (code: number | null, signal?: string) => {
      how = code === null ? `the shell was ended by ${signal ?? "a signal"}` : `the shell ended with status ${code}`;
    });
    channel.on("close", () => resolve(how));
    client.on("close", () => resolve(how));
  });
  return {
    in: channel,
    out: channel,
    err: channel.stderr,
    done,
    close: () => {
      client.end();
      client.destroy();
    },
  };
}

const words: Readonly<Record<string, string>> = {
  EAI_AGAIN: "its name cannot be resolved at the moment",
  ECONNREFUSED: "the connection was refused",
  ECONNRESET: "the connection was reset",
  EHOSTUNREACH: "there is no route to it",
  ENETUNREACH: "its network cannot be reached",
  ENOTFOUND: "its name cannot be resolved",
  ETIMEDOUT: "it did not answer in time",
};

function unreachable(
  config: ClientConfig,
  error: Error & { readonly code?: string; readonly errors?: readonly Error[] },
): ConnectFailure {
  const place = `${config.hostName}, port ${config.port}`;
  const code = error.code ?? "";
  return {
    failure: "unreachable",
    message: `${words[code] ?? error.message} (${place})`,
    hints: [
      // A block that was passed over may have held the host's real name or port.
      ...config.notes,
      code === "ENOTFOUND" || code === "EAI_AGAIN"
        ? "see that the name is right, or give it in ~/.ssh/config"
        : "see that the host is up, and that its SSH server listens there",
    ],
  };
}

function notLoggedIn(config: ClientConfig, left: readonly string[], notes: readonly string[]): ConnectFailure {
  const takes = left.length > 0 && !left.includes("publickey") ? `, which takes only ${left.join(", ")}` : "";
  return {
    failure: "refused",
    message: `no key was taken for ${config.user} by ${config.hostName}${takes}`,
    hints: [...notes, `put your public key into ~${config.user}/.ssh/authorized_keys there (ssh-copy-id does it)`],
  };
}

function noChannel(config: ClientConfig, error: Error): ConnectFailure {
  return {
    failure: "refused",
    message: `${config.hostName} gave no shell: ${error.message}`,
    hints: ["see MaxSessions and ForceCommand in its sshd_config"],
  };
}

/** A literal IPv6 address without its brackets. */
function bare(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}
