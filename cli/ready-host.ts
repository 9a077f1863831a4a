import { resumeOrRecover } from "../runtime/apply.ts";
import type { Frame0, LockOwner } from "../runtime/facts.ts";
import type { Reconnect } from "../runtime/line.ts";
import { readFacts } from "../runtime/read.ts";
import type { ConnectFailure, Session } from "../runtime/session.ts";
import type { CommandContext } from "./command.ts";
import { type FollowedRun, followHost } from "./follow-host.ts";
import type { ApplyProgress } from "./reporters/apply-progress.ts";
import { printFollowed } from "./reporters/pretty-report.ts";

/** What is done about a run that is at work on a host which another run is to change. */
export interface ReadyOptions {
  /** Follow it to its end; otherwise the host is refused. */
  readonly wait: boolean;
  readonly showPrivate: boolean;
  readonly progress: ApplyProgress;
  readonly reconnect: Reconnect;
  readonly context: CommandContext;
}

/** A host on which no run is at work. */
export interface ReadyHost {
  /** Another one than at the start when the connection was cut meanwhile. */
  readonly session: Session;
  readonly frame0: Frame0;
  /** The runs that were waited for. */
  readonly followed: readonly FollowedRun[];
  /** Frames that were exchanged. */
  readonly frames: number;
}

/** Cleans up behind a run that was killed on the host, and waits for one that is at work. */
export async function readyHost(
  name: string,
  session: Session,
  options: ReadyOptions,
): Promise<ConnectFailure | ReadyHost> {
  const followed: FollowedRun[] = [];
  let open = session;
  let recovered = false;
  for (let frames = 1; ; frames += 1) {
    const frame0 = await readFacts(open);
    const { lock } = frame0;
    if (!lock || (!lock.alive && recovered)) return { session: open, frame0, followed, frames };
    if (!lock.alive) {
      recovered = true;
      frames += 1;
      await resumeOrRecover(open);
      continue;
    }
    if (!options.wait) return isAtWork(lock);
    const { context, progress, reconnect, showPrivate } = options;
    const ended = await followHost(lock, { name, session: open, reconnect, progress, showPrivate }, context);
    followed.push(ended.followed);
    const { status, message = "", hints = [] } = ended.followed;
    if (!ended.report || ended.report.broken !== undefined) {
      return { failure: status === "unreachable" ? status : "refused", message, hints };
    }
    printFollowed(ended.followed, context.progress);
    recovered = false;
    open = ended.session;
    if (ended.report.lost !== undefined) {
      const again = await reconnect();
      if ("failure" in again) return again;
      open = again;
    }
  }
}

function isAtWork({ run, since, who, pid }: LockOwner): ConnectFailure {
  return {
    failure: "refused",
    message: `another run is at work there: run ${run} of ${who}, process ${pid}, since ${since}`,
    hints: ["leave out --no-wait to follow it to its end first, or follow it alone: galley attach"],
  };
}
