import { createTokenInstance } from "chevrotain";
import type { IToken, TokenType } from "chevrotain";
import type { Diagnostic } from "./diagnostic.ts";
import { messages, syntaxError } from "./messages.ts";
import type { SourceFile, Span } from "./source.ts";
import { CommandToken, scanOf, Sign, StringToken } from "./tokens.ts";

/** How deep brackets may stand in each other. */
export const maxBracketDepth = 200;

const closers = new Map<TokenType, TokenType>([
  [Sign.LCurly, Sign.RCurly],
  [Sign.LSquare, Sign.RSquare],
  [Sign.LParen, Sign.RParen],
]);

/**
 * Gives the parser braces that match: where the indentation shows that a `}` is missing, one without text is put in
 * and reported; one that closes nothing is reported and left out. Undefined when brackets stand too deep in each other.
 */
export function balanceBrackets(
  file: SourceFile,
  tokens: IToken[],
  report: (diagnostic: Diagnostic) => void,
): IToken[] | undefined {
  let depth = 0;
  let braces = 0;
  let lowest = 0;
  for (const token of tokens) {
    const step = bracketStep(token);
    if (step === 0) continue;
    depth = Math.max(0, depth + step);
    if (depth > maxBracketDepth) {
      report(syntaxError(messages.tooDeep, spanOf(file, token), { limit: maxBracketDepth }));
      return undefined;
    }
    if (token.tokenType !== Sign.LCurly && token.tokenType !== Sign.RCurly) continue;
    braces += step;
    lowest = Math.min(lowest, braces);
  }
  return braces === 0 && lowest === 0 ? tokens : repair(file, tokens, braces, report);
}

const steps = new Map<number | undefined, 1 | -1>();
for (const [opener, closer] of closers) steps.set(opener.tokenTypeIdx, 1).set(closer.tokenTypeIdx, -1);

/** 1 for an opening bracket, -1 for a closing one, 0 for anything else. */
export function bracketStep(token: IToken): 1 | 0 | -1 {
  return steps.get(token.tokenTypeIdx) ?? 0;
}

/** The bracket that a closing one belongs to. */
export function openerOf(token: IToken): TokenType {
  for (const [opener, closer] of closers) if (closer === token.tokenType) return opener;
  return token.tokenType;
}

interface Open {
  readonly token: IToken;
  /** Column of the first token on the line of the brace. */
  readonly indent: number;
}

function repair(
  file: SourceFile,
  tokens: IToken[],
  surplus: number,
  report: (diagnostic: Diagnostic) => void,
): IToken[] {
  const result: IToken[] = [];
  const open: Open[] = [];
  const silent = linesOfUnclosedText(tokens);
  let missing = Math.max(surplus, 0);
  let indent = 1;
  let previous: IToken | undefined;

  const close = (brace: Open, before: IToken | undefined): void => {
    const at = previous ? (previous.endOffset ?? previous.startOffset) + 1 : 0;
    const span = before && before.tokenType === Sign.RCurly ? spanOf(file, before) : { file, start: at, end: at };
    if (!silent.lines.has(brace.token.startLine ?? 0) && !silent.toTheEnd) {
      const related = [{ span: spanOf(file, brace.token), message: "this `{` is still open" }];
      report(syntaxError(messages.missingClose, span, { close: "}" }, { related }));
    }
    const line = previous?.endLine ?? 1;
    const column = previous?.endColumn ?? 1;
    const token = createTokenInstance(Sign.RCurly, "", at, at - 1, line, line, column, column);
    result.push({ ...token, isInsertedInRecovery: true });
  };

  for (const token of tokens) {
    const beginsLine = !previous || token.startLine !== previous.endLine;
    const column = token.startColumn ?? 1;
    if (beginsLine) {
      indent = column;
      const closes = token.tokenType === Sign.RCurly;
      let top = open.at(-1);
      while (top && missing > 0 && top.token.tokenType === Sign.LCurly && mayFollow(token)) {
        if (closes ? top.indent <= column : top.indent < column) break;
        close(top, undefined);
        missing -= 1;
        open.pop();
        top = open.at(-1);
      }
    }
    if (closers.has(token.tokenType)) open.push({ token, indent });
    else if (token.tokenType === Sign.RCurly) {
      while (open.length > 0 && open.at(-1)?.token.tokenType !== Sign.LCurly) open.pop();
      if (open.length === 0) {
        report(syntaxError(messages.strayClose, spanOf(file, token), { close: "}" }));
        previous = token;
        continue;
      }
      open.pop();
    } else if (token.tokenType === closers.get(open.at(-1)?.token.tokenType ?? token.tokenType)) open.pop();
    result.push(token);
    previous = token;
  }
  for (const brace of open.toReversed()) if (brace.token.tokenType === Sign.LCurly) close(brace, undefined);
  return result;
}

/** Only a closing brace or a word may show by its indentation that a block has ended. */
function mayFollow(token: IToken): boolean {
  return token.tokenType === Sign.RCurly || (/^[A-Za-z_]/.test(token.image) && token.image !== "else");
}

/** Lines on which a text is not closed: the brace that is missing there is most likely in that text. */
function linesOfUnclosedText(tokens: readonly IToken[]): {
  readonly lines: ReadonlySet<number>;
  readonly toTheEnd: boolean;
} {
  const lines = new Set<number>();
  let toTheEnd = false;
  for (const token of tokens) {
    if (token.tokenType !== StringToken && token.tokenType !== CommandToken) continue;
    const scan = scanOf(token);
    if (scan.closed) continue;
    if (scan.block) toTheEnd = true;
    lines.add(token.startLine ?? 0);
  }
  return { lines, toTheEnd };
}

function spanOf(file: SourceFile, token: IToken): Span {
  return { file, start: token.startOffset, end: (token.endOffset ?? token.startOffset) + 1 };
}
