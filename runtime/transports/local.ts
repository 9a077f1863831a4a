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
  child.once("close", (code, signal) =>
    resolve(signal ? `the shell was ended by ${signal}` : `the shell ended with status ${code}`),
  );
  return {
    in: child.stdin,
    out: child.stdout,
    err: child.stderr,
    done,
    close: () => {
      child.stdin.destroy();
      if (!options.outlives) {
        child.kill("SIGTERM");
        return;
      }
      child.stdout.destroy();
      child.stderr.destroy();
      child.unref();
      resolve("the session was closed");
    },
  };
}
