import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import type { Carrier } from "./carrier.ts";

/** The resident shell on this very machine, as a child process with an empty environment. */
export function openLocal(
  program: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Carrier {
  const child = spawn(program, [...args], {
    cwd: "/",
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", ...environment },
    stdio: ["pipe", "pipe", "pipe"],
    // Ctrl-C on the terminal is for the controller, which then ends the work at a step's boundary.
    detached: true,
  });
  return carrierOf(child);
}

function carrierOf(child: ChildProcessByStdio<Writable, Readable, Readable>): Carrier {
  const done = new Promise<string>((resolve) => {
    child.once("error", (error) => resolve(`${child.spawnfile} could not be started: ${error.message}`));
    child.once("close", (code, signal) =>
      resolve(signal ? `the shell was ended by ${signal}` : `the shell ended with status ${code}`),
    );
  });
  return {
    in: child.stdin,
    out: child.stdout,
    err: child.stderr,
    done,
    close: () => {
      child.stdin.destroy();
      child.kill("SIGTERM");
    },
  };
}
