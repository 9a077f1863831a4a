import { type GuardedStep, JournalGuard } from "./journal-guard.ts";
import { BrokenJournal, type JournalEvent, JournalReader } from "./journal.ts";
import { encodeCall } from "./line-counted.ts";
import type { Line, Reconnect } from "./line.ts";
import type { ReportedStep, RunReport } from "./run-report.ts";
import { ConnectionLost, type Frame, type Session } from "./session.ts";
import { deadRun } from "./transports/root.ts";

/** How a run is followed. */
export interface FollowOptions {
  /** Hears each event of the journal once, in order. */
  readonly onEvent?: (event: JournalEvent) => void;
  /** Hears once what had happened when the run was found, and `onEvent` only what comes after that. */
  readonly onCaughtUp?: (soFar: Pick<RunReport, "steps" | "unended">) => void;
  /** Opens another session to the same host when the connection was cut. */
  readonly reconnect?: Reconnect;
  /** Aborted when the run is to end after the step it is at. */
  readonly stop?: AbortSignal;
  /** The host has taken the wish to stop: the run begins no further step. */
  readonly onStopTaken?: () => void;
}

/** How long nothing may be heard before we ask whether the run lives, in milliseconds; doubled each time. */
const firstPatience = 2000;
const longestPatience = 10_000;

/** Follows a run that was started, from its first line, until it ends or is lost. `planned` are the steps of its plan. */
export async function followRun(
  planned: readonly GuardedStep[],
  runId: string,
  line: Line,
  options: FollowOptions = {},
): Promise<RunReport> {
  const resources = new Map(planned.map((step) => [step.id, step.resource]));
  const steps: ReportedStep[] = [];
  const outcome: {
    ending?: Partial<Pick<RunReport, "broken" | "interrupted" | "killed" | "lost" | "owner" | "refused" | "unwritten">>;
  } = {};
  const guard = new JournalGuard(planned);
  let live = options.onCaughtUp === undefined;
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
        ...(event.how === "lost" ? killed(line.session.name) : {}),
      };
    }
    if (live) options.onEvent?.(event);
    wake();
  });

  let patience = firstPatience;
  let suspicions = 0;
  let stopSent = false;
  const onStop = () => wake();
  /** Asks the host whether the run lives, and for the lines of its journal that are not known yet. */
  const ask = async (session: Session): Promise<string> => {
    reader.restart();
    const { output } = await session.run(callFrame("galley_check", runId, String(reader.lines + 1)));
    const bytes = Buffer.from(output);
    const lineEnd = bytes.indexOf(10);
    reader.push(bytes.subarray(lineEnd + 1));
    const state = bytes.toString("latin1", 0, lineEnd);
    // Inside a tree the processes of other sessions cannot be seen.
    const { target } = session;
    return state === "alive" && target.type === "root" && (await deadRun(target.path)) === runId ? "dead" : state;
  };
  options.stop?.addEventListener("abort", onStop);
  try {
    if (!live) {
      await line.try(ask);
      live = true;
      options.onCaughtUp?.({ steps: [...steps], unended: guard.unended });
    }
    while (!outcome.ending) {
      await line.try(async (session) => {
        if (options.stop?.aborted && !stopSent) {
          const { status } = await session.run(callFrame("galley_stop", runId));
          stopSent = true;
          if (status === 0) options.onStopTaken?.();
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
        const state = await ask(session);
        // A run that has just ended frees its lock before it says so: dead is who is dead twice.
        suspicions =
          state === "dead" || state === "absent" ? suspicions + 1 : state === "waiting" ? suspicions + 0.25 : 0;
        if (state === "unwritten") outcome.ending ??= { unwritten: true };
        if (suspicions > 0) patience = 1000;
        if (suspicions < 2 || outcome.ending) return;
        if (state !== "waiting") outcome.ending = killed(session.name);
        else if (await withdrawRun(session, runId))
          outcome.ending = { refused: "it has stored the run and not begun it" };
        else suspicions = 0;
      });
    }
  } catch (error) {
    if (error instanceof BrokenJournal) {
      // Whoever talks like that is not listened to any longer.
      await line.session.close();
      outcome.ending = { broken: error.message };
    } else if (!(error instanceof ConnectionLost)) throw error;
    outcome.ending ??= {
      lost: `the connection to ${line.session.name} is gone (${error.message}); the run there does not need it, and its end is not known`,
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

/** Streams the journal until the run is over, a stop is asked for, or nothing was heard for a while. */
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

/** Takes a run back that has not begun; false when it has. */
export async function withdrawRun(session: Session, runId: string): Promise<boolean> {
  const { output } = await session.run(callFrame("galley_withdraw", runId));
  return Buffer.from(output).toString("latin1").trim() === "withdrawn";
}

function killed(host: string): Pick<RunReport, "killed" | "lost"> {
  return {
    killed: true,
    lost: `the run on ${host} stopped before its end: it was killed, or the machine was restarted`,
  };
}

/** The call of a function of the shell library as a frame. */
export function callFrame(verb: string, ...args: readonly string[]): Frame & { readonly input: Buffer } {
  return { script: "galley_call_with_input", input: encodeCall(verb, args) };
}

/** The event with the name of the resource for the number of a step: `requires 4` in words. */
function named(event: JournalEvent, resources: ReadonlyMap<number, string>): JournalEvent {
  if (event.type !== "done" || event.result !== "skipped") return event;
  const number = /^requires (\d+)$/.exec(event.message ?? "")?.[1];
  const resource = number === undefined ? undefined : resources.get(Number(number));
  return resource === undefined ? event : { ...event, message: `needs ${resource}, which did not succeed` };
}
