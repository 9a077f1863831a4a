import { spawn } from "node:child_process";

/** What became of a command; `code` is null when a signal ended it. */
export interface CommandResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  /** Standard output as it came, for contents that are not UTF-8. */
  bytes: Buffer;
}

export interface CommandOptions {
  input?: string | Uint8Array;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Milliseconds after which the command gets SIGTERM. */
  timeout?: number;
}

/** Runs a program to its end and answers what it said; only a program that cannot be started at all rejects. */
export function command(argv: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [program, ...args] = argv;
  if (program === undefined) throw new Error("command: an empty argument list");
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: "pipe",
      ...(options.env && { env: options.env }),
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      ...(options.timeout !== undefined && { timeout: options.timeout }),
    });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", reject);
    // A program may end before it has read its input.
    child.stdin.on("error", () => {});
    child.stdin.end(options.input);
    child.on("close", (code, signal) => {
      const bytes = Buffer.concat(out);
      resolve({ code, signal, stdout: bytes.toString(), stderr: Buffer.concat(err).toString(), bytes });
    });
  });
}

/** Runs a program that has to succeed; answers its standard output, throws with all it said otherwise. */
export async function succeed(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  const result = await command(argv, options);
  if (result.code === 0) return result.stdout;
  const end = result.code === null ? `signal ${result.signal}` : `exit ${result.code}`;
  throw new Error(`${argv.join(" ")}: ${end}\n${result.stdout}${result.stderr}`);
}
