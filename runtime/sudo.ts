import { printable } from "./printable.ts";
import type { ConnectFailure } from "./session.ts";
import type { Carrier } from "./transports/carrier.ts";

/** What the dialogue with sudo needs of its session. */
export interface SudoDialogue {
  readonly carrier: Carrier;
  /** The prompt that sudo was told to print: not guessable, so nothing else can ask for the password. */
  readonly prompt: string;
  readonly askPassword: () => Promise<string | undefined>;
  /** Marks carry the prompt's nonce until sudo has granted root: the session's own must not be sent before. */
  readonly expect: (granted: boolean) => void;
  /** Root was granted: send the frames. */
  readonly proceed: () => void;
  readonly refuse: (failure: ConnectFailure) => void;
}

/**
 * Answers sudo's one prompt. The password is sent only after exactly the prompt that was agreed on; a second prompt means that
 * the first answer was wrong, and then nothing more is sent.
 */
export function startSudo(dialogue: SudoDialogue): { readonly begin: () => void; readonly granted: () => void } {
  let state: "unused" | "waiting" | "asking" | "checking" | "over" = "unused";
  let said = "";
  const refuse = (message: string, ...hints: readonly string[]) => {
    state = "over";
    dialogue.refuse({ failure: "refused", message, hints });
  };
  const ask = async () => {
    state = "asking";
    const password = await dialogue.askPassword();
    if (password === undefined) {
      refuse(
        "sudo on the target asks for a password, and there is no terminal to ask for it",
        "run galley on a terminal, or let the login use sudo without a password (NOPASSWD)",
      );
    } else {
      state = "checking";
      dialogue.carrier.in.write(`${password}\n`);
    }
  };
  const look = () => {
    const prompts = said.split(dialogue.prompt).length - 1;
    if (state === "waiting" && prompts > 0) void ask();
    else if (state === "checking" && prompts > 1) {
      refuse("sudo did not take the password", "try again with the password of the login on the target");
    }
  };
  dialogue.carrier.err.on("data", (chunk: Buffer) => {
    if (state === "over") return;
    said = (said + chunk.toString("utf8")).slice(-16_384);
    look();
  });
  void dialogue.carrier.done.then(() => {
    if (state === "unused" || state === "over") return;
    const reason = printable(said.replaceAll(dialogue.prompt, ""))
      .split("\n")
      .map((line) => line.trim())
      .findLast((line) => line !== "");
    refuse(
      `sudo refused to make the login root${reason === undefined ? "" : `: ${reason}`}`,
      "log in as root, or let the login use sudo on the target",
    );
  });
  return {
    begin: () => {
      if (state !== "unused") return;
      state = "waiting";
      dialogue.expect(false);
      look();
    },
    granted: () => {
      if (state !== "checking") return;
      state = "over";
      dialogue.expect(true);
      dialogue.proceed();
    },
  };
}
