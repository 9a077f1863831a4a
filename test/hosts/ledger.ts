import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { withLock } from "./lock.ts";
import { CACHE, LEDGERS, RUNS } from "./places.ts";
import { identify, isRunning, type ProcessIdentity } from "./process-identity.ts";

/** One thing that a run has put into the system and must take away. */
export type Trace =
  | { kind: "process"; process: ProcessIdentity }
  | { kind: "mount"; path: string }
  | { kind: "namespace"; name: string }
  | { kind: "link"; name: string }
  | { kind: "cgroup"; path: string }
  | { kind: "folder"; path: string };

interface LedgerFile {
  owner: ProcessIdentity;
  traces: Trace[];
}

/** What a run has started, on disk before it exists, so that a later run can clear up after one that was killed. */
export class Ledger {
  readonly #path: string;
  readonly #owner: ProcessIdentity;
  #traces: Trace[] = [];

  constructor(id: string) {
    const owner = identify(process.pid);
    if (!owner) throw new Error("this process is not in /proc");
    mkdirSync(LEDGERS, { recursive: true, mode: 0o700 });
    this.#owner = owner;
    this.#path = join(LEDGERS, `${id}.json`);
    this.#save();
  }

  /** Writes a trace down; call it before the thing is made, or right after for a process. */
  record(trace: Trace): void {
    this.#traces.push(trace);
    this.#save();
  }

  /** Takes these traces away, newest first. */
  release(traces: readonly Trace[]): void {
    for (const trace of this.#traces.toReversed().filter((one) => traces.includes(one))) {
      erase(trace);
      this.#traces = this.#traces.filter((one) => one !== trace);
      this.#save();
    }
  }

  /** Takes everything away and the ledger with it. */
  close(): void {
    this.release(this.#traces);
    rmSync(this.#path, { force: true });
    checkDevNull();
  }

  #save(): void {
    const contents: LedgerFile = { owner: this.#owner, traces: this.#traces };
    writeFileSync(`${this.#path}.new`, JSON.stringify(contents));
    renameSync(`${this.#path}.new`, this.#path);
  }
}

/** Clears up after runs whose process has ended without doing so; answers the identifiers of those runs. */
export function clearLeftovers(): Promise<string[]> {
  mkdirSync(LEDGERS, { recursive: true, mode: 0o700 });
  return withLock(join(LEDGERS, "clearing"), async () => clear());
}

function clear(): string[] {
  const cleared: string[] = [];
  for (const name of readdirSync(LEDGERS)) {
    if (!name.endsWith(".json")) continue;
    const path = join(LEDGERS, name);
    const { owner, traces }: LedgerFile = JSON.parse(readFileSync(path, "utf8"));
    if (isRunning(owner)) continue;
    for (const trace of traces.toReversed()) erase(trace);
    rmSync(path, { force: true });
    cleared.push(name.slice(0, -".json".length));
  }
  checkDevNull();
  return cleared;
}

function erase(trace: Trace): void {
  switch (trace.kind) {
    case "process":
      return endProcess(trace.process);
    case "mount":
      return unmount(trace.path);
    case "namespace":
      if (existsSync(`/run/netns/${trace.name}`)) execFileSync("ip", ["netns", "del", trace.name]);
      return;
    case "link":
      if (existsSync(`/sys/class/net/${trace.name}`)) execFileSync("ip", ["link", "del", trace.name]);
      return;
    case "cgroup":
      return removeCgroup(trace.path);
    case "folder":
      if (![CACHE, RUNS].some((root) => trace.path.startsWith(`${root}/`))) throw new Error(`not ours: ${trace.path}`);
      if (existsSync(trace.path)) execFileSync("rm", ["-rf", "--one-file-system", "--", trace.path]);
  }
}

/**
 * Asks a process to end, twice if it has to, and waits. Never SIGKILL: an nspawn killed that way leaves its machine
 * running without an owner.
 */
function endProcess(target: ProcessIdentity): void {
  for (const patience of [20_000, 10_000]) {
    if (!isRunning(target)) return;
    process.kill(target.pid, "SIGTERM");
    const deadline = Date.now() + patience;
    while (isRunning(target) && Date.now() < deadline) pause(5);
  }
  if (isRunning(target)) throw new Error(`process ${target.pid} does not end on SIGTERM`);
}

function unmount(path: string): void {
  for (let attempt = 1; isMounted(path); attempt++) {
    try {
      execFileSync("umount", [path], { stdio: ["ignore", "ignore", "pipe"] });
    } catch (error) {
      // The last processes of a machine may still be on their way out.
      if (attempt === 50) throw error;
      pause(20);
    }
  }
}

function isMounted(path: string): boolean {
  return readFileSync("/proc/self/mountinfo", "utf8")
    .split("\n")
    .some((line) => line.split(" ")[4] === path);
}

function removeCgroup(path: string): void {
  if (!existsSync(path)) return;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    if (entry.isDirectory()) removeCgroup(join(path, entry.name));
  }
  for (let attempt = 1; existsSync(path); attempt++) {
    try {
      rmdirSync(path);
    } catch (error) {
      if (attempt === 50) throw error;
      pause(20);
    }
  }
}

/** A broken machine has been seen to replace the host's /dev/null: put it right and say so. */
function checkDevNull(): void {
  const status = statSync("/dev/null");
  if (!status.isCharacterDevice()) throw new Error("/dev/null is no longer a device");
  if ((status.mode & 0o777) === 0o666) return;
  chmodSync("/dev/null", 0o666);
  process.stderr.write("test/hosts: /dev/null had lost its mode 0666; restored\n");
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}
