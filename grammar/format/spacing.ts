import type { IToken } from "chevrotain";
import { AnyWord, Duration, InfixOperator, Int, Name, Sign, Size, Word } from "../tokens.ts";
import { hasType, isOneOf } from "./token-types.ts";
import type { Marks } from "./marks.ts";

/** What stands between two tokens of one line: a space or nothing. */
export function spaceBetween(before: IToken | undefined, prev: IToken, next: IToken, marks: Marks): "" | " " {
  if (isOneOf(next, Sign.Comma, Sign.Colon, Sign.Question, Sign.RParen, Sign.RSquare)) return "";
  if (isOneOf(prev, Sign.LParen, Sign.LSquare, Sign.Spread)) return "";
  if (isOneOf(prev, Sign.Dot, Sign.OptionalDot) || isOneOf(next, Sign.Dot, Sign.OptionalDot)) return "";
  if (isOneOf(next, Sign.RCurly)) return isOneOf(prev, Sign.LCurly) ? "" : " ";
  if (isOneOf(next, Sign.LParen)) return opensCall(before, prev, marks) ? "" : " ";
  if (isOneOf(next, Sign.LSquare)) return isValueEnd(before, prev) ? "" : " ";
  if (isOneOf(next, Sign.Range)) return isNumber(prev) ? "" : " ";
  if (isOneOf(prev, Sign.Range)) return isNumber(next) || isOneOf(next, Sign.Minus) ? "" : " ";
  if (isOneOf(prev, Sign.Less) && marks.isInType(prev.startOffset)) return "";
  if (isOneOf(next, Sign.Less, Sign.Greater) && marks.isInType(next.startOffset)) return "";
  if (isOneOf(prev, Sign.Minus) && isUnary(before)) return "";
  return " ";
}

/** Whether a minus is a sign of the number behind it, by what stands before it. */
function isUnary(before: IToken | undefined): boolean {
  if (!before) return true;
  if (isOneOf(before, Sign.RParen, Sign.RSquare, Sign.RCurly)) return false;
  if (isOneOf(before, Word.true, Word.false, Word.none)) return false;
  return !isLiteral(before) && !hasType(before, Name);
}

function isLiteral(token: IToken): boolean {
  return isNumber(token) || ["Command", "Mode", "String"].includes(token.tokenType.name);
}

function isNumber(token: IToken): boolean {
  return isOneOf(token, Int, Size, Duration) || hasType(token, Int);
}

/** Whether a parenthesis behind a token holds arguments or parameters. */
function opensCall(before: IToken | undefined, prev: IToken, marks: Marks): boolean {
  if (marks.kindEnds.has((prev.endOffset ?? prev.startOffset) + 1)) return false;
  return isValueEnd(before, prev) && !marks.clauses.has(prev.startOffset);
}

/** Whether a token ends a value that a parenthesis or a bracket behind it belongs to. */
function isValueEnd(before: IToken | undefined, prev: IToken): boolean {
  if (isOneOf(prev, Sign.RParen, Sign.RSquare) || prev.tokenType.name === "String") return true;
  const isMember = before !== undefined && isOneOf(before, Sign.Dot, Sign.OptionalDot);
  return hasType(prev, Name) || (isMember && hasType(prev, AnyWord));
}

/** Whether a line that begins with this token goes on with the one before. */
export function goesOn(first: IToken, last: IToken | undefined, marks: Marks): boolean {
  if (marks.continued.has(first.startOffset)) return true;
  if (isOneOf(first, Sign.Dot, Sign.OptionalDot, Sign.Bar, Sign.Arrow, Sign.FatArrow)) return true;
  if (hasType(first, InfixOperator) && !(isOneOf(first, Sign.Minus) && last === undefined)) return true;
  return last !== undefined && (hasType(last, InfixOperator) || isOneOf(last, Sign.Arrow, Sign.FatArrow, Sign.Bar));
}
