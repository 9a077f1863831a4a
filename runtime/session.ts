/** Where work is done. */
export type Target =
  | { readonly type: "local" }
  | { readonly type: "root"; readonly path: string }
  | {
      readonly type: "ssh";
      readonly host: string;
      readonly user?: string;
      readonly port?: number;
      /** How the recipe calls it; the host unless given. */
      readonly name?: string;
    };

/** Why a target cannot be worked on; `unreachable` ends with exit 4, `refused` (host key, login, sudo, no root) with exit 6. */
export interface ConnectFailure {
  readonly failure: "refused" | "unreachable";
  readonly message: string;
  readonly hints: readonly string[];
}

/** One piece of work for the resident shell: functions of the shell library called by a script that holds no values. */
export interface Frame {
  /** One line of ASCII. Runs with standard input from /dev/null; descriptor 3 carries `input`. */
  readonly script: string;
  /** Bytes that the script itself reads from descriptor 3, exactly this many; large ones in pieces, which need no copy. */
  readonly input?: Uint8Array | readonly Uint8Array[];
  /** Called with output as it arrives, for work that is followed; the result then still holds all of it. */
  readonly onOutput?: (bytes: Uint8Array) => void;
}

export interface FrameResult {
  /** Exit status of the script. */
  readonly status: number;
  readonly output: Uint8Array;
  /** The end of what was written to standard error meanwhile, as far as it had arrived; for messages only. */
  readonly errors?: string;
}

/** Something on the target that goes on until it is told to end, such as the journal of a run. */
export interface Watch {
  /** One line of ASCII, run in the background; `$galley_rest` holds `words`. */
  readonly script: string;
  /** Letters, digits and dashes, separated by spaces. */
  readonly words: string;
  readonly onOutput: (bytes: Uint8Array) => void;
}

/** A watch that has begun. */
export interface Watching {
  /** Tells the target to stop; frames given later run after it. Safe to call twice. */
  readonly end: () => void;
  /** Settles when it has stopped; rejects with `ConnectionLost` when the carrier breaks. */
  readonly done: Promise<void>;
}

/** An open shell on a target: the only door to a machine. */
export interface Session {
  readonly target: Target;
  /** How the target is shown: `web1`, `local`. */
  readonly name: string;
  /** The shell library that the target's shell has loaded. */
  readonly library: string;
  /** The answer to the facts frame, which was sent together with the library; gone as soon as anything else is run. */
  readonly firstAnswer?: Promise<FrameResult> | undefined;
  /** Runs one frame; frames run one after another. Throws `ConnectionLost` when the carrier breaks. */
  readonly run: (frame: Frame) => Promise<FrameResult>;
  readonly watch: (watch: Watch) => Watching;
  readonly close: () => Promise<void>;
}

/** The carrier broke while work was under way; whether the target finished it is not known here. */
export class ConnectionLost extends Error {}
