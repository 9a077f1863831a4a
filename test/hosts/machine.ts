import type { ChildProcess } from "node:child_process";
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { command, succeed, type CommandOptions, type CommandResult } from "./command.ts";
import { derivedTree, type Difference } from "./derived-tree.ts";
import type { Trace } from "./ledger.ts";
import { cut, openPort, restore, type Port } from "./network.ts";
import { shutDown, startNspawn, waitForLeader, waitForSsh } from "./nspawn.ts";
import { openRelay, type Relay, type RelayOptions } from "./relay.ts";
import { openRun, type Run } from "./run.ts";
import { makeSshHome } from "./ssh-home.ts";
import { personalize, type HostKeys } from "./personalize.ts";

/** The accounts of every machine; `root` too accepts the run's key. `operator` needs OPERATOR_PASSWORD for sudo. */
export type User = "root" | "admin" | "operator" | "plain";

/** What makes a machine differ from a clean Debian 12. */
export interface MachineOptions extends Difference {
  /** Name of the machine, and its host name. */
  name?: string;
  /** Megabytes that may be written to it altogether; its disk is the host's otherwise. */
  disk?: number;
  /** Small file systems: path to megabytes. */
  mounts?: Readonly<Record<string, number>>;
}

/** A booted Debian 12 with an SSH server. */
export interface Machine {
  readonly name: string;
  readonly address: string;
  readonly sshPort: number;
  /** The machine's files as the host sees them, less what the machine has mounted itself (/run, /tmp, /proc …). */
  readonly root: string;
  readonly hostKeys: HostKeys;
  /** The line of a known_hosts file for its ed25519 key. */
  readonly knownHostsLine: string;
  /** A private key that all users accept. */
  readonly identityFile: string;
  /** A home folder whose .ssh leads to the machine, by name or address, as root. */
  readonly home: string;
  /** Runs a program in the machine as root, past SSH. */
  exec(argv: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** Runs a shell command through the system's ssh. */
  ssh(line: string, options?: CommandOptions & { user?: User }): Promise<CommandResult>;
  write(path: string, contents: string | Uint8Array): Promise<void>;
  read(path: string): Promise<Buffer>;
  /** Pulls the network cable: packets vanish. */
  cut(): Promise<void>;
  /** Puts the cable back. */
  restore(): Promise<void>;
  /** Opens a way to it that is slow, or breaks. */
  relay(options: RelayOptions): Promise<Relay>;
  /** What systemd has written on the console. */
  console(): string;
  /** Shuts it down in order and takes away every trace of it. */
  stop(): Promise<void>;
}

/** Boots a machine and answers once it is all up: SSH answers and systemd says `running`. */
export async function startMachine(options: MachineOptions = {}): Promise<Machine> {
  const run = await openRun();
  const layers = await derivedTree(run, options, (lower) => boot(run, lower, {}));
  return boot(run, layers, options);
}

/** A machine that can also be stopped with its writable layer left in place, to become a layer for others. */
export interface BootedMachine extends Machine {
  /** The writable layer. */
  readonly upper: string;
  /** Shuts it down and unmounts it, and keeps its folder. */
  halt(): Promise<void>;
}

/** Environment of what runs in a machine past SSH. */
const GUEST_ENVIRONMENT = [
  "HOME=/root",
  "LANG=C.UTF-8",
  "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
];

async function boot(run: Run, layers: readonly string[], options: MachineOptions): Promise<BootedMachine> {
  const { ledger } = run;
  const name = options.name ?? `m${randomBytes(3).toString("hex")}`;
  const traces: Trace[] = [];
  const note = (trace: Trace): void => {
    ledger.record(trace);
    traces.push(trace);
  };
  const folder = join(run.folder, "machines", `${name}-${randomBytes(3).toString("hex")}`);
  note({ kind: "folder", path: folder });
  try {
    mkdirSync(folder, { recursive: true });
    const { root, upper } = await mountLayers(folder, layers, options.disk, note);
    const port = await openPort(run.network, ledger, traces);
    const hostKeys = await personalize(root, { name, run });
    const consoleFile = join(folder, "console.log");
    const nspawn = await startNspawn({ name, root, port, consoleFile, mounts: options.mounts ?? {}, note });
    const leader = await waitForLeader(nspawn, consoleFile);
    await waitForSsh(port.address, nspawn, consoleFile);
    const machine = describe({ run, name, root, upper, port, hostKeys, folder, consoleFile, leader, nspawn, traces });
    await waitForSystemd(machine);
    return machine;
  } catch (error) {
    ledger.release(traces);
    throw error;
  }
}

async function mountLayers(
  folder: string,
  layers: readonly string[],
  disk: number | undefined,
  note: (trace: Trace) => void,
): Promise<{ root: string; upper: string }> {
  const [root, disc] = [join(folder, "root"), join(folder, "disk")];
  for (const path of [root, disc]) mkdirSync(path);
  if (disk !== undefined) {
    note({ kind: "mount", path: disc });
    await succeed(["mount", "-t", "tmpfs", "-o", `size=${disk}m,mode=755`, "galley-test", disc]);
  }
  const [upper, work] = [join(disc, "upper"), join(disc, "work")];
  for (const path of [upper, work]) mkdirSync(path);
  note({ kind: "mount", path: root });
  const layout = `lowerdir=${layers.join(":")},upperdir=${upper},workdir=${work}`;
  await succeed(["mount", "-t", "overlay", "-o", layout, "galley-test", root]);
  return { root, upper };
}

async function waitForSystemd(machine: Machine): Promise<void> {
  const state = await machine.exec(["systemctl", "is-system-running", "--wait"]);
  if (state.stdout.trim() === "running") return;
  const failed = await machine.exec(["systemctl", "--failed", "--no-pager"]);
  throw new Error(`systemd is ${state.stdout.trim()}${state.stderr}\n${failed.stdout}${machine.console()}`);
}

interface Parts {
  run: Run;
  name: string;
  root: string;
  upper: string;
  port: Port;
  hostKeys: HostKeys;
  folder: string;
  consoleFile: string;
  leader: number;
  nspawn: ChildProcess;
  traces: Trace[];
}

function describe(parts: Parts): BootedMachine {
  const { run, name, root, upper, port, hostKeys, folder, consoleFile, leader, nspawn, traces } = parts;
  const { address } = port;
  const target = { name, address, knownHostsLine: `${address} ${hostKeys.ed25519}`, identityFile: run.identityFile };
  const home = join(folder, "home");
  makeSshHome(home, [target]);

  const enter = ["nsenter", `--target=${leader}`, "--all", "--wd=/", "env", "-i", ...GUEST_ENVIRONMENT];
  const exec = (argv: readonly string[], options?: CommandOptions): Promise<CommandResult> =>
    command([...enter, ...argv], options);
  const halt = async (): Promise<void> => {
    await shutDown(nspawn);
    run.ledger.release(traces.filter(({ kind }) => kind !== "folder"));
  };
  return {
    ...target,
    sshPort: 22,
    root,
    upper,
    hostKeys,
    home,
    exec,
    ssh: (line, { user = "root", ...options } = {}) =>
      command(["ssh", "-F", join(home, ".ssh/config"), "-l", user, "-T", name, line], options),
    write: async (path, contents) => {
      const result = await exec(["sh", "-c", 'cat >"$1"', "sh", path], { input: contents });
      if (result.code !== 0) throw new Error(`${path}: ${result.stderr}`);
    },
    read: async (path) => {
      const result = await exec(["cat", "--", path]);
      if (result.code !== 0) throw new Error(`${path}: ${result.stderr}`);
      return result.bytes;
    },
    cut: () => cut(port),
    restore: () => restore(port, run.network),
    relay: (options) => openRelay(target, run.network.address, folder, options),
    console: () => (existsSync(consoleFile) ? readFileSync(consoleFile, "utf8") : ""),
    halt,
    stop: async () => {
      await shutDown(nspawn);
      run.ledger.release(traces);
    },
  };
}
