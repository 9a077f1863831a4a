import type { ReportedStep } from "../../runtime/run-report.ts";
import { printable, type Terminal } from "../terminal.ts";
import { progressLine, type ShownStep } from "./pretty-report.ts";
import { groupLabel } from "./step-label.ts";

/** Without a terminal, what has taken this many milliseconds is mentioned once, and then after each such while again. */
const firstMention = 3000;
const laterMentions = 60_000;

/** What one host is at. */
interface UnderWay {
  readonly host: string;
  readonly label: string;
  readonly counter: string;
  readonly since: number;
  mentionAt: number;
}

/** What one host reports while its plan is applied. */
export interface HostProgress {
  /** The steps that are being worked on: several when they share one run of the package manager. */
  readonly underWay: (steps: readonly ShownStep[]) => void;
  readonly ended: (step: ShownStep, result: ReportedStep) => void;
  /** Nothing more comes from this host, and its report can be printed. */
  readonly end: () => void;
}

/** Follows an apply on all hosts: a numbered line for each step that ends, and what is being waited for. */
export class ApplyProgress {
  readonly #terminal: Terminal;
  readonly #now: () => number;
  readonly #waiting = new Map<string, UnderWay>();
  #timer: NodeJS.Timeout | undefined;

  constructor(terminal: Terminal, now: () => number = () => performance.now()) {
    this.#terminal = terminal;
    this.#now = now;
  }

  /** Begins to follow a host whose plan has so many steps, of which some may have ended before. */
  follow(host: string, total: number, before = 0): HostProgress {
    let done = before;
    const counter = (number: number) => `[${String(number).padStart(String(total).length)}/${total}]`;
    return {
      underWay: (steps) => {
        const since = this.#now();
        const label = groupLabel(steps);
        this.#waiting.set(host, { host, label, counter: counter(done + 1), since, mentionAt: since + firstMention });
        this.#timer ??= setInterval(() => this.tick(), 1000).unref();
      },
      ended: (step, result) => {
        done += 1;
        this.#waiting.delete(host);
        this.#write(progressLine(host, step, result, this.#terminal, counter(done)));
      },
      end: () => {
        this.#waiting.delete(host);
        if (this.#waiting.size === 0) {
          clearInterval(this.#timer);
          this.#timer = undefined;
        }
        this.#write("");
      },
    };
  }

  /** Says what is being waited for: on a terminal in a line that is replaced, elsewhere in a line of its own. */
  tick(): void {
    if (this.#terminal.isTerminal) return this.#write("");
    const now = this.#now();
    for (const one of this.#waiting.values()) {
      if (now < one.mentionAt) continue;
      one.mentionAt = now + laterMentions;
      this.#terminal.write(`${this.#words(one, now)}\n`);
    }
  }

  #write(line: string): void {
    if (!this.#terminal.isTerminal) return this.#terminal.write(line);
    const now = this.#now();
    const live = [...this.#waiting.values()]
      .filter(({ since }) => now - since >= 500)
      .map((one) => this.#words(one, now))
      .join("   ");
    this.#terminal.write(`\r\u001b[K${line}${live.slice(0, this.#terminal.columns - 1)}`);
  }

  #words({ host, label, counter, since }: UnderWay, now: number): string {
    const sign = this.#terminal.unicode ? "…" : "...";
    return `${printable(host)}  ${counter} ${sign} ${label}  under way for ${Math.floor((now - since) / 1000)} s`;
  }
}
