import { createToken, Lexer } from "chevrotain";
import type { CustomPatternMatcherReturn, ILexingResult, IToken, TokenType } from "chevrotain";
import { moveScan, scanLiteral } from "./literal-scan.ts";
import type { LiteralScan } from "./literal-scan.ts";
import { clauseWords, durationUnits, operatorWords, placeWords, reservedWords, signs, sizeUnits } from "./words.ts";
import type { ClauseWord, PlaceWord, ReservedWord, SignName } from "./words.ts";

/** Any word at all: it may follow a dot, precede `=` in a body, or be the key of a record. */
export const AnyWord = createToken({ name: "AnyWord", pattern: Lexer.NA });

/** Every operator that stands between two values. */
export const InfixOperator = createToken({ name: "InfixOperator", pattern: Lexer.NA });

/** A name; the words that mean something only in one place count as names everywhere else. */
export const Name = createToken({ name: "Name", pattern: /[A-Za-z_][A-Za-z0-9_]*/, categories: AnyWord });

const infixSigns: readonly SignName[] = [
  "Coalesce",
  "EqualEqual",
  "Greater",
  "GreaterEqual",
  "Less",
  "LessEqual",
  "Minus",
  "NotEqual",
  "Percent",
  "Plus",
  "Slash",
  "Star",
];
const infixWords: readonly string[] = operatorWords.filter((word) => word !== "not");

function reservedToken(word: ReservedWord): TokenType {
  const categories = infixWords.includes(word) ? [AnyWord, InfixOperator] : [AnyWord];
  return createToken({ name: `word ${word}`, label: word, pattern: word, longer_alt: Name, categories });
}

function softToken(word: string): TokenType {
  return createToken({ name: `word ${word}`, label: word, pattern: word, longer_alt: Name, categories: Name });
}

function signToken(name: SignName): TokenType {
  const categories = infixSigns.includes(name) ? [InfixOperator] : [];
  return createToken({ name, label: signs[name], pattern: signs[name], categories });
}

/** A record with one value for each key. */
function forEach<Key extends string, Value>(
  keys: readonly Key[],
  value: (key: Key) => Value,
): Readonly<Record<Key, Value>> {
  const result: Partial<Record<Key, Value>> = {};
  for (const key of keys) result[key] = value(key);
  const complete = (record: Partial<Record<Key, Value>>): record is Record<Key, Value> =>
    keys.every((key) => key in record);
  if (!complete(result)) throw new Error("a key without a value");
  return result;
}

/** The reserved words as tokens. */
export const Word = forEach<ReservedWord, TokenType>(reservedWords, reservedToken);

/** The words that begin a clause, as tokens that also count as names. */
export const Clause = forEach<ClauseWord, TokenType>(clauseWords, softToken);

/** The words that mean something in one place, as tokens that also count as names. */
export const Place = forEach<PlaceWord, TokenType>(placeWords, softToken);

const signNames = Object.keys(signs).filter((name): name is SignName => name in signs);

/** Punctuation as tokens. */
export const Sign = forEach<SignName, TokenType>(signNames, signToken);

function literal(command: boolean): (text: string, offset: number) => CustomPatternMatcherReturn | null {
  return (text, offset) => {
    const scan = command && !text.startsWith("sh", offset) ? undefined : scanLiteral(text, offset);
    if (!scan) return null;
    const match: CustomPatternMatcherReturn = [text.slice(offset, scan.end)];
    match.payload = scan;
    return match;
  };
}

const endOfNumber = "(?![A-Za-z0-9_]|\\.[0-9])";
const digits = "[0-9]+(?:_[0-9]+)*";

function units(known: ReadonlyMap<string, number>): string {
  return [...known.keys()].toSorted((a, b) => b.length - a.length).join("|");
}

/** A string of any form; its payload is a `LiteralScan`. */
export const StringToken = createToken({
  name: "String",
  pattern: literal(false),
  start_chars_hint: ['"', "'"],
  line_breaks: true,
});
/** `sh"…"` in any form; its payload is a `LiteralScan`. */
export const CommandToken = createToken({
  name: "Command",
  pattern: literal(true),
  start_chars_hint: ["s"],
  line_breaks: true,
});
export const Duration = createToken({
  name: "Duration",
  pattern: new RegExp(`(?:${digits}(?:${units(durationUnits)}))+${endOfNumber}`),
});
export const Size = createToken({
  name: "Size",
  pattern: new RegExp(`${digits}(?:${units(sizeUnits)})${endOfNumber}`),
});
export const Mode = createToken({ name: "Mode", pattern: new RegExp(`0[0-7]{3,4}${endOfNumber}`) });
export const Int = createToken({ name: "Int", pattern: new RegExp(`(?:0|[1-9][0-9]*(?:_[0-9]+)*)${endOfNumber}`) });
/** Anything else that begins with a digit; counts as a number so that only the number itself is reported. */
export const BadNumber = createToken({
  name: "BadNumber",
  pattern: /[0-9][A-Za-z0-9_]*(?:\.[0-9][A-Za-z0-9_]*)*/,
  categories: Int,
});

const Comment = createToken({ name: "Comment", pattern: /#[^\n\r]*/, group: "comments" });
const Space = createToken({ name: "Space", pattern: /[ \t\n\r]+/, group: Lexer.SKIPPED, line_breaks: true });

// A word that begins another (`match`, `matches`) must be tried after it.
const words = [...Object.values(Word), ...Object.values(Clause), ...Object.values(Place)].toSorted(
  (a, b) => (b.LABEL ?? "").length - (a.LABEL ?? "").length,
);

/** All token types in the order in which they are tried. */
export const tokenTypes: readonly TokenType[] = [
  Space,
  Comment,
  CommandToken,
  StringToken,
  ...words,
  Name,
  Duration,
  Size,
  Mode,
  Int,
  BadNumber,
  ...Object.values(Sign),
  AnyWord,
  InfixOperator,
];

/** The outline of the literal that a string or command token is. */
export function scanOf(token: IToken): LiteralScan {
  const scan: LiteralScan = token.payload;
  return scan;
}

/** Puts tokens of a part of a file where they stand in the whole file; lines and columns stay those of the part. */
export function moveTokens(tokens: IToken[], by: number): IToken[] {
  for (const token of tokens) {
    token.startOffset += by;
    if (token.endOffset !== undefined) token.endOffset += by;
    if (token.tokenType === StringToken || token.tokenType === CommandToken)
      token.payload = moveScan(scanOf(token), by);
  }
  return tokens;
}

let lexer: Lexer | undefined;

/** Tokens, comments and the places where no token begins. */
export interface Tokens {
  readonly tokens: IToken[];
  readonly comments: readonly IToken[];
  readonly errors: ILexingResult["errors"];
}

/** Splits text into tokens with offsets, lines and columns. */
export function tokenize(text: string): Tokens {
  lexer ??= new Lexer([...tokenTypes], { ensureOptimizations: true, positionTracking: "full", skipValidations: true });
  const result = lexer.tokenize(text);
  return { tokens: result.tokens, comments: result.groups["comments"] ?? [], errors: result.errors };
}
