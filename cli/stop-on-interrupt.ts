import type { CommandContext } from "./command.ts";
import { exitStatus } from "./exit-status.ts";
import { printable } from "./terminal.ts";

/** What is known of the run on one host while it is asked to stop. */
export interface HostStop {
  /** Aborted when the run is to end after the step it is at. */
  readonly signal: AbortSignal;
  /** A run begins on the host. */
  readonly begun: () => void;
  /** The host has confirmed that the run begins no further step. */
  readonly taken: () => void;
  /** The run is over. */
  readonly ended: () => void;
}

/** Ctrl-C while plans are applied. */
export interface Stop {
  /** Counts a host among those whose runs are asked to stop. */
  readonly host: (name: string) => HostStop;
  /** Gives Ctrl-C back to the process. */
  readonly end: () => void;
}

type State = "ended" | "running" | "taken" | "waiting";

/** The first Ctrl-C asks every run to end after the step under way; the second leaves at once and says what is known of each. */
export function stopOnInterrupt(context: CommandContext): Stop {
  const controller = new AbortController();
  const states = new Map<string, State>();
  const interrupt = () => {
    if (controller.signal.aborted) {
      context.progress.write(`\nLeft. ${partingWords(states)}\n`);
      process.exit(exitStatus.interrupted);
    }
    context.progress.write("\nStopping after the step under way; Ctrl-C again leaves at once.\n");
    controller.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return {
    host: (name) => {
      states.set(name, "waiting");
      return {
        signal: controller.signal,
        begun: () => states.set(name, "running"),
        taken: () => states.set(name, "taken"),
        ended: () => states.set(name, "ended"),
      };
    },
    end: () => {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
    },
  };
}

/** What goes on without us, said of no host that has not confirmed it. */
export function partingWords(states: ReadonlyMap<string, State>): string {
  const named = (state: State) => [...states].filter(([, is]) => is === state).map(([name]) => printable(name));
  const taken = named("taken");
  const running = named("running");
  const sentences = [
    ...(taken.length > 0
      ? [`${taken.join(", ")}: the step under way ends there by itself, and nothing is begun after it.`]
      : []),
    ...(running.length > 0
      ? [
          `${running.join(", ")}: not confirmed that the run stops; it may go on to its end. \`galley attach\` follows it.`,
        ]
      : []),
  ];
  if (sentences.length > 0) return sentences.join("\n");
  return "Every run has ended; what the hosts are now was not read to the end: `galley plan` shows it.";
}
