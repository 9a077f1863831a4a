import { EOF } from "chevrotain";
import type { IToken } from "chevrotain";
import { DeclarationRules, titleStarts } from "./declarations.ts";
import { describeToken } from "./describe-token.ts";
import { withForeignHint } from "./expectations.ts";
import { messages, syntaxError } from "./messages.ts";
import { Name, Place, Sign, Word } from "./tokens.ts";

/** What may stand behind the name that begins a statement, besides another name. */
const namedItemSigns = new Set([...titleStarts, Sign.Arrow, Sign.Dot, Sign.Equals, Sign.LCurly]);

/** What is looked at before a statement is read, and what is said when none can be. */
export abstract class StatementChecks extends DeclarationRules {
  /** Reports and skips what begins no statement. */
  protected rejectStatement(): void {
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
      const problem = syntaxError(sameLine ? messages.unexpected : messages.notAStatement, span, { found });
      this.rejectEntry({ ...problem, ...withForeignHint(token, problem.hints) });
    }
  }

  /** Says what is wrong when a name begins a statement but nothing that makes it one follows. */
  protected checkNamedItem(): void {
    if (this.RECORDING_PHASE) return;
    const first = this.LA(1);
    const next = this.LA(2);
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
