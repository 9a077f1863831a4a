import { spawn } from "node:child_process";
import type { Carrier } from "./carrier.ts";

/** How a local shell is started. */
export interface LocalOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Not ended by `close`, only told by the end of its input; what it has still to do it does alone. */
  readonly outlives?: boolean;
}

/** A shell on this very machine, as a child process with an environment of its own. */
export function openLocal(program: string, args: readonly string[], options: LocalOptions = {}): Carrier {
  const child = spawn(program, [...args], {
    cwd: "/",
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ...options.environment },
    stdio: ["pipe", "pipe", "pipe"],
    // Ctrl-C on the terminal is for the controller, which then ends the work between two steps.
    detached: true,
  });
  const { promise: done, resolve } = Promise.withResolvers<string>();
  child.once("error", (error) => resolve(`${program} could not be started: ${error.message}`));
  const ended = (code: number | null, signal: NodeJS.Signals | null) =>
    resolve(signal ? `the shell was ended by ${signal}` : `the shell ended with status ${code}`);
  child.once("close", ended);
  // Something it started may hold its output open for long; what the shell itself said has arrived by then.
  child.once("exit", (code, signal) => setTimeout(ended, lastOutputMilliseconds, code, signal).unref());
  return {
    in: child.stdin,
    out: child.stdout,
    err: child.stderr,
    done,
    close: () => {
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      child.unref();
      if (!options.outlives) endGroup(child.pid);
      resolve("the session was closed");
    },
  };
}

const lastOutputMilliseconds = 200;

/** Ends the shell and what runs in the foreground of it; a run has a session of its own. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGTERM");
  } catch {
    // It is gone already, or sudo has made it another user's; then the end of its input ends it.
  }
}
