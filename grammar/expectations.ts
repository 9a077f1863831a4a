import type { IToken, TokenType } from "chevrotain";
import { isReserved } from "./describe-token.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { messages, syntaxError } from "./messages.ts";
import type { Span } from "./source.ts";
import { AnyWord, Duration, Int, Name, Sign, StringToken, Word } from "./tokens.ts";

/** What each rule of the grammar is called in a message. */
const places: Readonly<Record<string, string>> = {
  block: "the block",
  body: "the body",
  field: "the field",
  fnDeclaration: "the function",
  forHead: "`for`",
  group: "the stack or layer",
  inputStatement: "`input`",
  let: "`let`",
  list: "the list",
  on: "`on`",
  order: "the order of layers",
  postfix: "the expression",
  property: "the property",
  record: "the record",
  recordType: "the record type",
  resourceDeclaration: "the resource",
  setStatement: "`set`",
  typeDeclaration: "`type`",
  use: "`use`",
};

const lists: Readonly<Record<string, string>> = {
  fnDeclaration: "the parameters of a function",
  list: "the elements of a list",
  postfix: "the arguments of a call",
  typeAtom: "the arguments of a type",
};

/** What signs of other languages are written as here. */
const foreignSigns: ReadonlyMap<TokenType, string> = new Map<TokenType, string>([
  [Sign.Bar, "two conditions are joined with `or`"],
  [Sign.Question, "a value that depends on a condition is written: if a { b } else { c }"],
]);

/** Says that a rule needed one token and found another, which is what `found` calls it. */
export function expectation(expected: TokenType, rule: string, actual: IToken, found: string, span: Span): Diagnostic {
  const diagnostic = mismatch(expected, rule, actual, found, span);
  return { ...diagnostic, ...withForeignHint(actual, diagnostic.hints) };
}

/** Hints with one more when a sign of another language stands there. */
export function withForeignHint(actual: IToken, hints: readonly string[] = []): Pick<Diagnostic, "hints"> {
  const hint = foreignSigns.get(actual.tokenType);
  const all = hint === undefined ? hints : [...hints, hint];
  return all.length === 0 ? {} : { hints: all };
}

function mismatch(expected: TokenType, rule: string, actual: IToken, found: string, span: Span): Diagnostic {
  const missesValue = actual.tokenType === Sign.Comma && lists[rule] !== undefined;
  if (missesValue) return syntaxError(messages.notAValue, span, { found, hints: [] });
  const where = places[rule] ?? "this statement";
  switch (expected) {
    case Name:
    case AnyWord:
      return syntaxError(messages.notAName, span, {
        found,
        where: `in ${where}`,
        reserved: expected === Name && span.end > span.start && isReserved(actual),
      });
    case StringToken:
      return syntaxError(messages.missingString, span, { found, where: "this" });
    case Duration:
      return syntaxError(messages.badClause, span, { word: "every", wants: "a duration such as 5s", found });
    case Int:
      return syntaxError(messages.badClause, span, {
        word: "retry",
        wants: "how often to try again, such as 3",
        found,
      });
    case Word.in:
      return syntaxError(messages.missingIn, span, { found });
    case Word.else:
      return syntaxError(messages.missingElse, span, undefined);
    case Sign.FatArrow:
      return rule === "arm" || rule === "statementArm"
        ? syntaxError(messages.missingArrow, span, { found })
        : syntaxError(messages.missingSign, span, { sign: "=>", where, found });
    case Sign.LCurly:
      return syntaxError(messages.missingBlock, span, { found });
    case Sign.Colon: {
      const what = rule === "fnDeclaration" ? "the result of a function" : "a field";
      return syntaxError(messages.untyped, span, { what, found });
    }
    case Sign.RParen:
    case Sign.RSquare:
    case Sign.Greater: {
      const close = expected.LABEL ?? expected.name;
      const list = lists[rule];
      if (list !== undefined && span.end > span.start)
        return syntaxError(messages.missingComma, span, { where: list, found, close });
      return syntaxError(messages.missingClose, span, { close });
    }
    case Sign.RCurly:
      return syntaxError(messages.missingClose, span, { close: "}" });
    default:
      return syntaxError(messages.missingSign, span, { sign: expected.LABEL ?? expected.name, where, found });
  }
}
