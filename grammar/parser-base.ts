import { EmbeddedActionsParser, EOF, tokenMatcher } from "chevrotain";
import type { IOrAlt, IToken, TokenType } from "chevrotain";
import type { Expression, Name as NameNode } from "./ast.ts";
import { describeToken, isReserved } from "./describe-token.ts";
import { bracketStep, openerOf } from "./brackets.ts";
import type { Diagnostic, Fix, Related } from "./diagnostic.ts";
import { buildLiteral } from "./literals.ts";
import type { LiteralContext, PendingHole } from "./literals.ts";
import { messages, syntaxError } from "./messages.ts";
import type { Row } from "./messages.ts";
import { expectation } from "./expectations.ts";
import type { SourceFile, Span } from "./source.ts";
import { Name, scanOf, Sign, StringToken, tokenTypes, Word } from "./tokens.ts";

/** A rule of the grammar without arguments. */
export type Rule<Result> = () => Result;

/** The alternatives of a choice with one result. */
export type Choice<Result> = IOrAlt<Result>[];

/** A syntax error on its way to the place that can go on after it. */
export class SyntaxProblem extends Error {
  readonly diagnostic: Diagnostic;
  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** Greatest height of the tree of one expression; deeper ones could not be walked safely. */
export const maxExpressionHeight = 500;

/** What the rules have in common: spans, lines, errors, and going on after them. */
export abstract class ParserBase extends EmbeddedActionsParser {
  protected file: SourceFile = { path: "", text: "" };
  #report: (diagnostic: Diagnostic) => void = () => {};
  #defer: (hole: PendingHole) => void = () => {};
  /** Offset at which the text that is read ends. */
  #end = 0;
  #highest = maxExpressionHeight;
  /** Height of the expression that was read last. */
  protected height = 0;

  constructor(validate: boolean) {
    super([...tokenTypes], {
      maxLookahead: 2,
      recoveryEnabled: false,
      skipValidations: !validate,
      errorMessageProvider: {
        // Each that says something throws it instead: the rule ends with our own error, in our words.
        buildMismatchTokenMessage: ({ expected, actual, previous, ruleName }) => {
          const found = this.nameOfFound(actual, previous);
          throw new SyntaxProblem(expectation(expected, ruleName, actual, found, this.spanOfMissing(actual, previous)));
        },
        // Rules that must reach the end see to it themselves.
        buildNotAllInputParsedMessage: () => "",
        buildNoViableAltMessage: ({ actual }) => this.unexpected(actual[0] ?? this.LA(1)),
        buildEarlyExitMessage: ({ actual }) => this.unexpected(actual[0] ?? this.LA(1)),
      },
    });
  }

  /** Makes the parser ready for one run over tokens of a file. */
  begin(
    file: SourceFile,
    tokens: IToken[],
    context: Omit<LiteralContext, "file">,
    part?: { readonly end: number; readonly depth: number },
  ): void {
    this.file = file;
    this.#end = part?.end ?? file.text.length;
    this.#highest = maxExpressionHeight >> (part?.depth ?? 0);
    this.#report = context.report;
    this.#defer = context.defer;
    this.height = 0;
    this.input = tokens;
  }

  private unexpected(token: IToken): never {
    const found = this.nameOfFound(token, this.LA(0));
    this.fail(messages.unexpected, { found }, this.spanOfMissing(token, this.LA(0)));
  }

  /** Declares a rule; the type of its result comes from the field it is assigned to. */
  protected rule<Result>(name: string, implementation: () => Result): Rule<Result> {
    return this.RULE<Rule<Result>>(name, implementation);
  }

  /** Declares a rule that goes on after a token which its caller has read. */
  protected ruleAfter<Result>(name: string, implementation: (token: IToken) => Result): (token: IToken) => Result {
    return this.RULE<(token: IToken) => Result>(name, implementation);
  }

  // ---- spans and lines

  protected spanOf(token: IToken): Span {
    const start = token.tokenType === EOF ? this.#end : token.startOffset;
    return { file: this.file, start, end: token.tokenType === EOF ? start : (token.endOffset ?? start) + 1 };
  }

  /** From an offset to the end of the token that was read last. */
  protected spanFrom(start: number): Span {
    return { file: this.file, start, end: (this.LA(0).endOffset ?? start) + 1 };
  }

  /** From an offset to the end of a node. */
  protected spanUntil(start: number, last: Span): Span {
    return { file: this.file, start, end: last.end };
  }

  /** Where something is missing: at the token that stands there instead, or at the end of the line before it. */
  protected spanOfMissing(actual: IToken, previous: IToken): Span {
    if (actual.tokenType === EOF && this.#end < this.file.text.length) return this.spanOf(actual);
    if (previous.tokenType === EOF || (actual.tokenType !== EOF && actual.startLine === previous.endLine))
      return this.spanOf(actual);
    const end = (previous.endOffset ?? 0) + 1;
    return { file: this.file, start: end, end };
  }

  /** True when the next token stands on the line on which the last one ended. */
  protected onSameLine(): boolean {
    const next = this.LA(1);
    return next.startLine === this.LA(0).endLine && next.isInsertedInRecovery !== true;
  }

  protected nextIs(type: TokenType, ahead = 1): boolean {
    return tokenMatcher(this.LA(ahead), type);
  }

  protected atEnd(): boolean {
    return this.LA(1).tokenType === EOF;
  }

  // ---- errors

  protected report(diagnostic: Diagnostic): void {
    this.#report(diagnostic);
  }

  /** Reports a mistake that does not keep the rule from going on. */
  protected note<Details>(row: Row<Details>, details: Details, span: Span): void {
    this.report(syntaxError(row, span, details));
  }

  /** Ends the rule with a syntax error; at the next token unless a span is given. */
  protected fail<Details>(
    row: Row<Details>,
    details: Details,
    span: Span = this.spanOfMissing(this.LA(1), this.LA(0)),
    more?: { readonly related?: readonly Related[]; readonly fix?: Fix },
  ): never {
    throw new SyntaxProblem(syntaxError(row, span, details, more));
  }

  /** What the next token is called in a message. */
  protected found(): string {
    return this.nameOfFound(this.LA(1), this.LA(0));
  }

  private nameOfFound(actual: IToken, previous: IToken): string {
    const lineEnds = previous.tokenType !== EOF && actual.tokenType !== EOF && actual.startLine !== previous.endLine;
    if (lineEnds || actual.isInsertedInRecovery === true) return "the end of the line";
    return actual.tokenType === EOF && this.#end < this.file.text.length
      ? "the end of the hole"
      : describeToken(actual);
  }

  /** Ends the rule unless a value may begin here; a property's value stands on the line of its `=`. */
  protected needValueOnLine(owner: IToken | string): void {
    if (!this.RECORDING_PHASE && !this.onSameLine()) {
      const after = typeof owner === "string" ? owner : `\`${owner.image} =\``;
      const end = this.spanFrom(this.LA(0).startOffset);
      this.fail(messages.missingValue, { after }, { ...end, start: end.end });
    }
  }

  /**
   * Runs one rule of a list of entries. When it fails, reports why and skips the rest of the entry, so that nothing
   * else is lost; `undefined` then.
   */
  protected recovering<Result>(rule: () => Result, begins = beginsEntry): Result | undefined {
    if (this.RECORDING_PHASE) return rule();
    const first = this.LA(1);
    const before = this.LA(0);
    try {
      return rule();
    } catch (problem) {
      if (!(problem instanceof SyntaxProblem)) throw problem;
      this.report(problem.diagnostic);
      this.skipEntry(first, before, begins);
      return undefined;
    }
  }

  /** Reports a problem with the next entry and skips it. */
  protected rejectEntry(diagnostic: Diagnostic): void {
    const first = this.LA(1);
    this.report(diagnostic);
    this.skipEntry(first, this.LA(0), beginsEntry);
  }

  /**
   * Skips to where the next entry of the list around may begin: to a token that begins a line with no bracket of the
   * broken entry open, to one that begins a line no further in than the broken entry did, or to the closing brace.
   */
  private skipEntry(first: IToken, before: IToken, begins: (token: IToken) => boolean): void {
    const open = this.openSince(first);
    const firstBeginsLine = before.tokenType === EOF || before.endLine !== first.startLine;
    const column = first.startColumn ?? 1;
    if (this.LA(1) === first && !this.nextIs(Sign.RCurly)) {
      follow(first, open);
      this.SKIP_TOKEN();
    }
    while (!this.atEnd()) {
      const token = this.LA(1);
      const step = bracketStep(token);
      const beginsLine = token.startLine !== this.LA(0).endLine;
      if (beginsLine && step >= 0) {
        if (open.length === 0 && begins(token)) return;
        if (firstBeginsLine && (token.startColumn ?? 1) <= column && begins(token)) return;
      }
      if (token.tokenType === Sign.RCurly) {
        if (!open.includes(Sign.LCurly)) return;
        if (beginsLine && firstBeginsLine && (token.startColumn ?? 1) < column) return;
      }
      if (open.length === 0 && token.tokenType === Sign.Comma && this.entryFollowsComma()) {
        this.SKIP_TOKEN();
        return;
      }
      follow(token, open);
      this.SKIP_TOKEN();
    }
  }

  private entryFollowsComma(): boolean {
    return this.LA(2).startLine !== this.LA(1).endLine || this.LA(3).tokenType === Sign.Equals;
  }

  /** The brackets that have been opened and not closed from a token that was read to the next one. */
  private openSince(first: IToken): TokenType[] {
    let back = 0;
    for (; ; back -= 1) {
      const token = this.LA(back);
      if (token.tokenType === EOF || token.startOffset < first.startOffset) break;
    }
    const open: TokenType[] = [];
    for (back += 1; back <= 0; back += 1) follow(this.LA(back), open);
    return open;
  }

  // ---- pieces of the tree

  protected nameFrom(token: IToken): NameNode {
    return { text: token.image, span: this.spanOf(token) };
  }

  protected literalFrom(token: IToken): ReturnType<typeof buildLiteral> {
    return buildLiteral(token.startOffset, scanOf(token), {
      file: this.file,
      report: this.#report,
      defer: this.#defer,
    });
  }

  /** Raises the height of the expression read last and refuses what is too high. */
  protected grow(height: number, node: Expression): Expression {
    this.height = height + 1;
    if (this.height > this.#highest) this.fail(messages.tooDeep, { limit: this.#highest }, node.span);
    return node;
  }

  /** Ends the rule unless a name comes next. */
  protected needName(where: string): void {
    if (!this.RECORDING_PHASE && !this.nextIs(Name))
      this.fail(messages.notAName, { found: this.found(), where, reserved: isReserved(this.LA(1)) });
  }

  /** Ends the rule unless a string comes next. */
  protected needString(where: string): void {
    if (!this.RECORDING_PHASE && !this.nextIs(StringToken))
      this.fail(messages.missingString, { found: this.found(), where });
  }
}

/** Notes a bracket; a `}` also closes what was left open inside of its braces, as each pair of braces is known to match. */
function follow(token: IToken, open: TokenType[]): void {
  const step = bracketStep(token);
  if (step > 0) open.push(token.tokenType);
  else if (step < 0) {
    const opener = openerOf(token);
    const at = open.lastIndexOf(opener);
    if (at >= 0 && (opener === Sign.LCurly || at === open.length - 1)) open.length = at;
  }
}

/** True for what may begin a statement or an entry of a body. */
function beginsEntry(token: IToken): boolean {
  return (/^[A-Za-z_]/.test(token.image) && token.tokenType !== Word.else) || token.tokenType === Sign.Spread;
}
