import { EOF } from "chevrotain";
import type { IToken } from "chevrotain";
import { CommandToken, Duration, Int, Mode, Name, Size, StringToken, Word } from "./tokens.ts";

const longest = 24;

/** Names a token the way a message speaks of it: "`{`", "a string", "the number 42". */
export function describeToken(token: IToken): string {
  const type = token.tokenType;
  if (type === EOF) return "the end of the file";
  if (type === StringToken) return token.image.length <= longest ? `the string ${token.image}` : "a string";
  if (type === CommandToken) return "a command";
  if (type === Mode) return `the mode ${token.image}`;
  if (type === Duration) return `the duration ${token.image}`;
  if (type === Size) return `the size ${token.image}`;
  if (type === Int || type.CATEGORIES?.includes(Int)) return `the number ${token.image}`;
  if (type === Name && token.image.length > longest) return "a name";
  return `\`${token.image}\``;
}

const reserved = new Set(Object.values(Word));

/** True for the words that can never be names. */
export function isReserved(token: IToken): boolean {
  return reserved.has(token.tokenType);
}
