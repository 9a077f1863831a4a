import { readFacts } from "../../runtime/read.ts";
import { ConnectionLost, type Target } from "../../runtime/session.ts";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { readSite } from "../../compiler/evaluate/site/read-site.ts";
import { prepare } from "../../compiler/evaluate/state/prepare.ts";
import { flag, type Invocation, listOption } from "../arguments.ts";
import { type Command, type CommandContext, UsageProblem } from "../command.ts";
import { hasErrors, loaded } from "../compile.ts";
import {
  type Connecting,
  type Connection,
  describeFailure,
  lostWhileReading,
  startConnecting,
} from "../connections.ts";
import { declaredTargets } from "../declared-targets.ts";
import { exitStatus, gravest, type ExitStatus } from "../exit-status.ts";
import { followHost } from "../follow-host.ts";
import { findRecipe } from "../recipe-path.ts";
import { parseTarget } from "../target.ts";
import { planOptions } from "../plan-options.ts";
import { targetsOf } from "../plan-site.ts";
import { ApplyProgress } from "../reporters/apply-progress.ts";
import { type AttachedHost, attachDocument } from "../reporters/json.ts";
import { printFollowed } from "../reporters/pretty-report.ts";
import { printable } from "../terminal.ts";

/** `galley attach`: follow the run that is at work on a host. */
export const attach: Command = {
  name: "attach",
  takes: "[PATH]",
  summary: "Follow the run that is at work on a host to its end; changes nothing",
  details: [
    "A run goes on when the galley that started it was killed or has lost its connection. This shows the rest of its steps and how it ended.",
    "PATH is the recipe that declares the hosts, where --on names some of them; without --on all of them are asked.",
    "Ctrl-C leaves; it does not stop the run.",
    "Exit status: 0 no run is at work or every step of it has succeeded, 1 the call is wrong, 3 a step failed or was not reached, 4 a host cannot be reached or the run was killed, 6 refused, 130 left.",
  ],
  options: planOptions.filter(({ name }) => name !== "set"),
  async run(invocation, context) {
    const options = { full: flag(invocation, "full"), showPrivate: flag(invocation, "show-private") };
    const connecting = startConnecting(targetsFor(invocation, context), context);
    connecting.allowQuestions();
    const progress = new ApplyProgress(context.progress);
    try {
      const hosts = await Promise.all(
        (await connecting.connections).map(async (connection) => {
          const host = await attachTo(connection, { ...options, connecting, progress, context });
          if (!flag(invocation, "json")) print(host, connection, options.full, context);
          return host;
        }),
      );
      if (flag(invocation, "json")) context.output.write(attachDocument(hosts));
      return gravest(hosts.map(statusOf));
    } finally {
      await connecting.close();
    }
  },
};

/** The targets of the command line, or hosts of a recipe when one is given or a name is no target. */
function targetsFor(invocation: Invocation, context: CommandContext): readonly Target[] {
  const [path] = invocation.positionals;
  const on = listOption(invocation, "on");
  const isTarget = (text: string): boolean => !("problem" in parseTarget(text));
  if (path === undefined && on.every(isTarget)) return targetsOf(on);
  if (path === undefined && !existsSync(resolve(context.workingDirectory, "site.recipe"))) return targetsOf(on);
  const site = readSite(prepare(loaded(findRecipe(path, context.workingDirectory), context)));
  if (hasErrors(site.diagnostics)) throw new UsageProblem("the recipe has mistakes: galley check shows them");
  if (site.hosts.size === 0) return targetsOf(on);
  return declaredTargets(site, on);
}

interface AttachWork {
  readonly showPrivate: boolean;
  readonly connecting: Connecting;
  readonly progress: ApplyProgress;
  readonly context: CommandContext;
}

async function attachTo(connection: Connection, work: AttachWork): Promise<AttachedHost> {
  const { name, target } = connection;
  const none = { name, steps: [], unchanged: 0 };
  const failed = ({ failure, message, hints }: Extract<Connection, { readonly failure: unknown }>["failure"]) => ({
    ...none,
    status: failure,
    message,
    hints,
  });
  if ("failure" in connection) return failed(connection.failure);
  try {
    const { lock } = await readFacts(connection.session);
    if (!lock) return { ...none, status: "idle", message: "no run is at work" };
    if (!lock.alive) {
      const message = `no run is at work; run ${lock.run} of ${lock.who} was killed there, and the next apply cleans up behind it`;
      return { ...none, status: "idle", message };
    }
    const reconnect = () => work.connecting.reconnect(target);
    const following = {
      name,
      session: connection.session,
      reconnect,
      progress: work.progress,
      showPrivate: work.showPrivate,
    };
    return (await followHost(lock, following, work.context)).followed;
  } catch (error) {
    if (!(error instanceof ConnectionLost)) throw error;
    return failed(lostWhileReading(error));
  }
}

function print(host: AttachedHost, { target }: Connection, full: boolean, { output, progress }: CommandContext): void {
  if (host.run !== undefined) return printFollowed(host, output, full);
  const { message = "", hints = [], status } = host;
  if (status === "refused" || status === "unreachable") {
    progress.write(describeFailure(target, { failure: status, message, hints }));
  } else output.write(`${printable(`${host.name}  ${message}`)}\n`);
}

function statusOf({ status }: AttachedHost): ExitStatus {
  return status === "idle" || status === "succeeded" ? exitStatus.ok : exitStatus[status];
}
