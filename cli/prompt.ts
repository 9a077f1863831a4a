import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";

/** Asks on the terminal and gives the line; undefined when there is no terminal to ask on. */
export async function ask(question: string, { hidden = false } = {}): Promise<string | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: hidden ? silent : process.stderr, terminal: true });
  const interrupted = new AbortController();
  reader.once("SIGINT", () => interrupted.abort());
  reader.once("close", () => interrupted.abort());
  // Only now: the terminal has stopped to echo, so what is typed at once is not shown.
  if (hidden) process.stderr.write(question);
  try {
    return await reader.question(hidden ? "" : question, { signal: interrupted.signal });
  } catch {
    return undefined;
  } finally {
    reader.close();
    if (hidden) process.stderr.write("\n");
  }
}

/** A question that only `y` or `yes` answers with yes. */
export async function confirm(question: string): Promise<boolean> {
  const answer = await ask(`${question} [y/N] `);
  return answer !== undefined && /^y(es)?$/i.test(answer.trim());
}
