/** A compiled pattern: the whole text must match, `.` matches line ends too. */
export interface Pattern {
  readonly source: string;
  readonly matches: (text: string) => boolean;
}

/** Why a text is not a pattern of this language, and at which offset of it. */
export interface PatternProblem {
  readonly problem: string;
  readonly at: number;
}

const compiled = new Map<string, Pattern | PatternProblem>();

/** Compiles a pattern: regular expressions without backreferences and lookaround, so that no text can make one run away. */
export function compilePattern(source: string): Pattern | PatternProblem {
  const known = compiled.get(source);
  if (known) return known;
  const result = compile(source);
  compiled.set(source, result);
  return result;
}

/** Tells a pattern from a problem. */
export function isPattern(result: Pattern | PatternProblem): result is Pattern {
  return "matches" in result;
}

function compile(source: string): Pattern | PatternProblem {
  const refused = findRefused(source);
  if (refused) return refused;
  try {
    const expression = new RegExp(`^(?:${source})$`, "su");
    return { source, matches: (text) => expression.test(text) };
  } catch (error) {
    return { problem: reasonOf(error), at: 0 };
  }
}

function findRefused(source: string): PatternProblem | undefined {
  let inClass = false;
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (char === "\\") {
      const next = source[at + 1] ?? "";
      if (/[1-9k]/.test(next) && !inClass) return { problem: "a pattern cannot refer back to what it has matched", at };
      at++;
    } else if (inClass) inClass = char !== "]";
    else if (char === "[") inClass = true;
    else if (char === "(" && source[at + 1] === "?" && source[at + 2] !== ":") {
      const around = /^\(\?<?[=!]/.test(source.slice(at));
      const problem = around ? "a pattern cannot look around" : "the only group with a mark is (?: … )";
      return { problem, at };
    }
  }
  return undefined;
}

/** The engine's reason without its repetition of the pattern. */
function reasonOf(error: unknown): string {
  const text = error instanceof Error ? error.message : "";
  const reason = text.slice(text.lastIndexOf(": ") + 2);
  return reason === "" ? "it is not a pattern" : reason.charAt(0).toLowerCase() + reason.slice(1);
}
