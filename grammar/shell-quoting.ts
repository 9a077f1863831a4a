import type { Hole, TextPart } from "./ast.ts";

type Context = "code" | "single" | "double" | "backticks" | "comment" | "parentheses" | "braces" | "arithmetic";

interface Heredoc {
  readonly delimiter: string;
  readonly tabs: boolean;
}

/**
 * Follows the quoting of shell text across the parts of a command and tells for each hole, in order,
 * what it stands in; undefined for a hole in plain code, where it is a word of its own.
 */
export function quotingOfHoles(parts: readonly (TextPart | Hole)[]): readonly Hole["quoted"][] {
  const state = new ShellState();
  const result: Hole["quoted"][] = [];
  for (const part of parts) {
    if (part.type === "text") state.read(part.text);
    else {
      result.push(state.quoting());
      state.readHole();
    }
  }
  return result;
}

class ShellState {
  readonly #contexts: Context[] = ["code"];
  readonly #announced: Heredoc[] = [];
  #heredocs: Heredoc[] = [];
  #heredocLine = "";
  #wordStart = true;
  #escaped = false;

  quoting(): Hole["quoted"] {
    if (this.#heredocs.length > 0) return "heredoc";
    switch (this.#context()) {
      case "single":
      case "double":
        return "quotes";
      case "backticks":
        return "backticks";
      case "comment":
        return "comment";
      default:
        return this.#contexts.includes("backticks") ? "backticks" : undefined;
    }
  }

  readHole(): void {
    this.#wordStart = false;
    this.#escaped = false;
    this.#heredocLine += "\0";
  }

  read(text: string): void {
    let at = 0;
    while (at < text.length) at = this.#heredocs.length > 0 ? this.#inHeredoc(text, at) : this.#step(text, at);
  }

  #context(): Context {
    return this.#contexts.at(-1) ?? "code";
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
    const context = this.#context();
    const wordStart = this.#wordStart;
    this.#wordStart = false;
    if (this.#escaped) {
      this.#escaped = false;
      return at + 1;
    }
    if (char === "\n") return this.#newLine(context, at);
    if (context === "comment") return at + 1;
    if (context === "single") {
      if (char === "'") this.#contexts.pop();
      return at + 1;
    }
    if (char === "\\") {
      this.#escaped = true;
      return at + 1;
    }
    if (char === "`") return this.#toggle("backticks", at);
    if (char === '"') return this.#toggle("double", at);
    if (text.startsWith("$((", at)) return this.#enter("arithmetic", at + 3);
    if (text.startsWith("$(", at)) return this.#enter("parentheses", at + 2);
    if (text.startsWith("${", at)) return this.#enter("braces", at + 2);
    if (context === "double") return at + 1;
    if (char === "'") return this.#enter("single", at + 1);
    if (context === "arithmetic") {
      if (text.startsWith("))", at)) return this.#leave(at + 2);
      return at + 1;
    }
    if (char === "}" && context === "braces") return this.#leave(at + 1);
    if (context === "braces") return at + 1;
    if (char === "(") return this.#enter("parentheses", at + 1);
    if (char === ")" && context === "parentheses") return this.#leave(at + 1);
    if (char === "#" && wordStart) return this.#enter("comment", at + 1);
    if (text.startsWith("<<", at)) return this.#announce(text, at);
    this.#wordStart = /[\s;&|<>]/.test(char);
    return at + 1;
  }

  #newLine(context: Context, at: number): number {
    if (context === "comment") this.#contexts.pop();
    if (this.#context() !== "single" && this.#context() !== "double") {
      this.#wordStart = true;
      this.#heredocs = this.#announced.splice(0);
      this.#heredocLine = "";
    }
    return at + 1;
  }

  #enter(context: Context, next: number): number {
    this.#contexts.push(context);
    this.#wordStart = context === "parentheses" || context === "backticks";
    return next;
  }

  #leave(next: number): number {
    if (this.#contexts.length > 1) this.#contexts.pop();
    return next;
  }

  #toggle(context: "backticks" | "double", at: number): number {
    return this.#context() === context ? this.#leave(at + 1) : this.#enter(context, at + 1);
  }

  #announce(text: string, at: number): number {
    const match = /^<<(-?)[ \t]*(?:'([^'\n]*)'|"([^"\n]*)"|\\?([A-Za-z0-9_.!-]+))/.exec(text.slice(at, at + 200));
    if (!match) return at + 2;
    this.#announced.push({ delimiter: match[2] ?? match[3] ?? match[4] ?? "", tabs: match[1] === "-" });
    return at + match[0].length;
  }
}
