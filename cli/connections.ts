import { setTimeout } from "node:timers/promises";
import { connect } from "../runtime/connect.ts";
import type { ConnectFailure, ConnectionLost, Session, Target } from "../runtime/session.ts";
import type { CommandContext } from "./command.ts";
import { ask, confirm } from "./prompt.ts";
import { readShellLibrary } from "./shell-library.ts";
import { nameOfTarget, showTarget } from "./target.ts";

/** A target and its session, or why there is none. */
export type Connection =
  | { readonly target: Target; readonly name: string; readonly session: Session }
  | { readonly target: Target; readonly name: string; readonly failure: ConnectFailure };

/** Connections that are being made while the recipe compiles. */
export interface Connecting {
  /** Lets questions (host keys, passwords) be asked; before that a recipe with mistakes asks nothing. */
  readonly allowQuestions: () => void;
  /** One for each target, in their order. */
  readonly each: readonly Promise<Connection>[];
  readonly connections: Promise<readonly Connection[]>;
  /** Settles when all hosts have something to think about, so that compiling costs no time; at the latest after 150 ms. */
  readonly underWay: Promise<unknown>;
  /** Opens one more session to a target, to go on after a cut connection. */
  readonly reconnect: (target: Target) => Promise<Session | ConnectFailure>;
  /** Ends all sessions; safe at any time. */
  readonly close: () => Promise<void>;
}

/** Begins to connect to every target at once. */
export function startConnecting(targets: readonly Target[], context: CommandContext): Connecting {
  let allowQuestions = () => {};
  const questions = new Promise<void>((resolve) => {
    allowQuestions = resolve;
  });
  // One question at a time, also when several hosts have one.
  let turn: Promise<unknown> = questions;
  const inTurn = <Answer>(question: () => Promise<Answer>): Promise<Answer> => {
    const answer = turn.then(question);
    turn = answer.catch(() => undefined);
    return answer;
  };
  const library = readShellLibrary();
  const open = async (target: Target, onLoggedIn?: () => void) =>
    connect(target, {
      ...(onLoggedIn ? { onLoggedIn } : {}),
      library: await library,
      home: context.environment["HOME"] ?? "/",
      environment: context.environment,
      askPassword: (what) => inTurn(() => ask(`${what}: `, { hidden: true })),
      confirmHostKey: (host, keyType, fingerprint) =>
        inTurn(async () => {
          if (!process.stdin.isTTY || !process.stderr.isTTY) return false;
          context.progress.write(
            `The host ${host} is not known yet. Its ${keyType} key has the fingerprint\n  ${fingerprint}\n`,
          );
          return confirm("Is this the right key, and should it be remembered?");
        }),
    });
  const sent = targets.map(() => Promise.withResolvers<void>());
  const turns = new Turns(mostAtOnce);
  const each = targets.map(async (target, index): Promise<Connection> => {
    const onLoggedIn = () => sent[index]?.resolve();
    const opened = await turns.take(() => open(target, onLoggedIn)).finally(onLoggedIn);
    const name = nameOfTarget(target);
    return "session" in opened ? { target, name, session: opened.session } : { target, name, failure: opened };
  });
  const connections = Promise.all(each);
  const later: Session[] = [];
  // Whoever awaits `connections` sees a failure; until then it must not end the process.
  connections.catch(() => undefined);
  return {
    allowQuestions,
    each,
    connections,
    underWay: Promise.race([
      Promise.all(sent.map(({ promise }) => promise)),
      setTimeout(150, undefined, { ref: false }),
    ]),
    reconnect: async (target) => {
      const opened = await open(target);
      if (!("session" in opened)) return opened;
      later.push(opened.session);
      return opened.session;
    },
    close: async () => {
      allowQuestions();
      const made = await connections.catch(() => []);
      const first = made.flatMap((connection) => ("session" in connection ? [connection.session] : []));
      await Promise.all([...first, ...later].map((session) => session.close()));
    },
  };
}

/** Logins under way at a time: more would only wait for this machine's processors. */
const mostAtOnce = 50;

/** Lets so many pieces of work run at a time; the others wait in the order in which they came. */
class Turns {
  private free: number;
  private readonly waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.free = atOnce;
  }

  async take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.free === 0) await new Promise<void>((resolve) => this.waiting.push(resolve));
    else this.free -= 1;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}

/** What to say of a connection that broke while nothing but reading was done. */
export function lostWhileReading(lost: ConnectionLost): ConnectFailure {
  const message = `the connection broke while the host was read (${lost.message})`;
  return { failure: "unreachable", message, hints: ["nothing was changed; try again"] };
}

/** "cannot reach web1: connection refused", with what to do about it. */
export function describeFailure(target: Target, failure: ConnectFailure): string {
  const named = target.type === "ssh" && target.name ? `${target.name} (${showTarget(target)})` : showTarget(target);
  const verb = failure.failure === "unreachable" ? "cannot reach" : "refused to work on";
  return [`galley: ${verb} ${named}: ${failure.message}`, ...failure.hints.map((hint) => `  = ${hint}`), ""].join("\n");
}
