import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";

/** A program of this folder that serves on a port for as long as this process lives. */
export interface Servant {
  port: number;
  /** Writes a line to its standard input. */
  tell(line: string): void;
  /** Ends it. */
  stop(): Promise<void>;
}

/**
 * Starts a program of this folder that prints its port. It reads its standard input to the end and then ends itself:
 * so it goes when this process goes, even by SIGKILL, and it serves on while this process waits for another program.
 */
export function startServant(file: string, args: readonly string[]): Promise<Servant> {
  const child: ChildProcess = spawn(process.execPath, [join(import.meta.dirname, file), ...args], {
    stdio: ["pipe", "pipe", "inherit"],
    // Ctrl-C in the terminal is not for it.
    detached: true,
  });
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error("a pipe was asked for");
  return new Promise((resolve, reject) => {
    const ended = new Promise<void>((done) => child.once("exit", () => done()));
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${file} ended with ${code}`)));
    stdout.once("data", (port: Buffer) => {
      // It must not keep this process alive.
      for (const handle of [child, stdin, stdout])
        if ("unref" in handle && typeof handle.unref === "function") handle.unref();
      resolve({
        port: Number(port.toString()),
        tell: (line) => void stdin.write(`${line}\n`),
        stop: () => {
          child.ref();
          stdin.end();
          return ended;
        },
      });
    });
  });
}
