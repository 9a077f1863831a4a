import type { Workload } from "./workload.ts";

/** Where and how a contestant reaches its machine. */
export interface Target {
  name: string;
  address: string;
  port: number;
  /** A home folder with .ssh: config, known_hosts and key. */
  home: string;
}

/** A command that brings a machine into the state of a workload. */
export interface Invocation {
  argv: readonly string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Exit statuses that mean success. */
  fine: readonly number[];
}

/** Someone who brings machines into a state. */
export interface Contestant {
  name: string;
  /** Writes its form of the workload into an empty folder; answers how it is applied to a target. */
  prepare(workload: Workload, folder: string): (target: Target) => Invocation;
  /** Ends what it keeps open to a target between two invocations. */
  forget?(folder: string, target: Target): Promise<void>;
}
