import { homedir } from "node:os";
import { startupSnapshot } from "node:v8";
import { commonOptions, colorChoice, flag, readArguments } from "./arguments.ts";
import { type Command, UsageProblem } from "./command.ts";
import { apply } from "./commands/apply.ts";
import { attach } from "./commands/attach.ts";
import { check } from "./commands/check.ts";
import { explain } from "./commands/explain.ts";
import { fmt } from "./commands/fmt.ts";
import { plan } from "./commands/plan.ts";
import { deploy, run, shutdown, undeploy } from "./commands/run.ts";
import { stack } from "./commands/stack.ts";
import { test } from "./commands/test.ts";
import { exitStatus, type ExitStatus } from "./exit-status.ts";
import { galleyFolder } from "./galley-folder.ts";
import { helpOf, overview } from "./help.ts";
import { describeTerminal } from "./terminal.ts";
import { version } from "./version.ts";
import { warmUp } from "./warm-up.ts";

const commands: readonly Command[] = [
  apply,
  attach,
  check,
  deploy,
  explain,
  fmt,
  plan,
  run,
  shutdown,
  stack,
  test,
  undeploy,
];

/** Runs the command line and gives its exit status. */
async function main(words: readonly string[]): Promise<ExitStatus> {
  const [name, ...rest] = words;
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    const asked = commands.find((command) => command.name === rest[0]);
    process.stdout.write(asked ? helpOf(asked) : overview(commands, version));
    return exitStatus.ok;
  }
  if (name === "--version") {
    process.stdout.write(`galley ${version}\n`);
    return exitStatus.ok;
  }
  const command = commands.find((candidate) => candidate.name === name);
  if (!command) return usage(`there is no command ${name}`, "galley help lists the commands");
  const invocation = readArguments(rest, [...command.options, ...commonOptions]);
  const hint = `galley ${command.name} --help tells how it is used`;
  if ("problem" in invocation) return usage(invocation.problem, hint);
  const extra = invocation.positionals[command.positionals ?? 1];
  if (extra !== undefined) {
    const takes = command.positionals === undefined ? "one path" : command.takes;
    return usage(`${command.name} takes ${takes}, not also ${extra}`, hint);
  }
  if (flag(invocation, "help")) {
    process.stdout.write(helpOf(command));
    return exitStatus.ok;
  }
  const color = colorChoice(invocation);
  if (typeof color === "object") return usage(color.problem, hint);
  try {
    return await command.run(invocation, {
      output: describeTerminal(process.stdout, color, process.env),
      progress: describeTerminal(process.stderr, color, process.env),
      workingDirectory: process.cwd(),
      environment: { HOME: homedir(), ...process.env },
      galleyFolder: galleyFolder(),
    });
  } catch (error) {
    if (error instanceof UsageProblem) return usage(error.message, hint);
    throw error;
  }
}

function usage(problem: string, hint: string): ExitStatus {
  process.stderr.write(`galley: ${problem}\n  = ${hint}\n`);
  return exitStatus.error;
}

function start(): void {
  // A reader that has gone away (`galley plan | head`) ends the command quietly, as it does every other program.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    process.stderr.write(`galley: the answer could not be written: ${error.message}\n`);
    process.exit(exitStatus.error);
  });
  main(process.argv.slice(2)).then(leave, (error: unknown) => {
    process.stderr.write(
      `galley: this is a bug in Galley, not in your recipe; please report it with what stands below\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
    leave(exitStatus.error);
  });
}

/** Ends where all is said, instead of taking down in order what ends with the process anyway. */
function leave(status: ExitStatus): void {
  process.exitCode = status;
  // First an answer that could not be written has its say.
  setImmediate(() => {
    if (process.stdout.writableLength + process.stderr.writableLength === 0) process.exit();
  });
}

if (startupSnapshot.isBuildingSnapshot()) {
  startupSnapshot.setDeserializeMainFunction(start);
  void warmUp(galleyFolder());
} else {
  start();
}
