import { Chalk, type ChalkInstance } from "chalk";

/** What a report may use of the place it is printed on. */
export interface Terminal {
  readonly write: (text: string) => void;
  readonly columns: number;
  readonly isTerminal: boolean;
  readonly color: ChalkInstance;
  /** False when the locale cannot show more than ASCII. */
  readonly unicode: boolean;
}

/** `--color`: `auto` follows the terminal, NO_COLOR and FORCE_COLOR. */
export type ColorChoice = "always" | "auto" | "never";

/** Describes a stream; chalk's own detection looks at standard output only, so the choice is made here for each stream. */
export function describeTerminal(
  stream: NodeJS.WriteStream,
  choice: ColorChoice,
  environment: NodeJS.ProcessEnv,
): Terminal {
  const isTerminal = stream.isTTY;
  const columns = Number(environment["COLUMNS"]) || (isTerminal ? stream.columns : 80) || 80;
  return {
    write: (text) => void stream.write(text),
    columns: Math.max(40, Math.min(columns, 200)),
    isTerminal,
    color: new Chalk({ level: wantsColor(choice, isTerminal, environment) ? 1 : 0 }),
    unicode: showsUnicode(environment),
  };
}

function wantsColor(choice: ColorChoice, isTerminal: boolean, environment: NodeJS.ProcessEnv): boolean {
  if (choice !== "auto") return choice === "always";
  if (environment["NO_COLOR"]) return false;
  const forced = environment["FORCE_COLOR"];
  if (forced !== undefined && forced !== "") return forced !== "0" && forced !== "false";
  return isTerminal && environment["TERM"] !== "dumb";
}

function showsUnicode(environment: NodeJS.ProcessEnv): boolean {
  const locale = environment["LC_ALL"] || environment["LC_CTYPE"] || environment["LANG"] || "";
  return /utf-?8/i.test(locale);
}

/**
 * Makes control characters visible, those for the direction of text among them, so that what a host or a file says can neither
 * steer the terminal nor change the order in which a line is read.
 */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return code.length > 2 ? `\\u{${code}}` : `\\x${code.padStart(2, "0")}`;
  });
}
