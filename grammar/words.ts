/** Words that can never be a name. */
export const reservedWords = [
  "and",
  "else",
  "expect",
  "false",
  "fn",
  "for",
  "if",
  "in",
  "input",
  "layer",
  "let",
  "match",
  "matches",
  "none",
  "not",
  "observe",
  "on",
  "or",
  "output",
  "resource",
  "set",
  "stack",
  "test",
  "true",
  "type",
  "use",
] as const;

export type ReservedWord = (typeof reservedWords)[number];

/** Words that begin a clause in a body; anywhere else they are names. */
export const clauseWords = ["before", "notify", "require", "retry", "timeout", "when"] as const;

export type ClauseWord = (typeof clauseWords)[number];

/** Words with a meaning in one place only: `use x as y`, `expect error "…"`, `retry 3 every 5s`. */
export const placeWords = ["as", "error", "every"] as const;

export type PlaceWord = (typeof placeWords)[number];

/** Reserved words that are operators between or before values. */
export const operatorWords = ["and", "in", "matches", "not", "or"] as const satisfies readonly ReservedWord[];

/** Reserved words that are values. */
export const valueWords = ["false", "none", "true"] as const satisfies readonly ReservedWord[];

/** Units of a duration in milliseconds, largest first, as they must be written. */
export const durationUnits: ReadonlyMap<string, number> = new Map([
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
  ["ms", 1],
]);

/** Units of a size in bytes. */
export const sizeUnits: ReadonlyMap<string, number> = new Map([
  ["KB", 1_000],
  ["MB", 1_000_000],
  ["GB", 1_000_000_000],
  ["TB", 1_000_000_000_000],
  ["KiB", 1_024],
  ["MiB", 1_048_576],
  ["GiB", 1_073_741_824],
  ["TiB", 1_099_511_627_776],
]);

/** The signs of the language with the names the parser has for them; where one begins another, the longer stands first. */
export const signs = {
  Spread: "...",
  Range: "..",
  OptionalDot: "?.",
  Coalesce: "??",
  Question: "?",
  Dot: ".",
  Comma: ",",
  Colon: ":",
  FatArrow: "=>",
  EqualEqual: "==",
  Equals: "=",
  NotEqual: "!=",
  LessEqual: "<=",
  Less: "<",
  GreaterEqual: ">=",
  Greater: ">",
  PlusEqual: "+=",
  Plus: "+",
  Arrow: "->",
  Minus: "-",
  Star: "*",
  Slash: "/",
  Percent: "%",
  Bar: "|",
  LCurly: "{",
  RCurly: "}",
  LSquare: "[",
  RSquare: "]",
  LParen: "(",
  RParen: ")",
} as const;

export type SignName = keyof typeof signs;
