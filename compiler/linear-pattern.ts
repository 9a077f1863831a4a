/** States beyond which a pattern is refused; counted repetitions multiply them. */
const mostStates = 10_000;

/** Groups within groups beyond which a pattern is refused. */
const mostLevels = 100;

/** Whether one character belongs to a set of them. */
type Accepts = (char: string) => boolean;

type Part =
  | { readonly type: "char"; readonly accepts: Accepts }
  | { readonly type: "start" | "end" }
  | { readonly type: "choice" | "sequence"; readonly parts: readonly Part[] }
  | { readonly type: "repeat"; readonly part: Part; readonly min: number; readonly max: number };

type State =
  | { readonly type: "char"; readonly accepts: Accepts; next: number }
  | { readonly type: "start" | "end"; next: number }
  | { readonly type: "fork"; readonly ways: number[] }
  | { readonly type: "match" };

/** Why a pattern that JavaScript accepts is not one of this language. */
export interface UnusablePattern {
  readonly problem: string;
}

/**
 * A pattern that runs in time proportional to the text, whatever the pattern: all its ways are followed at once, one
 * character after the other. Takes regular expressions that JavaScript accepts under the flags `su`; tells whether a whole
 * text matches.
 */
export function linearPattern(source: string): ((text: string) => boolean) | UnusablePattern {
  const reader = new Reader([...source]);
  const part = reader.choice();
  if (reader.problem !== undefined) return { problem: reader.problem };
  const states: State[] = [{ type: "match" }];
  const start = build(part, 0, states);
  if (start === undefined) return { problem: `it repeats too much: more than ${mostStates} states` };
  return (text) => run(states, start, text);
}

/** Reads a pattern that is known to be well formed. */
class Reader {
  problem: string | undefined;
  private at = 0;
  private depth = 0;
  private readonly chars: readonly string[];

  constructor(chars: readonly string[]) {
    this.chars = chars;
  }

  choice(): Part {
    const parts = [this.sequence()];
    while (this.take("|")) parts.push(this.sequence());
    const [only] = parts;
    return parts.length === 1 && only ? only : { type: "choice", parts };
  }

  private sequence(): Part {
    const parts: Part[] = [];
    while (this.at < this.chars.length && this.peek() !== "|" && this.peek() !== ")") parts.push(this.repeated());
    return { type: "sequence", parts };
  }

  private repeated(): Part {
    const part = this.atom();
    const counts = this.counts();
    if (!counts) return part;
    // Which of several ways a text matches by does not matter, so lazy and greedy are the same.
    this.take("?");
    return { type: "repeat", part, ...counts };
  }

  private counts(): { readonly min: number; readonly max: number } | undefined {
    if (this.take("*")) return { min: 0, max: Infinity };
    if (this.take("+")) return { min: 1, max: Infinity };
    if (this.take("?")) return { min: 0, max: 1 };
    if (!this.take("{")) return undefined;
    const [min = "0", max] = this.until("}").split(",");
    return { min: Number(min), max: max === undefined ? Number(min) : max === "" ? Infinity : Number(max) };
  }

  private atom(): Part {
    const char = this.next();
    switch (char) {
      case "(":
        return this.group();
      case "[":
        return this.set();
      case ".":
        return { type: "char", accepts: () => true };
      case "^":
        return { type: "start" };
      case "$":
        return { type: "end" };
      case "\\":
        return this.escape();
      default:
        return { type: "char", accepts: (other) => other === char };
    }
  }

  private group(): Part {
    if (this.take("?")) {
      if (this.take("<")) this.until(">");
      else if (!this.take(":")) this.problem ??= "the only group with a mark is (?: … )";
    }
    this.depth += 1;
    if (this.depth > mostLevels) {
      this.problem ??= `it has groups in more than ${mostLevels} levels`;
      this.at = this.chars.length;
    }
    const part = this.choice();
    this.depth -= 1;
    this.take(")");
    return part;
  }

  private set(): Part {
    let raw = "[";
    for (let char = this.next(); char !== "" && char !== "]"; char = this.next()) {
      raw += char === "\\" ? char + this.next() : char;
    }
    return { type: "char", accepts: acceptsOf(`${raw}]`) };
  }

  private escape(): Part {
    const letter = this.next();
    if (letter === "b" || letter === "B")
      this.problem ??= `\`\\${letter}\` looks around, which patterns here cannot do`;
    return { type: "char", accepts: acceptsOf(`\\${letter}${this.escapeRest(letter)}`) };
  }

  private escapeRest(letter: string): string {
    if ((letter === "u" || letter === "p" || letter === "P") && this.take("{")) return `{${this.until("}")}}`;
    if (letter === "x") return this.next() + this.next();
    if (letter === "c") return this.next();
    if (letter !== "u") return "";
    const high = this.several(4);
    // Two halves of one character are one character.
    const isHigh =
      /^d[89ab]/i.test(high) &&
      this.chars
        .slice(this.at, this.at + 6)
        .join("")
        .match(/^\\ud[c-f]/i);
    return isHigh ? high + this.several(6) : high;
  }

  private several(count: number): string {
    let text = "";
    for (let index = 0; index < count; index++) text += this.next();
    return text;
  }

  private until(end: string): string {
    let text = "";
    for (let char = this.next(); char !== "" && char !== end; char = this.next()) text += char;
    return text;
  }

  private peek(): string {
    return this.chars[this.at] ?? "";
  }

  private next(): string {
    const char = this.peek();
    this.at += 1;
    return char;
  }

  private take(char: string): boolean {
    if (this.peek() !== char) return false;
    this.at += 1;
    return true;
  }
}

/** JavaScript decides which characters a set or an escape matches; it is one character, so that it costs the same for each. */
function acceptsOf(raw: string): Accepts {
  const expression = new RegExp(`^${raw}$`, "su");
  const known = new Map<string, boolean>();
  return (char) => {
    const before = known.get(char);
    if (before !== undefined) return before;
    const accepted = expression.test(char);
    if (known.size < 1000) known.set(char, accepted);
    return accepted;
  };
}

/** Adds the states of a part before those that follow it; undefined when there are too many. */
function build(part: Part, next: number, states: State[]): number | undefined {
  if (states.length > mostStates) return undefined;
  switch (part.type) {
    case "char":
    case "start":
    case "end":
      return states.push({ ...part, next }) - 1;
    case "sequence": {
      let after: number | undefined = next;
      for (const one of part.parts.toReversed()) {
        if (after !== undefined) after = build(one, after, states);
      }
      return after;
    }
    case "choice": {
      const ways: number[] = [];
      for (const one of part.parts) {
        const way = build(one, next, states);
        if (way === undefined) return undefined;
        ways.push(way);
      }
      return states.push({ type: "fork", ways }) - 1;
    }
    default:
      return buildRepeat(part, next, states);
  }
}

function buildRepeat(
  part: Extract<Part, { readonly type: "repeat" }>,
  next: number,
  states: State[],
): number | undefined {
  let after: number | undefined = next;
  if (part.max === Infinity) {
    const ways = [next];
    const loop = states.push({ type: "fork", ways }) - 1;
    const inner = build(part.part, loop, states);
    if (inner === undefined) return undefined;
    ways.push(inner);
    after = loop;
  } else {
    for (let count = part.min; count < part.max; count++) {
      const inner: number | undefined = after === undefined ? undefined : build(part.part, after, states);
      if (inner === undefined) return undefined;
      after = states.push({ type: "fork", ways: [inner, next] }) - 1;
    }
  }
  for (let count = 0; count < part.min && after !== undefined; count++) {
    const inner = build(part.part, after, states);
    // Nothing repeated is still nothing.
    if (inner === after) break;
    after = inner;
  }
  return after;
}

function run(states: readonly State[], start: number, text: string): boolean {
  const chars = [...text];
  let current = reached(states, [start], 0, chars.length);
  for (const [at, char] of chars.entries()) {
    const next: number[] = [];
    for (const index of current) {
      const state = states[index];
      if (state?.type === "char" && state.accepts(char)) next.push(state.next);
    }
    if (next.length === 0) return false;
    current = reached(states, next, at + 1, chars.length);
  }
  return current.has(0);
}

/** All states that are reached from some without another character, each once. */
function reached(states: readonly State[], from: readonly number[], at: number, length: number): ReadonlySet<number> {
  const all = new Set(from);
  for (const index of all) {
    const state = states[index];
    if (state?.type === "fork") for (const way of state.ways) all.add(way);
    else if (state?.type === "start" && at === 0) all.add(state.next);
    else if (state?.type === "end" && at === length) all.add(state.next);
  }
  return all;
}
