import { spawn, type ChildProcess } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createCgroups } from "./cgroup.ts";
import type { Trace } from "./ledger.ts";
import type { Port } from "./network.ts";
import { identify } from "./process-identity.ts";

/** How a tree becomes a running machine. */
export interface NspawnOptions {
  name: string;
  root: string;
  port: Port;
  consoleFile: string;
  mounts: Readonly<Record<string, number>>;
  note: (trace: Trace) => void;
}

/** Boots the tree; answers once nspawn itself runs. */
export async function startNspawn({
  name,
  root,
  port,
  consoleFile,
  mounts,
  note,
}: NspawnOptions): Promise<ChildProcess> {
  const groups = createCgroups(port.namespace, note);
  // The shell enters the machine's control groups and becomes nspawn; nspawn is told to end when this process does.
  const enter = groups.map((group) => `echo $$ >'${group}/cgroup.procs' && `).join("");
  const argv = [
    "setpriv",
    "--pdeathsig=TERM",
    "sh",
    "-c",
    `${enter}exec systemd-nspawn "$@"`,
    "sh",
    "--quiet",
    `--directory=${root}`,
    "--boot",
    `--machine=${port.namespace}`,
    `--hostname=${name}`,
    "--keep-unit",
    "--register=no",
    "--console=pipe",
    `--network-namespace-path=/run/netns/${port.namespace}`,
    "--link-journal=no",
    "--resolv-conf=off",
    "--timezone=off",
    "--settings=no",
    ...Object.entries(mounts).map(([path, megabytes]) => `--tmpfs=${path}:size=${megabytes}M,mode=0755`),
  ];
  const log = openSync(consoleFile, "a");
  try {
    // A session of its own: Ctrl-C in the terminal is for the tests, which then shut the machine down in order.
    const child = spawn(argv[0] ?? "", argv.slice(1), { stdio: ["pipe", log, log], detached: true });
    await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    child.stdin?.end();
    const identity = child.pid === undefined ? undefined : identify(child.pid);
    if (!identity) throw new Error(`nspawn ended at once:\n${readFileSync(consoleFile, "utf8")}`);
    note({ kind: "process", process: identity });
    return child;
  } finally {
    closeSync(log);
  }
}

function deadline(): () => boolean {
  const end = Date.now() + 60_000;
  return () => Date.now() < end;
}

function fail(what: string, consoleFile: string): never {
  throw new Error(`${what}\n${readFileSync(consoleFile, "utf8")}`);
}

/** The machine's process 1 as the host numbers it. */
export async function waitForLeader(nspawn: ChildProcess, consoleFile: string): Promise<number> {
  const inTime = deadline();
  while (inTime() && nspawn.exitCode === null) {
    for (const child of childrenOf(nspawn)) {
      // The helper that sets the machine up is a child too, for a moment; process 1 has become systemd.
      if (programOf(child) === "systemd") return Number(child);
    }
    await sleep(5);
  }
  return fail("the machine has no process 1", consoleFile);
}

function childrenOf({ pid }: ChildProcess): string[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
  } catch {
    return [];
  }
}

function programOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, "utf8").trim();
  } catch {
    return "";
  }
}

/** Waits until an SSH server greets. */
export async function waitForSsh(address: string, nspawn: ChildProcess, consoleFile: string): Promise<void> {
  const inTime = deadline();
  while (inTime() && nspawn.exitCode === null) {
    if (await greets(address)) return;
    await sleep(10);
  }
  fail("no SSH server answers in the machine", consoleFile);
}

function greets(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port: 22, timeout: 1000 });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("data", (banner: Buffer) => settle(banner.toString("latin1").startsWith("SSH-")));
    socket.once("error", () => settle(false));
    socket.once("timeout", () => settle(false));
    socket.once("end", () => settle(false));
  });
}

/** Asks for an orderly shutdown and waits for it; the ledger's own patience begins when this has run out. */
export async function shutDown(nspawn: ChildProcess): Promise<void> {
  if (nspawn.exitCode !== null || nspawn.signalCode !== null) return;
  const ended = new Promise((resolve) => nspawn.once("exit", resolve));
  nspawn.kill("SIGTERM");
  await Promise.race([ended, sleep(60_000, undefined, { ref: false })]);
}
