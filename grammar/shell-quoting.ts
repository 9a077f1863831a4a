import type { Hole, MisplacedHole, PartOfShellText, TextPart } from "./ast.ts";
import { holeMark, ShellWords } from "./shell-words.ts";

/** Where a hole stands in shell text; empty where any number of words may stand. */
export interface PlaceOfHole {
  readonly misplaced?: MisplacedHole;
  readonly partOf?: PartOfShellText;
}

interface Level {
  readonly context:
    | "arithmetic"
    | "backticks"
    | "braces"
    | "code"
    | "comment"
    | "double"
    | "single"
    | "subshell"
    | "substitution";
  readonly words: ShellWords;
  /** In `${ }` what was read of it, in `$(( ))` the brackets that are open. */
  read: string;
  open: number;
}

interface Heredoc {
  readonly delimiter: string;
  readonly tabs: boolean;
}

/**
 * Follows the quoting and the words of shell text across the parts of a command and tells for each hole, in order, what it
 * stands in.
 */
export function placesOfHoles(parts: readonly (TextPart | Hole)[]): readonly PlaceOfHole[] {
  const state = new ShellState();
  const places: PlaceOfHole[] = [];
  const present = parts.filter((part) => part.type === "hole" || part.text !== "");
  for (const [at, part] of present.entries()) {
    if (part.type === "text") {
      state.read(part.text);
      continue;
    }
    const next = present[at + 1];
    places.push(state.place(next === undefined ? "" : next.type === "text" ? next.text : holeMark));
    state.readHole();
  }
  return places;
}

class ShellState {
  readonly #levels: Level[] = [newLevel("code")];
  readonly #announced: Heredoc[] = [];
  #heredocs: Heredoc[] = [];
  #heredocLine = "";
  /** The delimiter of a heredoc may still be going on. */
  #inDelimiter = false;
  #wordStart = true;
  #escaped = false;

  /** The place of a hole that stands here and is followed by `next`. */
  place(next: string): PlaceOfHole {
    const misplaced = this.#misplaced(next);
    if (misplaced) return { misplaced };
    const partOf = this.#partOf(next);
    return partOf ? { partOf } : {};
  }

  #misplaced(next: string): MisplacedHole | undefined {
    if (this.#heredocs.length > 0 || this.#inDelimiter) return "heredoc";
    if (this.#levels.some(({ context }) => context === "backticks")) return "backticks";
    for (const { context, read } of this.#levels.toReversed()) {
      if (context === "single" || context === "double") return "quotes";
      if (context === "comment" || context === "arithmetic") return context;
      if (context !== "braces") break;
      if (/^[#!]?[A-Za-z0-9_]*$/.test(read)) return "name";
    }
    const { word, isName, isCommand } = this.#top.words;
    if (isName) return "name";
    if (isCommand && word === "" && /^(\+?=|\(\s*\))/.test(next)) return "name";
    if (this.#top.context === "braces") return undefined;
    if (/(?:^|[^$])(?:\$\$)*\$$/.test(word)) return "dollar";
    return /^(?:[A-Za-z_][A-Za-z0-9_]*=(?:.*:)?)?~[^/]*$/.test(word) ? "tilde" : undefined;
  }

  #partOf(next: string): PartOfShellText | undefined {
    if (this.#top.context === "braces") return "expansion";
    return this.#top.words.partOf() ?? (/^(?:\\\n)*(?:[\s;&|()<>]|$)/.test(next) ? undefined : "word");
  }

  readHole(): void {
    this.#wordStart = false;
    this.#escaped = false;
    this.#inDelimiter = false;
    if (this.#heredocs.length > 0) {
      this.#heredocLine += holeMark;
      return;
    }
    this.#top.read += holeMark;
    this.#top.words.add(holeMark);
  }

  read(text: string): void {
    let at = 0;
    while (at < text.length) at = this.#heredocs.length > 0 ? this.#inHeredoc(text, at) : this.#step(text, at);
  }

  get #top(): Level {
    return this.#levels.at(-1) ?? newLevel("code");
  }

  #inHeredoc(text: string, from: number): number {
    const end = text.indexOf("\n", from);
    this.#heredocLine += end === -1 ? text.slice(from) : text.slice(from, end);
    if (end === -1) return text.length;
    const [current] = this.#heredocs;
    const line = current?.tabs ? this.#heredocLine.replace(/^\t+/, "") : this.#heredocLine;
    if (line === current?.delimiter) this.#heredocs.shift();
    this.#heredocLine = "";
    this.#wordStart = true;
    return end + 1;
  }

  /** Reads one character, or a few that belong together, and returns the offset after them. */
  #step(text: string, at: number): number {
    const char = text[at] ?? "";
    const { context } = this.#top;
    const wordStart = this.#wordStart;
    this.#wordStart = false;
    this.#inDelimiter = false;
    if (this.#escaped) {
      this.#escaped = false;
      // An escaped newline is not there at all.
      if (char !== "\n") this.#add("\\");
      else this.#wordStart = wordStart;
      return at + 1;
    }
    if (char === "\n") return this.#newLine(at);
    if (context === "comment") return at + 1;
    if (context === "single") {
      if (char === "'") this.#leave();
      return at + 1;
    }
    if (char === "\\") {
      this.#escaped = true;
      this.#wordStart = wordStart;
      return at + 1;
    }
    if (char === "`") return this.#toggle("backticks", at);
    if (char === '"') return this.#toggle("double", at);
    if (text.startsWith("$((", at)) return this.#enter("arithmetic", at + 3);
    if (text.startsWith("$(", at)) return this.#enter("substitution", at + 2);
    if (text.startsWith("${", at)) return this.#enter("braces", at + 2);
    if (context === "double") return at + 1;
    if (char === "'") return this.#enter("single", at + 1);
    if (context === "arithmetic") return this.#inArithmetic(text, at);
    if (context === "braces") {
      if (char === "}") this.#leave();
      else this.#top.read += char;
      return at + 1;
    }
    if (char === "#" && wordStart) return this.#enter("comment", at + 1);
    return this.#inCode(text, at);
  }

  #inArithmetic(text: string, at: number): number {
    if (text[at] === "(") this.#top.open += 1;
    else if (text[at] === ")" && this.#top.open > 0) this.#top.open -= 1;
    else if (text.startsWith("))", at)) {
      this.#leave();
      return at + 2;
    }
    return at + 1;
  }

  #inCode(text: string, at: number): number {
    const { words, context } = this.#top;
    const char = text[at] ?? "";
    this.#wordStart = /[\s;&|<>()]/.test(char);
    if (char === " " || char === "\t" || char === "\r") words.endWord();
    else if (char === "<" || char === ">") return this.#redirect(text, at);
    else if (char === "(") {
      if (!words.isPattern) return this.#enter("subshell", at + 1);
    } else if (char === ")") {
      words.endWord();
      if (words.isPattern) words.endPattern();
      else if (context === "substitution") this.#leave();
      else if (context === "subshell") {
        this.#leave();
        this.#top.words.separate(")");
      }
    } else if (/[;&|]/.test(char)) {
      words.separate(text.slice(at, at + 2));
      return text.startsWith(";;", at) || text.startsWith(";&", at) ? at + 2 : at + 1;
    } else words.add(char);
    return at + 1;
  }

  #redirect(text: string, at: number): number {
    this.#top.words.redirect();
    if (text.startsWith("<<", at)) return this.#announce(text, at);
    return at + (/^(?:<[&>]|>[&>|])/.test(text.slice(at, at + 2)) ? 2 : 1);
  }

  #newLine(at: number): number {
    if (this.#top.context === "comment") this.#leave();
    const { context, words } = this.#top;
    if (context !== "single" && context !== "double") {
      this.#wordStart = true;
      this.#heredocs = this.#announced.splice(0);
      this.#heredocLine = "";
      words.separate("\n");
    }
    return at + 1;
  }

  #add(text: string): void {
    this.#top.read += text;
    this.#top.words.add(text);
  }

  #enter(context: Level["context"], next: number): number {
    // What is quoted or substituted is part of the word around it, but for its text.
    if (context !== "comment" && context !== "subshell") this.#top.words.add("\\");
    this.#levels.push(newLevel(context));
    this.#wordStart = context === "substitution" || context === "subshell" || context === "backticks";
    return next;
  }

  #leave(): void {
    if (this.#levels.length > 1) this.#levels.pop();
    this.#top.read += "\\";
  }

  #toggle(context: "backticks" | "double", at: number): number {
    if (this.#top.context !== context) return this.#enter(context, at + 1);
    this.#leave();
    return at + 1;
  }

  #announce(text: string, at: number): number {
    const match = /^<<(-?)[ \t]*(?:'([^'\n]*)'|"([^"\n]*)"|\\?([A-Za-z0-9_.!-]+))?/.exec(text.slice(at, at + 200));
    const delimiter = match?.[2] ?? match?.[3] ?? match?.[4];
    const end = at + (match?.[0].length ?? 2);
    this.#inDelimiter = end === text.length;
    if (delimiter === undefined) return end;
    this.#announced.push({ delimiter, tabs: match?.[1] === "-" });
    this.#top.words.add(delimiter);
    return end;
  }
}

function newLevel(context: Level["context"]): Level {
  return { context, words: new ShellWords(), read: "", open: 0 };
}
