import type { IToken, TokenType } from "chevrotain";

/** Whether a token is of one of these types. */
export function isOneOf(token: IToken, ...types: readonly TokenType[]): boolean {
  return types.includes(token.tokenType);
}

/** Whether a token is of a type or of one that counts as it. */
export function hasType(token: IToken, type: TokenType): boolean {
  return token.tokenType === type || (token.tokenType.CATEGORIES ?? []).includes(type);
}
