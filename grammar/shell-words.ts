import type { PartOfShellText } from "./ast.ts";

/** Stands for a hole in the text of a word. */
export const holeMark = "\0";

type CaseStage = "word" | "in" | "pattern" | "body";

const assignment = /^[A-Za-z_][A-Za-z0-9_]*\+?=/;
/** Reserved words behind which a command begins. */
const openers = new Set(["!", "do", "elif", "else", "if", "then", "time", "until", "while", "{"]);

/**
 * Follows the words of one level of shell code: the command itself, or what stands in `$( )` or `( )`. It tells commands
 * from their arguments as far as the place of a hole depends on it: assignments, redirections, `case` and `for`.
 */
export class ShellWords {
  /** What has been read of a word that is not over yet; quoted text is left out of it. */
  #word: string | undefined;
  #commandNext = true;
  #nameNext = false;
  #redirecting = false;
  readonly #cases: CaseStage[] = [];

  /** The word so far; empty at its beginning. */
  get word(): string {
    return this.#word ?? "";
  }

  /** The word being read, or about to be, is the name of a `for`. */
  get isName(): boolean {
    return this.#nameNext;
  }

  /** A command begins, so that `NAME=` would be an assignment. */
  get isCommand(): boolean {
    return this.#commandNext && !this.#redirecting && this.#stage !== "pattern" && this.#stage !== "word";
  }

  get isPattern(): boolean {
    return this.#stage === "pattern";
  }

  get #stage(): CaseStage | undefined {
    return this.#cases.at(-1);
  }

  /** What takes exactly one word here; undefined where any number of words may stand. */
  partOf(): PartOfShellText | undefined {
    if (this.#redirecting) return "redirection";
    if (this.#stage === "word" || this.#stage === "pattern") return "case";
    if (this.#word === undefined) return undefined;
    return this.#commandNext && assignment.test(this.#word) ? "assignment" : "word";
  }

  add(text: string): void {
    this.#word = (this.#word ?? "") + text;
  }

  endWord(): void {
    const word = this.#word;
    if (word === undefined) return;
    this.#word = undefined;
    if (this.#redirecting) this.#redirecting = false;
    else if (this.#stage === "word") this.#cases.splice(-1, 1, "in");
    else if (this.#stage === "in") this.#cases.splice(-1, 1, "pattern");
    else if (this.#stage === "pattern") {
      if (word !== "esac") return;
      this.#cases.pop();
      this.#commandNext = false;
    } else if (this.#nameNext) this.#nameNext = false;
    else if (this.#commandNext && !assignment.test(word) && !openers.has(word)) {
      this.#commandNext = false;
      if (word === "case") this.#cases.push("word");
      else if (word === "for") this.#nameNext = true;
      else if (word === "esac") this.#cases.pop();
    }
  }

  /** `;`, `&`, `|`, a newline or a bracket: the next word begins a command. */
  separate(operator: string): void {
    this.endWord();
    this.#redirecting = false;
    if (this.#stage === "pattern" || this.#stage === "word" || this.#stage === "in") return;
    this.#nameNext = false;
    this.#commandNext = true;
    if (this.#stage === "body" && /^;[;&]/.test(operator)) this.#cases.splice(-1, 1, "pattern");
  }

  /** `<` or `>`; a number in front of it belongs to it. */
  redirect(): void {
    if (/^[0-9]+$/.test(this.word)) this.#word = undefined;
    this.endWord();
    this.#redirecting = true;
  }

  /** The `)` behind a pattern of `case`. */
  endPattern(): void {
    this.#cases.splice(-1, 1, "body");
    this.#commandNext = true;
  }
}
