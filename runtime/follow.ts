import type { Plan } from "../compiler/plan.ts";
import { JournalGuard } from "./journal-guard.ts";
import { BrokenJournal, type JournalEvent, JournalReader } from "./journal.ts";
import { encodeCall } from "./line-counted.ts";
import type { ReportedStep, RunReport } from "./run-report.ts";
import { type ConnectFailure, ConnectionLost, type Session } from "./session.ts";

/** How a run is followed. */
export interface FollowOptions {
  /** Hears each event of the journal once, in order. */
  readonly onEvent?: (event: JournalEvent) => void;
  /** Opens another session to the same host when the connection was cut. */
  readonly reconnect?: () => Promise<Session | ConnectFailure>;
  /** Aborted when the run shall end after the step it is at. */
  readonly stop?: AbortSignal;
}

const reconnectDelays = [300, 1500, 4000];
/** How long nothing may be heard before we ask whether the run lives, in milliseconds; doubled each time. */
const firstPatience = 2000;
const longestPatience = 10_000;

/** A session that is replaced by a new one when its carrier breaks. */
export class Line {
  session: Session;
  readonly #reconnect: FollowOptions["reconnect"];

  constructor(session: Session, reconnect: FollowOptions["reconnect"]) {
    this.session = session;
    this.#reconnect = reconnect;
  }

  /** Does the work, again from its start on a new session after each cut; rejects with `ConnectionLost` when there is none. */
  async try<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
    for (;;) {
      try {
        return await work(this.session);
      } catch (error) {
        if (!(error instanceof ConnectionLost) || !this.#reconnect) throw error;
        this.session = await this.#open(error, this.#reconnect);
      }
    }
  }

  async #open(lost: ConnectionLost, reconnect: NonNullable<FollowOptions["reconnect"]>): Promise<Session> {
    let why = lost.message;
    for (const delay of reconnectDelays) {
      await new Promise((resolve) => setTimeout(resolve, delay));
      const opened = await reconnect();
      if ("run" in opened) return opened;
      why = opened.message;
    }
    throw new ConnectionLost(why);
  }
}

/** Follows a run that was started, from its first line, until it ends or is lost. */
export async function followRun(
  plan: Plan,
  runId: string,
  line: Line,
  options: FollowOptions = {},
): Promise<RunReport> {
  const resources = new Map(plan.steps.map((step) => [step.id, step.resource]));
  const steps: ReportedStep[] = [];
  const outcome: {
    ending?: Partial<Pick<RunReport, "broken" | "interrupted" | "lost" | "owner" | "refused" | "unwritten">>;
  } = {};
  const guard = new JournalGuard(plan.steps);
  let wake = () => {};
  const reader = new JournalReader((entry) => {
    const wrong = guard.refuse(entry);
    if (wrong !== undefined) throw new BrokenJournal(wrong);
    const event = named(entry, resources);
    if (event.type === "done") {
      const { step: id, result, milliseconds, message } = event;
      const resource = resources.get(id);
      if (resource !== undefined) {
        steps.push({ id, resource, result, milliseconds, ...(message === undefined ? {} : { message }) });
      }
    } else if (event.type === "restored") {
      const place = steps.findIndex(({ id }) => id === event.step);
      const changed = steps[place];
      if (changed) steps[place] = { ...changed, putBack: true };
    } else if (event.type === "refused") {
      const { run, pid, since, who } = event;
      outcome.ending = {
        refused: `run ${run} of ${who} holds the host since ${since}`,
        owner: { run, pid, since, who, alive: true },
      };
    } else if (event.type === "end") {
      outcome.ending = {
        interrupted: event.how === "stopped",
        ...(event.how === "unwritten" ? { unwritten: true } : {}),
        ...(event.how === "lost" ? { lost: `the run was killed on ${line.session.name}` } : {}),
      };
    }
    options.onEvent?.(event);
    wake();
  });

  let patience = firstPatience;
  let suspicions = 0;
  let stopSent = false;
  const onStop = () => wake();
  options.stop?.addEventListener("abort", onStop);
  try {
    while (!outcome.ending) {
      await line.try(async (session) => {
        if (options.stop?.aborted && !stopSent) {
          await session.run(callFrame("galley_stop", runId));
          stopSent = true;
        }
        reader.restart();
        const before = reader.lines;
        const why = await listen(session, runId, reader, patience, {
          over: () => outcome.ending !== undefined || (options.stop?.aborted === true && !stopSent),
          onWake: (callback) => {
            wake = callback;
          },
        });
        patience = reader.lines > before ? firstPatience : Math.min(patience * 2, longestPatience);
        if (why !== "silence") return;
        reader.restart();
        const { output } = await session.run(callFrame("galley_check", runId, String(reader.lines + 1)));
        const bytes = Buffer.from(output);
        const lineEnd = bytes.indexOf(10);
        const state = bytes.toString("latin1", 0, lineEnd);
        reader.push(bytes.subarray(lineEnd + 1));
        // A run that has just ended frees its lock before it says so: dead is who is dead twice.
        suspicions =
          state === "dead" || state === "absent" ? suspicions + 1 : state === "waiting" ? suspicions + 0.25 : 0;
        if (state === "unwritten" && !outcome.ending) outcome.ending = { unwritten: true };
        if (suspicions >= 2 && !outcome.ending) outcome.ending = { lost: `the run was killed on ${session.name}` };
        else if (suspicions > 0) patience = 1000;
      });
    }
  } catch (error) {
    if (error instanceof BrokenJournal) {
      // Whoever talks like that is not listened to any longer.
      await line.session.close();
      outcome.ending = { broken: error.message };
    } else if (!(error instanceof ConnectionLost)) throw error;
    outcome.ending ??= {
      lost: `the connection to ${line.session.name} is gone (${error.message}); the run goes on there`,
    };
  } finally {
    options.stop?.removeEventListener("abort", onStop);
  }
  const { unended } = guard;
  return {
    runId,
    steps,
    interrupted: false,
    session: line.session,
    ...(unended.length > 0 ? { unended } : {}),
    ...outcome.ending,
  };
}

/** Streams the journal until the run is over, somebody wants something else, or nothing was heard for a while. */
async function listen(
  session: Session,
  runId: string,
  reader: JournalReader,
  patience: number,
  control: { readonly over: () => boolean; readonly onWake: (wake: () => void) => void },
): Promise<"over" | "silence"> {
  if (control.over()) return "over";
  let why: "over" | "silence" = "over";
  let timer: NodeJS.Timeout | undefined;
  const refused = Promise.withResolvers<never>();
  refused.promise.catch(() => undefined);
  const watching = session.watch({
    script: "galley_follow",
    words: `${runId} ${reader.lines + 1}`,
    onOutput: (bytes) => {
      try {
        reader.push(bytes);
        rest();
      } catch (error) {
        refused.reject(error);
      }
    },
  });
  const rest = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      why = "silence";
      watching.end();
    }, patience);
  };
  control.onWake(() => {
    if (control.over()) watching.end();
  });
  rest();
  try {
    await Promise.race([watching.done, refused.promise]);
  } finally {
    clearTimeout(timer);
    control.onWake(() => {});
  }
  return why;
}

function callFrame(verb: string, ...args: readonly string[]) {
  return { script: "galley_call_with_input", input: encodeCall(verb, args) };
}

/** The event with the name of the resource for the number of a step: `requires 4` in words. */
function named(event: JournalEvent, resources: ReadonlyMap<number, string>): JournalEvent {
  if (event.type !== "done" || event.result !== "skipped") return event;
  const number = /^requires (\d+)$/.exec(event.message ?? "")?.[1];
  const resource = number === undefined ? undefined : resources.get(Number(number));
  return resource === undefined ? event : { ...event, message: `needs ${resource}, which did not succeed` };
}
