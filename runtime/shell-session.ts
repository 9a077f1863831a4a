import { randomBytes } from "node:crypto";
import { bootInput, loopInput } from "./boot.ts";
import { startClock } from "./clock.ts";
import { FrameLink } from "./frame-link.ts";
import { printable } from "./printable.ts";
import type { ConnectFailure, FrameResult, Session, Target } from "./session.ts";
import { startSudo } from "./sudo.ts";
import type { Carrier } from "./transports/carrier.ts";

/** What a session needs besides its carrier. */
export interface ShellSessionOptions {
  readonly target: Target;
  readonly name: string;
  readonly library: string;
  /** Asks for the password of sudo; undefined when there is no user to ask. */
  readonly askPassword?: (what: string) => Promise<string | undefined>;
  /** How long the shell may take to come up, once its carrier stands; the time a person needs does not count. */
  readonly timeoutMilliseconds: number;
}

/** The first frame is sent with the library, so that both take one trip. */
const firstScript = "galley_facts";

/** Brings up the resident shell on a carrier, as root. */
export async function startShell(
  carrier: Carrier,
  options: ShellSessionOptions,
): Promise<{ readonly session: Session } | ConnectFailure> {
  const nonce = randomBytes(16).toString("hex");
  const prompt = `galley-${randomBytes(16).toString("hex")}`;
  const { promise: started, resolve: settle } = Promise.withResolvers<ConnectFailure | undefined>();
  const link = new FrameLink(carrier, nonce, (words) => {
    if (words === "ready") settle(undefined);
    else if (words === "nosudo") settle(noRoot("the login is not root, and there is no sudo on the target"));
    else if (words === "password") sudo.begin();
    else if (words === "granted") sudo.granted();
    else if (words.startsWith("missing ")) settle(missingTool(words.slice("missing ".length)));
  });
  const library = link.enqueue("define", { script: options.library });
  const facts = link.enqueue("run", { script: firstScript });
  const frames = Buffer.concat([library.bytes, facts.bytes]);
  const clock = startClock(options.timeoutMilliseconds, () =>
    settle(notReady(link, `the shell did not answer within ${options.timeoutMilliseconds / 1000} s`)),
  );
  const sudo = startSudo({
    carrier,
    prompt,
    askPassword: async () => {
      clock.pause();
      const password = await options.askPassword?.(`Password of ${options.name} for sudo`);
      clock.resume();
      return password;
    },
    expect: (granted) => link.expect(granted ? nonce : prompt),
    proceed: () => link.send(loopInput(nonce, frames)),
    refuse: settle,
  });
  link.send(bootInput(nonce, prompt, frames));
  void carrier.done.then((how) => settle(notReady(link, how)));
  // Until the shell is up its answers cannot come; if it never is, `started` says why.
  for (const result of [library.result, facts.result]) result.catch(() => undefined);
  const failure = await started;
  clock.pause();
  if (failure) {
    carrier.close();
    return failure;
  }
  return { session: sessionOf(link, carrier, options, facts.result) };
}

function sessionOf(
  link: FrameLink,
  carrier: Carrier,
  options: ShellSessionOptions,
  firstAnswer: Promise<FrameResult>,
): Session {
  let first: Promise<FrameResult> | undefined = firstAnswer;
  return {
    target: options.target,
    name: options.name,
    library: options.library,
    get firstAnswer() {
      return first;
    },
    run: (frame) => {
      first = undefined;
      return link.run(frame);
    },
    watch: (watch) => {
      first = undefined;
      return link.watch(watch);
    },
    close: async () => {
      link.fail("the session was closed");
      carrier.close();
      await carrier.done;
    },
  };
}

function notReady(link: FrameLink, how: string): ConnectFailure {
  const said = lastLine(link.errors) ?? lastLine(link.noise);
  return {
    failure: "refused",
    message: said === undefined ? how : `${how}; the last it said was: ${said}`,
    hints: ["the login must get a POSIX shell: see that `ssh HOST /bin/sh -c true` ends well"],
  };
}

function missingTool(tool: string): ConnectFailure {
  return {
    failure: "refused",
    message: `the target has no \`${tool}\``,
    hints: ["install coreutils (or busybox) on it"],
  };
}

/** A refusal for want of root. */
function noRoot(message: string): ConnectFailure {
  return {
    failure: "refused",
    message,
    hints: ["log in as root, or install sudo there and let the login use it"],
  };
}

function lastLine(text: string): string | undefined {
  return printable(text)
    .split("\n")
    .map((line) => line.trim().slice(0, 300))
    .findLast((line) => line !== "");
}
