import { readdirSync } from "node:fs";
import { command, succeed } from "./command.ts";
import type { Ledger, Trace } from "./ledger.ts";

/** A bridge that machines hang on, with an address range that nothing else on this host uses. */
export interface Network {
  bridge: string;
  /** The host's own address on it. */
  address: string;
  /** The range without its last number, with the dot. */
  prefix: string;
}

/** A machine's end of the network. */
export interface Port {
  /** Name of the network namespace. */
  namespace: string;
  /** The host's end of the cable. */
  link: string;
  address: string;
}

const FIRST_NUMBERS = "10.213.";

/** Makes a bridge in the first free range; the name of the bridge is the claim on the range. */
export async function openNetwork(ledger: Ledger): Promise<Network> {
  const known = (await succeed(["ip", "-o", "-4", "addr"])) + (await succeed(["ip", "-4", "route"]));
  for (let number = 0; number < 256; number++) {
    const prefix = `${FIRST_NUMBERS}${number}.`;
    const bridge = `galley${number}`;
    if (known.includes(prefix)) continue;
    if ((await command(["ip", "link", "add", bridge, "type", "bridge"])).code !== 0) continue;
    ledger.record({ kind: "link", name: bridge });
    const address = `${prefix}1`;
    await succeed(["ip", "addr", "add", `${address}/24`, "dev", bridge]);
    await succeed(["ip", "link", "set", bridge, "up"]);
    return { bridge, address, prefix };
  }
  throw new Error(`no address range free under ${FIRST_NUMBERS}0.0`);
}

/** Makes a network namespace with a cable to the bridge and an address of its own. */
export async function openPort(network: Network, ledger: Ledger, traces: Trace[]): Promise<Port> {
  const taken = new Set(namespaces());
  for (let number = 2; number < 255; number++) {
    const namespace = `${network.bridge}-${number}`;
    if (taken.has(namespace)) continue;
    if ((await command(["ip", "netns", "add", namespace])).code !== 0) continue;
    const trace: Trace = { kind: "namespace", name: namespace };
    ledger.record(trace);
    traces.push(trace);
    const link = `${network.bridge}.${number}`;
    const address = `${network.prefix}${number}`;
    const batch = [
      `link add ${link} type veth peer name eth0 netns ${namespace}`,
      `link set ${link} master ${network.bridge} up`,
    ];
    const inside = [
      `addr add ${address}/24 dev eth0`,
      "link set lo up",
      "link set eth0 up",
      `route add default via ${network.address}`,
    ];
    await succeed(["ip", "-batch", "-"], { input: `${batch.join("\n")}\n` });
    await succeed(["ip", "-n", namespace, "-batch", "-"], { input: `${inside.join("\n")}\n` });
    return { namespace, link, address };
  }
  throw new Error("254 machines already hang on this bridge");
}

/** Pulls the cable: packets vanish, nobody is told. */
export async function cut(port: Port): Promise<void> {
  await succeed(["ip", "link", "set", port.link, "nomaster"]);
}

/** Puts the cable back. */
export async function restore(port: Port, network: Network): Promise<void> {
  await succeed(["ip", "link", "set", port.link, "master", network.bridge, "up"]);
}

function namespaces(): string[] {
  try {
    return readdirSync("/run/netns");
  } catch {
    return [];
  }
}
