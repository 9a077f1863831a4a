import { printable } from "./printable.ts";
import type { StepResult } from "./run-report.ts";

/** One event of a run's journal. */
export type JournalEvent =
  | { readonly type: "begin"; readonly at: number; readonly pid: number }
  | {
      readonly type: "refused";
      readonly run: string;
      readonly pid: number;
      readonly since: string;
      readonly who: string;
    }
  | { readonly type: "start" | "retry"; readonly at: number; readonly step: number }
  /** What the step changed was put back, as a verifier refused it. */
  | { readonly type: "restored"; readonly at: number; readonly step: number }
  | { readonly type: "react"; readonly at: number; readonly step: number; readonly event: string }
  | { readonly type: "transaction"; readonly at: number; readonly transaction: number; readonly status?: number }
  | ({ readonly type: "done"; readonly at: number; readonly step: number } & StepResult)
  | { readonly type: "end"; readonly at: number; readonly how: "finished" | "lost" | "stopped" };

const longestLine = 1024 * 1024;

/** Takes a journal as it arrives, in pieces of any size, and gives its events; `lines` counts the complete lines so far. */
export class JournalReader {
  readonly #onEvent: (event: JournalEvent) => void;
  #rest: Buffer = Buffer.alloc(0);
  lines = 0;

  constructor(onEvent: (event: JournalEvent) => void) {
    this.#onEvent = onEvent;
  }

  push(bytes: Uint8Array): void {
    let data = Buffer.concat([this.#rest, bytes]);
    for (let end = data.indexOf(10); end !== -1; end = data.indexOf(10)) {
      const event = parseJournalLine(data.toString("utf8", 0, end));
      data = data.subarray(end + 1);
      this.lines += 1;
      if (event) this.#onEvent(event);
    }
    // No event is that long: whoever sends this is not writing a journal.
    this.#rest = data.length > longestLine ? Buffer.alloc(0) : data;
  }

  /** Forgets half a line: the next bytes begin with the line after the last complete one. */
  restart(): void {
    this.#rest = Buffer.alloc(0);
  }
}

const results = ["changed", "failed", "ok", "skipped"] as const;
const endings = ["finished", "lost", "stopped"] as const;

/** Understands one line; undefined for a torn one, and for what only the host itself needs. */
export function parseJournalLine(line: string): JournalEvent | undefined {
  const match = /^(\d+) ([a-z]+) (.*) \.$/s.exec(line);
  if (!match) return undefined;
  const [, time = "", type, rest = ""] = match;
  const at = Number(time);
  const words = rest.split(" ");
  const number = Number(words[0]);
  switch (type) {
    case "begin":
      return { type, at, pid: number };
    case "refused": {
      const [run = "", pid = "", since = "", ...who] = words;
      return { type, run: printable(run), pid: Number(pid), since: printable(since), who: printable(who.join(" ")) };
    }
    case "restored":
    case "start":
    case "retry":
      return { type, at, step: number };
    case "react":
      return { type, at, step: number, event: words[1] ?? "" };
    case "transaction":
      return { type, at, transaction: number, ...(words[1] === "end" ? { status: Number(words[2]) } : {}) };
    case "done": {
      const result = results.find((each) => each === words[1]);
      if (!result) return undefined;
      const message = printable(unescape(words.slice(3).join(" "))).trim();
      return { type, at, step: number, result, milliseconds: Number(words[2]), ...(message === "" ? {} : { message }) };
    }
    case "end": {
      const how = endings.find((each) => each === words[0]);
      return how ? { type, at, how } : undefined;
    }
    default:
      return undefined;
  }
}

function unescape(text: string): string {
  return text.replace(/\\(\\|n)/g, (_all, letter) => (letter === "n" ? "\n" : "\\"));
}
