import type { CommandContext } from "./command.ts";
import { exitStatus } from "./exit-status.ts";

/**
 * The first Ctrl-C asks the run to end after the step under way; the second leaves at once, and the host finishes its step
 * and stops on its own.
 */
export function stopOnInterrupt(context: CommandContext): { readonly signal: AbortSignal; readonly end: () => void } {
  const controller = new AbortController();
  const interrupt = () => {
    if (controller.signal.aborted) {
      context.progress.write("\nLeft. The step under way ends on the host by itself, and nothing is begun after it.\n");
      process.exit(exitStatus.interrupted);
    }
    context.progress.write("\nStopping after the step under way; Ctrl-C again leaves at once.\n");
    controller.abort();
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  return {
    signal: controller.signal,
    end: () => {
      process.off("SIGINT", interrupt);
      process.off("SIGTERM", interrupt);
    },
  };
}
