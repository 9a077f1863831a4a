import { join } from "node:path";
import { startServant } from "./servant.ts";
import { makeSshHome, type SshTarget } from "./ssh-home.ts";

/** How a relay spoils the connections through it. */
export interface RelayOptions {
  /** Milliseconds that it adds to each round trip. */
  latency?: number;
  /** Bytes from the machine after which a connection is reset. */
  cutAfter?: number;
}

/** Another way to a machine's SSH port, through a relay. */
export interface Relay extends SshTarget {
  port: number;
  /** A home folder whose .ssh leads to the machine through the relay. */
  home: string;
  /** Resets the connections that are open now. */
  reset(): void;
  /** Carries no more bytes on the connections that are open now, and tells nobody. */
  hang(): void;
  close(): Promise<void>;
}

/** Opens a relay on the host's address of the bridge. */
export async function openRelay(
  machine: SshTarget,
  listen: string,
  folder: string,
  { latency = 0, cutAfter = -1 }: RelayOptions,
): Promise<Relay> {
  const args = [listen, machine.address, "22", String(latency / 2), String(cutAfter)];
  const servant = await startServant("relay-main.ts", args);
  const key = machine.knownHostsLine.slice(machine.knownHostsLine.indexOf(" "));
  const target = {
    ...machine,
    address: listen,
    port: servant.port,
    knownHostsLine: `[${listen}]:${servant.port}${key}`,
  };
  const home = join(folder, `relay-${servant.port}`);
  makeSshHome(home, [target]);
  return {
    ...target,
    home,
    reset: () => servant.tell("reset"),
    hang: () => servant.tell("hang"),
    close: () => servant.stop(),
  };
}
