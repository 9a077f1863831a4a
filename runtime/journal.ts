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
  | { readonly type: "end"; readonly at: number; readonly how: "finished" | "lost" | "stopped" | "unwritten" };

/** No event of ours is longer, in bytes: a message holds two ends of outputs of 4 KB each, escaped. */
const longestLine = 64 * 1024;

/** Lines that a run may have failed to write before it stopped; each such attempt also leaves an empty line. */
const mostTorn = 8;

/** Thrown for a journal that no run of ours can have written: nothing more is read from its host. */
export class BrokenJournal extends Error {}

/** Takes a journal as it arrives, in pieces of any size, and gives its events; `lines` counts the complete lines so far. */
export class JournalReader {
  readonly #onEvent: (event: JournalEvent) => void;
  #rest: Buffer = Buffer.alloc(0);
  #torn = 0;
  #ended = false;
  lines = 0;

  constructor(onEvent: (event: JournalEvent) => void) {
    this.#onEvent = onEvent;
  }

  /**
   * Throws `BrokenJournal` for lines that are no events. A few may be torn, by a crash or a full disk, before the run stops for it.
   * What follows the end is left unread.
   */
  push(bytes: Uint8Array): void {
    if (this.#ended) return;
    let data = this.#rest.length > 0 ? Buffer.concat([this.#rest, bytes]) : Buffer.from(bytes);
    for (let end = data.indexOf(10); end !== -1 && !this.#ended; end = data.indexOf(10)) {
      const line = data.toString("utf8", 0, end);
      data = data.subarray(end + 1);
      this.lines += 1;
      this.#take(line);
    }
    if (data.length > longestLine && !this.#ended) {
      this.#ended = true;
      throw new BrokenJournal("a line of it has no end");
    }
    this.#rest = this.#ended ? Buffer.alloc(0) : data;
  }

  #take(line: string): void {
    const event = line.length > longestLine ? undefined : parseJournalLine(line);
    if (!event) {
      this.#torn += 1;
      if (this.#torn <= mostTorn && line.length <= longestLine) return;
      this.#ended = true;
      throw new BrokenJournal("a line of it is no event");
    }
    this.#ended = event.type === "end";
    this.#onEvent(event);
  }

  /** Forgets half a line: the next bytes begin with the line after the last complete one. */
  restart(): void {
    this.#rest = Buffer.alloc(0);
  }
}

const results = ["changed", "failed", "ok", "skipped"] as const;
const endings = ["finished", "lost", "stopped", "unwritten"] as const;

/** Numbers that a journal of ours holds have at most twelve digits. */
const grammar: readonly RegExp[] = [
  /^(?<at>\d{1,12}) (?<type>begin) (?<number>\d{1,12}) \.$/,
  /^(?<at>\d{1,12}) (?<type>refused) (?<run>\S{1,64}) (?<number>\d{1,12}) (?<since>\S{1,64}) (?<who>.{1,256}) \.$/,
  /^(?<at>\d{1,12}) (?<type>restored|retry|start) (?<number>\d{1,12}) \.$/,
  /^(?<at>\d{1,12}) (?<type>react) (?<number>\d{1,12}) (?<event>[a-z_]{1,64}) \.$/,
  /^(?<at>\d{1,12}) (?<type>transaction) (?<number>\d{1,12}) (?:begin|end (?<status>\d{1,3})) \.$/,
  /^(?<at>\d{1,12}) (?<type>done) (?<number>\d{1,12}) (?<result>[a-z]+) (?<milliseconds>\d{1,12})(?: (?<message>.*))? \.$/s,
  /^(?<at>\d{1,12}) (?<type>end) (?<how>[a-z]+) \.$/,
];

/** Understands one line; undefined for one that is no event. */
export function parseJournalLine(line: string): JournalEvent | undefined {
  for (const pattern of grammar) {
    const fields = pattern.exec(line)?.groups;
    if (fields) return eventOf(fields);
  }
  return undefined;
}

function eventOf(fields: Readonly<Record<string, string | undefined>>): JournalEvent | undefined {
  const at = Number(fields["at"]);
  const number = Number(fields["number"]);
  switch (fields["type"]) {
    case "begin":
      return { type: "begin", at, pid: number };
    case "refused": {
      const shown = (name: string) => printable(fields[name] ?? "");
      return { type: "refused", run: shown("run"), pid: number, since: shown("since"), who: shown("who") };
    }
    case "restored":
    case "start":
    case "retry":
      return { type: fields["type"], at, step: number };
    case "react":
      return { type: "react", at, step: number, event: fields["event"] ?? "" };
    case "transaction": {
      const { status } = fields;
      return {
        type: "transaction",
        at,
        transaction: number,
        ...(status === undefined ? {} : { status: Number(status) }),
      };
    }
    case "done": {
      const result = results.find((each) => each === fields["result"]);
      if (!result) return undefined;
      const message = printable(unescape(fields["message"] ?? "")).trim();
      const milliseconds = Number(fields["milliseconds"]);
      return { type: "done", at, step: number, result, milliseconds, ...(message === "" ? {} : { message }) };
    }
    default: {
      const how = endings.find((each) => each === fields["how"]);
      return how ? { type: "end", at, how } : undefined;
    }
  }
}

function unescape(text: string): string {
  return text.replace(/\\(\\|n)/g, (_all, letter) => (letter === "n" ? "\n" : "\\"));
}
