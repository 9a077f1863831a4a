import { randomBytes } from "node:crypto";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { baseTree, removeOldTrees } from "./base-tree.ts";
import { succeed } from "./command.ts";
import { clearLeftovers, Ledger } from "./ledger.ts";
import { readMirror, type Mirror } from "./mirror.ts";
import { openNetwork, type Network } from "./network.ts";
import { CACHE, RUNS } from "./places.ts";
import { startServant } from "./servant.ts";

/** What the machines of one process share: a network, a package proxy, a key to enter by, a tree to start from. */
export interface Run {
  ledger: Ledger;
  /** Folder of this run: keys and the writable layers of its machines. */
  folder: string;
  mirror: Mirror;
  network: Network;
  /** URL of the caching proxy, as the machines reach it. */
  proxy: string;
  /** Private key that every user of every machine accepts; the public one stands beside it. */
  identityFile: string;
  base: string;
}

let current: Promise<Run> | undefined;

/** The run of this process, opened on first use; taken away again when the process ends, however it ends. */
export function openRun(): Promise<Run> {
  current ??= open();
  return current;
}

async function open(): Promise<Run> {
  if (process.getuid?.() !== 0) throw new Error("booted machines need root");
  await succeed([join(import.meta.dirname, "install-tools.sh")]);
  await clearLeftovers();
  await removeOldTrees();

  const id = `${process.pid}-${randomBytes(4).toString("hex")}`;
  const ledger = new Ledger(id);
  endWithProcess(ledger);
  const folder = join(RUNS, id);
  ledger.record({ kind: "folder", path: folder });
  mkdirSync(folder, { recursive: true, mode: 0o700 });

  const mirror = await readMirror();
  const network = await openNetwork(ledger);
  const proxy = await startProxy(network.address, mirror);
  const identityFile = join(folder, "id_ed25519");
  await succeed(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "galley-test", "-f", identityFile]);
  const base = await baseTree(mirror, proxy, ledger);
  return { ledger, folder, mirror, network, proxy, identityFile, base };
}

function endWithProcess(ledger: Ledger): void {
  const close = (): void => ledger.close();
  process.once("exit", close);
  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => {
      process.off("exit", close);
      close();
      process.kill(process.pid, signal);
    });
  }
}

/** Starts the caching proxy. */
async function startProxy(address: string, mirror: Mirror): Promise<string> {
  const hosts = mirror.sources.map(({ uri }) => {
    const { host, protocol } = new URL(uri);
    return protocol === "https:" ? `${host}=https` : host;
  });
  const argv = [
    address,
    join(CACHE, "packages"),
    [...new Set(hosts)].join(","),
    ...(mirror.upstreamProxy === undefined ? [] : [mirror.upstreamProxy]),
  ];
  const { port } = await startServant("caching-proxy.ts", argv);
  return `http://${address}:${port}`;
}
