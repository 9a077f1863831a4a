/** How `find` looks for the files that a glob means. */
export interface GlobSearch {
  /** The deepest folder that holds every match, or the file itself: where the search starts. */
  readonly base: string;
  /** How far below the base matches can be. */
  readonly depth: number;
  /** A basic regular expression for the whole path, in the part of the syntax that GNU's and busybox's `find` share. */
  readonly regex: string;
}

/** Deeper than any path that the kernel takes. */
const unlimited = 4096;

/** Searches that together find what a glob means: `**` is any depth, `*` and `?` stay within one part, `{a,b}` is a choice. */
export function globSearches(glob: string): readonly GlobSearch[] {
  return expandChoices(glob).map((plain) => {
    const wild = plain.search(/[*?]/);
    const base = wild < 0 ? plain : plain.slice(0, plain.lastIndexOf("/", wild)) || "/";
    const below = plain.slice(base === "/" ? 0 : base.length).match(/\//g)?.length ?? 0;
    return { base, depth: plain.includes("**") ? unlimited : below, regex: toRegex(plain) };
  });
}

/** Writes out the innermost choice first, until none is left. */
function expandChoices(glob: string): readonly string[] {
  const choice = /\{([^{}]*)\}/.exec(glob);
  if (!choice) return [glob];
  const [whole, inner = ""] = choice;
  const [before, after] = [glob.slice(0, choice.index), glob.slice(choice.index + whole.length)];
  return inner.split(",").flatMap((one) => expandChoices(before + one + after));
}

/** No `.` is used as a wildcard, since it would not match a newline everywhere. */
function toRegex(glob: string): string {
  return glob.replaceAll(/\*\*\/|\*\*|[^]/g, (found) => {
    if (found === "**/") return "\\([^/]*/\\)*";
    if (found === "**") return "\\([^/]*/\\)*[^/]*";
    if (found === "*") return "[^/]*";
    if (found === "?") return "[^/]";
    if (found === "^") return "\\^";
    return /[$+.[\\]/.test(found) ? `[${found}]` : found;
  });
}
