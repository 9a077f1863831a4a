import type { LockOwner } from "./facts.ts";
import { callFrame, followRun, type FollowOptions } from "./follow.ts";
import type { JournalEvent } from "./journal.ts";
import { Line } from "./line.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import type { RunReport } from "./run-report.ts";
import { type ConnectFailure, ConnectionLost, type Session } from "./session.ts";

/** How a run that somebody else started is followed. */
export interface AttachOptions extends Pick<FollowOptions, "reconnect"> {
  /** Told first what the run is about and what has happened so far; gives what hears the rest. */
  readonly onFound: (manifest: Manifest, soFar: Pick<RunReport, "steps" | "unended">) => (event: JournalEvent) => void;
}

/** A run that was followed to its end, or why it cannot be followed. */
export type Attached =
  | { readonly manifest: Manifest; readonly report: RunReport }
  | { readonly failure: ConnectFailure["failure"]; readonly message: string; readonly session: Session };

/** Follows a run that is at work on a host, from where it is to its end. Changes nothing there and never stops it. */
export async function attachRun(owner: LockOwner, session: Session, options: AttachOptions): Promise<Attached> {
  const { run } = owner;
  const line = new Line(session, options.reconnect);
  if (!/^[A-Za-z0-9-]{1,64}$/.test(run)) return { failure: "refused", message: "its lock names no run", session };
  let sent: Uint8Array;
  try {
    sent = (await line.try((open) => open.run(callFrame("galley_manifest", run)))).output;
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    return { failure: "unreachable", message: `the connection is gone (${error.message})`, session: line.session };
  }
  const manifest = readManifest(new TextDecoder().decode(sent));
  if (!manifest) {
    const message = "what its steps are cannot be read: another version of Galley started it";
    return { failure: "refused", message, session: line.session };
  }
  let hear: ((event: JournalEvent) => void) | undefined;
  const report = await followRun(manifest.steps, run, line, {
    ...(options.reconnect ? { reconnect: options.reconnect } : {}),
    onCaughtUp: (soFar) => {
      hear = options.onFound(manifest, soFar);
    },
    onEvent: (event) => hear?.(event),
  });
  return { manifest, report };
}
