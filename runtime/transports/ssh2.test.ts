import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server as TcpServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import ssh2, { type AuthenticationType, type Connection, type ServerChannel } from "ssh2";
import { bootCommand } from "../boot.ts";
import { connect, type ConnectOptions } from "../connect.ts";
import { runtimeLibrary } from "../../test/open-shell.ts";
import { readFacts } from "../read.ts";
import type { Session } from "../session.ts";
import { fingerprintOf } from "../ssh/known-hosts.ts";

type KeyPair = ReturnType<typeof ssh2.utils.generateKeyPairSync>;

let home = "";
const cleanups: (() => unknown)[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "galley-home-"));
  mkdirSync(join(home, ".ssh"));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
  rmSync(home, { recursive: true });
});

/** A new key. One in some 250 that ssh2 makes is one that ssh2 cannot read. */
function ed25519(options?: { passphrase: string; cipher: string; rounds: number }): KeyPair {
  const pair = ssh2.utils.generateKeyPairSync("ed25519", options ?? {});
  return ssh2.utils.parseKey(pair.private, options?.passphrase) instanceof Error ? ed25519(options) : pair;
}

const hostKey = ed25519();
const rsaHostKey = ssh2.utils.generateKeyPairSync("rsa", { bits: 2048 });
const login = ed25519();
const bytesOf = (pair: KeyPair) => Buffer.from(pair.public.split(" ")[1] ?? "", "base64");

interface ServerOptions {
  readonly hostKeys?: readonly string[];
  /** What an exec request starts; a real shell of this machine when left out. */
  readonly exec?: (channel: ServerChannel, command: string) => void;
  readonly accepts?: readonly KeyPair[];
  readonly methods?: readonly AuthenticationType[];
  readonly banner?: string;
}

/** An SSH server on a free port of this machine, as odd as it is told to be. */
async function serve(options: ServerOptions = {}) {
  const commands: string[] = [];
  const connections: Connection[] = [];
  const accepted = (options.accepts ?? [login]).map(bytesOf);
  const server = new ssh2.Server(
    { hostKeys: [...(options.hostKeys ?? [hostKey.private])], ...(options.banner ? { banner: options.banner } : {}) },
    (connection) => {
      connections.push(connection);
      connection.on("error", () => undefined);
      connection.on("authentication", (context) => {
        const good = context.method === "publickey" && accepted.some((key) => key.equals(context.key.data));
        if (good) context.accept();
        else context.reject([...(options.methods ?? (["publickey"] as const))]);
      });
      connection.on("session", (accept) => {
        accept().on("exec", (acceptExec, _reject, { command }) => {
          commands.push(command);
          (options.exec ?? runShell)(acceptExec(), command);
        });
      });
    },
  );
  const port = await listenOn(server);
  cleanups.push(
    () => server.close(),
    () => connections.forEach((connection) => connection.end()),
  );
  return { port, commands, connections };
}

/** Listens on a free port of this machine. */
function listenOn(server: Pick<TcpServer, "listen" | "address">): Promise<number> {
  return new Promise((resolve) =>
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      resolve(typeof address === "object" && address ? address.port : 0);
    }),
  );
}

/** Gives the client a shell that believes to be root. */
function runShell(channel: ServerChannel, command: string): void {
  const child = spawn("/bin/sh", ["-c", command.replace('"${4-$(id -u)}"', "0")], {
    env: { PATH: "/usr/bin:/bin", GALLEY_STATE: join(home, "state") },
  });
  channel.pipe(child.stdin);
  child.stdin.on("error", () => undefined);
  child.stdout.pipe(channel, { end: false });
  child.stderr.pipe(channel.stderr, { end: false });
  child.on("close", (code) => {
    channel.exit(code ?? 1);
    channel.end();
  });
  cleanups.push(() => child.kill("SIGKILL"));
}

function know(port: number, ...keys: readonly Buffer[]) {
  writeFileSync(
    join(home, ".ssh/known_hosts"),
    keys
      .map(
        (key) =>
          `[127.0.0.1]:${port} ${key.toString("latin1", 4, 4 + key.readUInt32BE(0))} ${key.toString("base64")}\n`,
      )
      .join(""),
  );
}

function identify(pair: KeyPair, name = "id_ed25519") {
  writeFileSync(join(home, ".ssh", name), pair.private, { mode: 0o600 });
}

async function tryOpen(port: number, options: Partial<ConnectOptions> = {}) {
  const opened = await connect(
    { type: "ssh", host: "127.0.0.1", port, user: "root" },
    { library: runtimeLibrary, home, environment: {}, connectTimeoutMilliseconds: 5000, ...options },
  );
  if ("session" in opened) cleanups.push(() => opened.session.close());
  return opened;
}

async function open(port: number, options: Partial<ConnectOptions> = {}): Promise<Session> {
  const opened = await tryOpen(port, options);
  if ("session" in opened) return opened.session;
  throw new Error(`${opened.failure}: ${opened.message}`);
}

test("one connection, one channel, one command without a value in it", async () => {
  const { port, commands, connections } = await serve();
  know(port, bytesOf(hostKey));
  identify(login);
  const session = await open(port);
  expect((await readFacts(session)).facts.name).toBe("127.0.0.1");
  expect(Buffer.from((await session.run({ script: "echo hello" })).output).toString()).toBe("hello\n");
  expect([connections.length, commands]).toEqual([1, [bootCommand]]);
});

test("the boot text survives in single quotes, whatever the login shell", () => {
  const [, ...parts] = bootCommand.split("'");
  const quoted = parts.filter((_part, at) => at % 2 === 0);
  expect(quoted.length).toBe(3);
  for (const part of quoted) expect(part).not.toMatch(/[\n\\]{2}|\n|![^ =(]|!$/);
});

test("an unknown host key: its fingerprint is asked about, and yes remembers it", async () => {
  const { port } = await serve();
  identify(login);
  // Whatever the system's own configuration says.
  writeFileSync(join(home, ".ssh/config"), "HashKnownHosts no\n");
  const asked: string[][] = [];
  const confirmHostKey = async (...words: string[]) => asked.push(words) > 0;
  await open(port, { confirmHostKey });
  expect(asked).toEqual([[`[127.0.0.1]:${port}`, "ssh-ed25519", fingerprintOf(bytesOf(hostKey))]]);
  expect(readFileSync(join(home, ".ssh/known_hosts"), "utf8")).toBe(
    `[127.0.0.1]:${port} ssh-ed25519 ${bytesOf(hostKey).toString("base64")}\n`,
  );
  // Known from now on.
  await open(port);
});

test("an unknown host key is remembered hashed where the configuration wants that", async () => {
  const { port } = await serve();
  identify(login);
  writeFileSync(join(home, ".ssh/config"), "HashKnownHosts yes\n");
  await open(port, { confirmHostKey: async () => true });
  expect(readFileSync(join(home, ".ssh/known_hosts"), "utf8")).toMatch(/^\|1\|\S+\|\S+ ssh-ed25519 /);
  await open(port);
});

test("an unknown host key is refused when nobody says yes", async () => {
  const { port, commands } = await serve();
  identify(login);
  const message = `the host key of [127.0.0.1]:${port} is not known (ssh-ed25519, ${fingerprintOf(bytesOf(hostKey))}), and it was not confirmed`;
  expect(await tryOpen(port)).toMatchObject({ failure: "refused", message });
  expect(await tryOpen(port, { confirmHostKey: async () => false })).toMatchObject({ failure: "refused", message });
  writeFileSync(join(home, ".ssh/config"), "StrictHostKeyChecking yes\n");
  expect(await tryOpen(port, { confirmHostKey: async () => true })).toMatchObject({ failure: "refused" });
  expect(commands).toEqual([]);
});

test("a changed host key is always refused, with the line that knows another", async () => {
  const { port, commands } = await serve();
  identify(login);
  know(port, bytesOf(login));
  expect(await tryOpen(port, { confirmHostKey: async () => true })).toMatchObject({
    failure: "refused",
    message: `the host key of [127.0.0.1]:${port} has changed: it shows a ssh-ed25519 key with ${fingerprintOf(bytesOf(hostKey))}, but ${home}/.ssh/known_hosts:1 knows a ssh-ed25519 key`,
  });
  expect(commands).toEqual([]);
});

test("the key of the known type is asked for, not the one that the server likes best", async () => {
  const { port } = await serve({ hostKeys: [hostKey.private, rsaHostKey.private] });
  identify(login);
  know(port, bytesOf(rsaHostKey));
  await open(port);
  know(port, bytesOf(hostKey));
  await open(port);
});

test("identities are tried in turn, and the one that is taken is enough", async () => {
  const { port } = await serve();
  know(port, bytesOf(hostKey));
  identify(ssh2.utils.generateKeyPairSync("ecdsa", { bits: 256 }), "id_ecdsa");
  identify(ed25519(), "id_ed25519");
  identify(login, "mine");
  writeFileSync(
    join(home, ".ssh/config"),
    "IdentityFile ~/.ssh/id_ed25519\nIdentityFile ~/.ssh/missing\nIdentityFile ~/.ssh/mine\n",
  );
  await open(port);
});

test("no key is taken: who was refused, and what to do", async () => {
  const { port } = await serve({ methods: ["password"] });
  know(port, bytesOf(hostKey));
  identify(ed25519());
  expect(await tryOpen(port, { askPassword: async () => "never asked for" })).toEqual({
    failure: "refused",
    message: "no key was taken for root by 127.0.0.1, which takes only password",
    hints: ["put your public key into ~root/.ssh/authorized_keys there (ssh-copy-id does it)"],
  });
});

test("a key with a passphrase: asked for, refused when wrong, and the agent is the way without a terminal", async () => {
  const locked = ed25519({
    passphrase: "open sesame",
    cipher: "aes256-cbc",
    rounds: 16,
  });
  const { port } = await serve({ accepts: [locked] });
  identify(locked);
  const file = join(home, ".ssh/id_ed25519");
  know(port, bytesOf(hostKey));
  const asked: string[] = [];
  await open(port, {
    askPassword: async (what) => {
      asked.push(what);
      return "open sesame";
    },
  });
  expect(asked).toEqual([`Passphrase of ${file}`]);
  expect(await tryOpen(port, { askPassword: async () => "wrong" })).toMatchObject({
    hints: [`the passphrase does not open ${file}`, expect.anything()],
  });
  expect(await tryOpen(port)).toMatchObject({
    hints: [`${file} is protected by a passphrase: add it to the agent with \`ssh-add ${file}\``, expect.anything()],
  });
});

const hasAgent = spawnSync("sh", ["-c", "command -v ssh-agent ssh-add"]).status === 0;
test.runIf(hasAgent || process.env["CI"])("keys of the agent; with IdentitiesOnly those that are named", async () => {
  const { port } = await serve();
  know(port, bytesOf(hostKey));
  const socket = join(home, "agent");
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  cleanups.push(() => agent.kill());
  identify(login, "elsewhere");
  const environment = { SSH_AUTH_SOCK: socket };
  const add = () =>
    spawnSync("ssh-add", ["-q", join(home, ".ssh/elsewhere")], { env: { ...process.env, ...environment } });
  for (let left = 100; add().status !== 0 && left > 0; left -= 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  rmSync(join(home, ".ssh/elsewhere"));
  await open(port, { environment });
  writeFileSync(join(home, ".ssh/config"), "IdentitiesOnly yes\nIdentityFile ~/.ssh/chosen\n");
  expect(await tryOpen(port, { environment })).toMatchObject({ failure: "refused" });
  writeFileSync(join(home, ".ssh/chosen.pub"), login.public);
  await open(port, { environment });
  writeFileSync(join(home, ".ssh/config"), "IdentityAgent none\n");
  expect(await tryOpen(port, { environment })).toMatchObject({ failure: "refused" });
});

test("an agent that is gone does not keep a key file from being tried", async () => {
  const { port } = await serve();
  know(port, bytesOf(hostKey));
  identify(login);
  await open(port, { environment: { SSH_AUTH_SOCK: join(home, "nobody") } });
});

test("a host that cannot be reached", async () => {
  const server = createServer();
  const closed = await listenOn(server);
  await new Promise((resolve) => server.close(resolve));
  expect(await tryOpen(closed)).toEqual({
    failure: "unreachable",
    message: `the connection was refused (127.0.0.1, port ${closed})`,
    hints: ["see that the host is up, and that its SSH server listens there"],
  });
  writeFileSync(join(home, ".ssh/config"), "HostName no-such-host.invalid\n");
  const nowhere = await tryOpen(22);
  expect(nowhere).toMatchObject({ failure: "unreachable" });
});

test("a server that never says a word, one that hangs up, and one that is none", async () => {
  const tcp = async (onConnection: (socket: Socket) => void) => {
    const server = createServer(onConnection);
    cleanups.push(() => server.close());
    return listenOn(server);
  };
  const silent = await tcp((socket) => cleanups.push(() => socket.destroy()));
  expect(await tryOpen(silent, { connectTimeoutMilliseconds: 300 })).toMatchObject({
    failure: "unreachable",
    message: `it did not answer in time (127.0.0.1, port ${silent})`,
  });
  const rude = await tcp((socket) => socket.destroy());
  expect(await tryOpen(rude)).toMatchObject({ failure: "unreachable" });
  const web = await tcp((socket) => socket.end(`HTTP/1.1 400 Bad Request\r\n\r\n${"x".repeat(100_000)}`));
  expect(await tryOpen(web)).toMatchObject({ failure: "unreachable" });
});

test("jumps are refused with their option, before anything is connected", async () => {
  writeFileSync(join(home, ".ssh/config"), "ProxyJump bastion\n");
  expect(await tryOpen(1)).toMatchObject({
    failure: "refused",
    message:
      "the ssh configuration sets ProxyJump bastion for 127.0.0.1, and going through another host is not supported",
  });
});

const odd: readonly (readonly [string, ServerOptions["exec"], RegExp])[] = [
  [
    "a login that may not log in",
    (channel) => {
      channel.write("This account is currently not available.\n");
      channel.exit(1);
      channel.end();
    },
    /^the shell ended with status 1; the last it said was: This account is currently not available\.$/,
  ],
  ["a close without a status", (channel) => channel.close(), /^the connection was closed$/],
  [
    "a death by signal",
    (channel) => {
      channel.exit("KILL");
      channel.end();
    },
    /^the shell was ended by SIGKILL$/,
  ],
  [
    "a forced command that echoes everything",
    (channel) => channel.pipe(channel),
    /^the shell did not answer within 0\.7 s/,
  ],
  [
    "a flood",
    (channel) => {
      const pour = () => {
        while (channel.writable && channel.write("\u001b[31mflood\n".repeat(2000)));
        channel.once("drain", pour);
      };
      pour();
    },
    /^the shell did not answer within 0\.7 s; the last it said was: /,
  ],
];
for (const [name, exec, message] of odd) {
  test(`instead of a shell there comes ${name}`, async () => {
    const { port } = await serve(exec ? { exec } : {});
    know(port, bytesOf(hostKey));
    identify(login);
    const opened = await tryOpen(port, { connectTimeoutMilliseconds: 700 });
    expect(opened).toMatchObject({ failure: "refused", message: expect.stringMatching(message) });
    expect(JSON.stringify(opened)).not.toContain("\\u001b");
  });
}

test("banners and login noise of any length do no harm", async () => {
  const { port } = await serve({
    banner: "AUTHORIZED USERS ONLY\n".repeat(500),
    exec: (channel, command) => {
      channel.write(`motd ${"~".repeat(20_000)}\nready\n\u001e0123 ready\n`);
      channel.stderr.write("stdin: is not a tty\n");
      runShell(channel, command);
    },
  });
  know(port, bytesOf(hostKey));
  identify(login);
  const session = await open(port);
  expect(Buffer.from((await session.run({ script: "echo hello" })).output).toString()).toBe("hello\n");
});

test("a connection that breaks fails the frame under way", async () => {
  const { port, connections } = await serve();
  know(port, bytesOf(hostKey));
  identify(login);
  const session = await open(port);
  const under = session.run({ script: "sleep 20" });
  connections[0]?.end();
  await expect(under).rejects.toThrow("the connection was closed");
});
