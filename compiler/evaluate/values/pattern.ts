import { linearPattern } from "../../linear-pattern.ts";

/** A pattern of the language made ready, or why it is none. */
export type Pattern = { readonly test: (text: string) => boolean } | { readonly problem: string };

const made = new Map<string, Pattern>();

/** Makes a pattern ready: it matches whole texts, `.` takes newlines too, and neither backreferences nor lookaround exist. */
export function compilePattern(source: string): Pattern {
  const known = made.get(source);
  if (known) return known;
  const pattern = make(source);
  // Patterns are few in any one recipe; the limit is for an editor that stays open for days.
  if (made.size > 1000) made.clear();
  made.set(source, pattern);
  return pattern;
}

function make(source: string): Pattern {
  const refused = unsupported(source);
  if (refused) return { problem: refused };
  try {
    // The engine of JavaScript says what is well formed; ours takes no longer than the text is long.
    void new RegExp(source, "su");
    const matches = linearPattern(source);
    return typeof matches === "function" ? { test: matches } : matches;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    return { problem: text.replace(/^Invalid regular expression: .*\/[a-z]*: /s, "").toLowerCase() };
  }
}

/** Names what a pattern may not have; the language's patterns are the regular ones. */
function unsupported(source: string): string | undefined {
  let inClass = false;
  for (let at = 0; at < source.length; at++) {
    const char = source[at];
    if (char === "\\") {
      const next = source[at + 1] ?? "";
      if (!inClass && /[1-9k]/.test(next)) return `\`\\${next}\` refers back to a group, which patterns here cannot do`;
      at += 1;
    } else if (inClass) inClass = char !== "]";
    else if (char === "[") inClass = true;
    else if (char === "(" && /^\(\?(?:=|!|<=|<!)/.test(source.slice(at, at + 4))) {
      return `\`${source.slice(at, at + 3)}\` looks around, which patterns here cannot do`;
    }
  }
  return undefined;
}
