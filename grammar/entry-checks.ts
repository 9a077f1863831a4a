import { EOF } from "chevrotain";
import type { IToken } from "chevrotain";
import type { StringLiteral } from "./ast.ts";
import { foreignProperty } from "./foreign-words.ts";
import { messages } from "./messages.ts";
import { ParserBase } from "./parser-base.ts";
import type { Span } from "./source.ts";
import { Sign, Word } from "./tokens.ts";

/** What several rules check about lines, and about values without `=`. */
export abstract class EntryChecks extends ParserBase {
  /** A string that may not have holes, such as a type or a pattern; holes are reported and left out. */
  protected plainText(token: IToken, where: string): StringLiteral {
    const node = this.literalFrom(token);
    const parts = node.parts.filter((part) => part.type === "text");
    for (const part of node.parts) if (part.type === "hole") this.note(messages.textWithHoles, { where }, part.span);
    return { type: "string", span: node.span, parts, block: node.type === "string" && node.block };
  }

  /** Reports an entry that begins on the line of the one before without a comma between. */
  protected needOwnLine(what: string, comma: boolean): void {
    if (this.RECORDING_PHASE || !this.onSameLine()) return;
    const previous = this.LA(0).tokenType;
    if (previous === Sign.LCurly || (comma && previous === Sign.Comma)) return;
    const token = this.LA(1);
    const elseIf = ["elif", "elseif", "elsif"].includes(token.image);
    this.note(messages.sharedLine, { what, comma, elseIf }, this.spanOf(token));
  }

  protected looksLikeSign(token: IToken): boolean {
    return [Sign.Colon, Sign.FatArrow, Sign.EqualEqual, Sign.PlusEqual].includes(token.tokenType);
  }

  protected looksLikeValue(token: IToken): boolean {
    if (this.looksLikeSign(token)) return true;
    const words: readonly IToken["tokenType"][] = [
      Word.true,
      Word.false,
      Word.none,
      Word.not,
      Sign.LSquare,
      Sign.Minus,
    ];
    return words.includes(token.tokenType) || /^[0-9]/.test(token.image) || token.image.startsWith('sh"');
  }

  /** R103: `name value`, `name: value`, `name => value`, `name += value`. */
  protected failForEquals(name: IToken): never {
    const nameSpan = this.spanOf(name);
    const form = foreignProperty(name.image, undefined);
    const sign = this.LA(1);
    if (!this.onSameLine() || this.nextIs(Sign.RCurly) || this.nextIs(Sign.Comma))
      this.fail(messages.missingEquals, { name: name.image, value: "", chef: false, joins: false, form }, nameSpan);
    const foreign = this.looksLikeSign(sign);
    const from = foreign ? this.LA(2) : sign;
    const valueSpan = this.valueSpan(foreign ? 2 : 1);
    const value = this.file.text.slice(valueSpan.start, valueSpan.end);
    const shown = value.length > 40 || value.includes("\n") ? "…" : value;
    const fix = foreign
      ? { span: this.spanOf(sign), text: this.file.text[sign.startOffset - 1] === " " ? "=" : " =" }
      : { span: { file: this.file, start: nameSpan.end, end: nameSpan.end }, text: " =" };
    const related = { span: valueSpan, message: `\`${name.image} = ${shown}\`` };
    const missing = from.tokenType === EOF || from.startLine !== name.endLine;
    this.fail(
      messages.missingEquals,
      {
        name: name.image,
        value: missing ? "" : shown,
        chef: !foreign && from.tokenType !== Sign.LCurly,
        joins: sign.tokenType === Sign.PlusEqual,
        form,
      },
      nameSpan,
      {
        // What would still be wrong with its `=` is not offered.
        ...(missing || form ? {} : { related: [related] }),
        ...(form ? {} : { fix }),
      },
    );
  }

  /** From a token ahead to the end of the value that seems to begin there: its line, a comma or a closing brace. */
  protected valueSpan(ahead: number): Span {
    const first = this.LA(ahead);
    let end = this.spanOf(first).end;
    let depth = 0;
    for (let at = ahead; ; at += 1) {
      const token = this.LA(at);
      if (token.tokenType === EOF) break;
      if (depth === 0 && (token.startLine !== first.startLine || token.tokenType === Sign.Comma)) break;
      if ([Sign.LCurly, Sign.LSquare, Sign.LParen].includes(token.tokenType)) depth += 1;
      if ([Sign.RCurly, Sign.RSquare, Sign.RParen].includes(token.tokenType)) depth -= 1;
      if (depth < 0) break;
      end = this.spanOf(token).end;
    }
    return { file: this.file, start: first.startOffset, end };
  }

  /** Reports a `{` that does not stand on the line of its header, and goes on. */
  protected openOnLine(what: string): void {
    if (this.RECORDING_PHASE || !this.nextIs(Sign.LCurly) || this.onSameLine()) return;
    this.note(messages.headerLine, { what: `the \`{\` of a ${what}` }, this.spanOf(this.LA(1)));
  }
}
