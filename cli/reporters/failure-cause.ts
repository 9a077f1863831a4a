import { printable } from "../terminal.ts";

/** Why a step failed: the line that says it, and everything that was printed around it. */
export interface Failure {
  readonly cause: string;
  /** All lines but the cause, where it is a sentence of its own; empty when there is nothing more. */
  readonly output: readonly string[];
}

/** What `execute` itself says last, after all that its command printed. */
const endOfCommand = /^the command ended with status (\d+)(: its program is not there)?$/;

/** What takes the place of the output of sensitive commands. */
const privateNote = /^what it printed is private /;

/** What the runner adds about processes that a step has left. */
const leftRunning = /^left \d+ process(?:es)? running \(/;

/** How programs mark the line that tells why they gave up. */
const marked = /^E: |\[(?:emerg|alert|crit|error)\]|(?:error|exception|fatal|panic)\b.*:|:\s*(?:error|fatal)\b/i;

/** Words of a line that tells what was not possible. */
const telling =
  /\b(?:cannot|can't|could not|denied|does not exist|failed|in use|invalid|no space|no such|not found|not permitted|read-only|refused|syntax error|timed out|unable|unknown|unrecognized|unmet)\b/i;

/** Lines that only say that something else went wrong. */
const symptom = /returned an error code|^Job for .* failed|journalctl|systemctl status|^Errors were encountered/;

/** Longer causes are cut in the line of a step. */
const longest = 200;

/** Finds the cause in what a failed step said. */
export function failureOf(kind: string, message: string): Failure {
  const [first = "", ...rest] = message
    .trim()
    .split("\n")
    .map((line) => printable(line.trimEnd()));
  // A program that tries twice says everything twice.
  const said = rest.filter((line, at) => line.trim() !== "" && line !== rest[at - 1]);
  const output = said.filter((line) => !leftRunning.test(line));
  const left = said.filter((line) => leftRunning.test(line));
  const isStatusOnly = /^(?:its guard )?ended with status \d+$/.test(first);
  if (output.length === 0 || !isStatusOnly) return { cause: first, output: said };
  const end = output.at(-1) ?? "";
  const status = kind === "execute" ? endOfCommand.exec(end)?.[1] : undefined;
  const printed = status === undefined ? output : output.slice(0, -1);
  const lines = printed.filter((line) => !privateNote.test(line));
  const why = causeAmong(lines, kind);
  const prefix = first === "ended with status 1" || status !== undefined ? "" : `${first}: `;
  if (why === undefined || end.endsWith("its program is not there"))
    return { cause: prefix + end, output: [...printed, ...left] };
  const cause = `${prefix}${cut(why.trim())}${status === undefined ? "" : ` (status ${status})`}`;
  return { cause, output: [...(printed.length === 1 ? [] : printed), ...left] };
}

function causeAmong(lines: readonly string[], kind: string): string | undefined {
  const candidates = lines.filter((line) => !symptom.test(line) && !line.endsWith(":"));
  const [first] = lines;
  const usual = kind === "execute" ? candidates.at(-1) : first?.endsWith(":") ? lines[1] : first;
  return (
    candidates.find((line) => marked.test(line)) ?? candidates.find((line) => telling.test(line)) ?? usual ?? first
  );
}

function cut(line: string): string {
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}
