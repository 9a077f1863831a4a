import type { Invocation, Option } from "./arguments.ts";
import type { ExitStatus } from "./exit-status.ts";
import type { Terminal } from "./terminal.ts";

/** What every command is given of the process it runs in. */
export interface CommandContext {
  /** Answers go here. */
  readonly output: Terminal;
  /** Progress and errors go here. */
  readonly progress: Terminal;
  readonly workingDirectory: string;
  readonly environment: NodeJS.ProcessEnv;
  /** The folder of Galley itself, with its cookbooks. */
  readonly galleyFolder: string;
}

/** One command of the command line: a row of the table that is also its help. */
export interface Command {
  readonly name: string;
  /** What stands after the name in the usage line: `[PATH]`. */
  readonly takes: string;
  /** How many words it takes at most besides its options; one unless given. */
  readonly positionals?: number;
  /** One line of the overview. */
  readonly summary: string;
  /** Further paragraphs of its own help. */
  readonly details: readonly string[];
  readonly options: readonly Option[];
  readonly run: (invocation: Invocation, context: CommandContext) => Promise<ExitStatus>;
}

/** A mistake in how a command was called: printed with a pointer to its help, exit 1. */
export class UsageProblem extends Error {}
