import { EOF } from "chevrotain";
import type { IToken, TokenType } from "chevrotain";
import type { Item } from "./ast.ts";
import { clauseTypes, DeclarationRules, titleStarts } from "./declarations.ts";
import { describeToken, isReserved } from "./describe-token.ts";
import { withForeignHint } from "./expectations.ts";
import { foreignWords } from "./foreign-words.ts";
import { messages, syntaxError } from "./messages.ts";
import { positionAt } from "./source.ts";
import { suggest } from "./suggest.ts";
import { Name, Place, Sign, StringToken, Word } from "./tokens.ts";

/** What may stand behind the name that begins a statement, besides another name. */
const namedItemSigns = new Set([...titleStarts, Sign.Arrow, Sign.Dot, Sign.Equals, Sign.LCurly]);

/** The words of statements that go on with a sign behind a name, a dotted name or a string. */
function statementWordsBefore(sign: TokenType): readonly string[] {
  switch (sign) {
    case Sign.Equals:
    case Sign.Colon:
      return ["input", "let", "observe", "output", "set", "type"];
    case Sign.LParen:
      return ["fn", "resource"];
    case Sign.LCurly:
      return ["if", "layer", "match", "on", "resource", "stack", "test"];
    case Word.in:
      return ["for", "if"];
    case Word.and:
    case Word.or:
    case Word.matches:
    case Sign.EqualEqual:
    case Sign.NotEqual:
    case Sign.Less:
    case Sign.LessEqual:
    case Sign.Greater:
    case Sign.GreaterEqual:
      return ["expect", "if"];
    default:
      return [];
  }
}

/** What was most likely meant when no word is near. */
const likelyStatement: ReadonlyMap<TokenType, string> = new Map<TokenType, string>([
  [Sign.Equals, "a name is given a value with `let`"],
  [Sign.Colon, "a name with a type is declared with `input`, `let`, `observe` or `output`"],
  [Sign.LParen, "a function is declared with `fn`, a resource with `resource`"],
]);

/** What is looked at before a statement is read, and what is said when none can be. */
export abstract class StatementChecks extends DeclarationRules {
  /** Reports and skips what begins no statement; a statement before it on its line is incomplete, and is taken back. */
  protected rejectStatement(items: Item[]): void {
    const token = this.LA(1);
    const span = this.spanOf(token);
    const found = describeToken(token);
    if (token.tokenType === Word.else)
      this.rejectEntry(syntaxError(messages.wrongOrder, span, { found, where: "no `if` stands directly before it" }));
    else if (token.tokenType === Sign.RCurly) {
      // Only at the end of a file: a block would take it as its own.
      this.report(syntaxError(messages.strayClose, span, { close: "}" }));
      this.SKIP_TOKEN();
    } else {
      const sameLine = this.LA(0).tokenType !== EOF && this.onSameLine();
      if (sameLine) items.pop();
      const problem = syntaxError(sameLine ? messages.unexpected : messages.notAStatement, span, { found });
      this.rejectEntry({ ...problem, ...withForeignHint(token, problem.hints) });
    }
  }

  /** R015: an indented property or clause below a declaration whose `{` is missing. */
  protected checkOutsideBody(previous: Item | undefined): void {
    if (this.RECORDING_PHASE || previous?.type !== "declaration" || previous.body) return;
    const token = this.LA(1);
    if (!this.nextIs(Sign.Equals, 2) && !clauseTypes.has(token.tokenType)) return;
    if ((token.startColumn ?? 1) <= positionAt(this.file, previous.span.start).column) return;
    const { end } = previous.span;
    this.fail(messages.missingBlock, { found: "the end of the line" }, { file: this.file, start: end, end });
  }

  /** Says what is wrong when a name begins a statement but nothing that makes it one follows. */
  protected checkNamedItem(): void {
    if (this.RECORDING_PHASE) return;
    const first = this.LA(1);
    const next = this.LA(2);
    this.checkStatementWord(first);
    if (next.startLine === first.endLine) {
      if (namedItemSigns.has(next.tokenType) || this.nextIs(Name, 2)) return;
      this.SKIP_TOKEN();
      if (next.tokenType === Sign.LSquare) this.failForList(first);
      if (this.looksLikeValue(next)) this.failForEquals(first);
    } else {
      if (next.tokenType === Sign.LCurly) return;
      this.SKIP_TOKEN();
    }
    this.fail(messages.incompleteDeclaration, { kind: first.image, found: this.found() });
  }

  /**
   * R130: `lett x = 2`, `resorce app(name: string) {`, `iff a == b {`. No declaration goes on like this behind its title, so the
   * first word is meant as the word of a statement. The whole statement is one mistake and is skipped.
   */
  private checkStatementWord(first: IToken): void {
    const end = this.titleEnd(first);
    const sign = this.LA(end);
    if (end === 2 || sign.tokenType === EOF || sign.startLine !== first.endLine) return;
    const known = statementWordsBefore(sign.tokenType);
    if (known.length === 0 || (sign.tokenType === Sign.LCurly && !this.blockFollows(end + 1))) return;
    const form = foreignWords.get(first.image)?.statement;
    const meant = suggest(first.image, known);
    const likely = likelyStatement.get(sign.tokenType);
    if (meant === undefined && form === undefined && likely === undefined) return;
    const fix = meant !== undefined && form === undefined ? { fix: { span: this.spanOf(first), text: meant } } : {};
    this.fail(
      messages.unknownStatement,
      { word: first.image, meant, form, likely: likely ?? "" },
      this.spanOf(first),
      fix,
    );
  }

  /** How many tokens ahead a title of one name or string ends; 2 when none follows on the line. */
  private titleEnd(first: IToken): number {
    if (this.LA(2).startLine !== first.endLine) return 2;
    if (this.nextIs(StringToken, 2)) return 3;
    if (!this.nextIs(Name, 2)) return 2;
    let end = 3;
    while (this.nextIs(Sign.Dot, end) && this.nextIs(Name, end + 1)) end += 2;
    return end;
  }

  /** Whether what stands behind a `{` can begin a block or the cases of a `match`, but not the body of a declaration. */
  private blockFollows(ahead: number): boolean {
    const token = this.LA(ahead);
    const next = this.LA(ahead + 1);
    if (next.tokenType === Sign.FatArrow) return true;
    if (next.startLine !== token.endLine || next.tokenType === Sign.Equals) return false;
    if (isReserved(token)) return true;
    return token.tokenType === Name && [Name, StringToken, Sign.Dot, Sign.LCurly].includes(next.tokenType);
  }

  /** R032: `package ["a", "b"]`. */
  private failForList(kind: IToken): never {
    const span = this.valueSpan(1);
    const list = this.file.text.slice(span.start, span.end);
    const titles = /^\[\s*((?:"[^"\n]*"\s*,?\s*)+)\]$/.exec(list)?.[1]?.match(/"[^"\n]*"/g);
    const shown = titles ? titles.join(", ") : list.length > 40 || list.includes("\n") ? "...names" : `...${list}`;
    const fix = titles ? { fix: { span, text: titles.join(", ") } } : {};
    this.fail(messages.titlesAsList, { kind: kind.image, titles: shown }, span, fix);
  }

  /** Says what is wrong when `expect` is followed by nothing that can be expected. */
  protected checkExpectation(): void {
    if (this.RECORDING_PHASE) return;
    if (this.nextIs(Place.error) && this.nextIs(Sign.LCurly, 2)) {
      this.SKIP_TOKEN();
      this.fail(messages.missingString, { where: "an expected error", found: this.found() });
    }
    this.needValueOnLine("`expect`");
    if (!this.valueBegins()) this.fail(messages.notAValue, { found: this.found(), hints: [] });
  }

  /** What stands between a header and the `{` on its line is reported and skipped, so that the block is not lost. */
  protected skipToOpen(): void {
    if (this.RECORDING_PHASE || this.nextIs(Sign.LCurly) || !this.onSameLine()) return;
    const line = this.LA(1).startLine;
    let ahead = 1;
    while (this.LA(ahead).startLine === line && !this.nextIs(Sign.LCurly, ahead)) ahead += 1;
    if (!this.nextIs(Sign.LCurly, ahead) || this.LA(ahead).startLine !== line) return;
    const problem = syntaxError(messages.missingBlock, this.spanOf(this.LA(1)), { found: this.found() });
    this.report({ ...problem, ...withForeignHint(this.LA(1), problem.hints) });
    while (!this.nextIs(Sign.LCurly)) this.SKIP_TOKEN();
  }
}
