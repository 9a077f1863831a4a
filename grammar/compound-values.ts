import type { IToken } from "chevrotain";
import type { Expression, ForHead, ListElement, MatchArm, Name as NameNode, Pattern, RecordEntry } from "./ast.ts";
import { describeToken } from "./describe-token.ts";
import { ExpressionRules } from "./expressions.ts";
import { messages } from "./messages.ts";
import { intLiteral } from "./number-literals.ts";
import type { Choice, Rule } from "./parser-base.ts";
import { AnyWord, Int, Name, Sign, StringToken, Word } from "./tokens.ts";

/** The rules of values that are made of others: lists, records, `for`, `if` and `match`. */
export abstract class CompoundValueRules extends ExpressionRules {
  readonly list: Rule<Expression> = this.rule("list", () => {
    const start = this.CONSUME(Sign.LSquare).startOffset;
    const result = this.OR<Choice<(() => Expression) | undefined>>([
      {
        ALT: () => {
          const head = this.SUBRULE(this.forHead);
          const headHeight = this.height;
          this.CONSUME(Sign.FatArrow);
          const value = this.SUBRULE(this.expression);
          this.height = Math.max(headHeight, this.height);
          return () => ({ type: "list-for", head, value, span: this.spanFrom(start) });
        },
      },
      {
        ALT: () => {
          const elements: ListElement[] = [];
          let highest = 0;
          this.OPTION(() => {
            elements.push(this.SUBRULE(this.listElement));
            highest = this.height;
            this.MANY({
              GATE: () => !this.nextIs(Sign.RSquare, 2),
              DEF: () => {
                this.CONSUME(Sign.Comma);
                elements.push(this.SUBRULE2(this.listElement));
                highest = Math.max(highest, this.height);
              },
            });
            this.OPTION2(() => this.CONSUME2(Sign.Comma));
          });
          this.height = highest;
          return () => ({ type: "list", elements, span: this.spanFrom(start) });
        },
      },
    ]);
    this.CONSUME(Sign.RSquare);
    return this.ACTION(() => this.grow(this.height, result?.() ?? noValue(this.spanFrom(start))));
  });

  readonly listElement: Rule<ListElement> = this.rule("listElement", () => {
    const start = this.LA(1).startOffset;
    const spread = this.OPTION(() => this.CONSUME(Sign.Spread)) !== undefined;
    const value = this.SUBRULE(this.expression);
    return { spread, value, span: this.spanFrom(start) };
  });

  readonly record: Rule<Expression> = this.rule("record", () => {
    const start = this.CONSUME(Sign.LCurly).startOffset;
    const result = this.OR<Choice<(() => Expression) | undefined>>([
      {
        ALT: () => {
          const head = this.SUBRULE(this.forHead);
          let highest = this.height;
          this.CONSUME(Sign.FatArrow);
          const key = this.SUBRULE(this.expression);
          highest = Math.max(highest, this.height);
          this.CONSUME(Sign.Equals);
          const value = this.SUBRULE2(this.expression);
          this.height = Math.max(highest, this.height);
          return () => ({ type: "record-for", head, key, value, span: this.spanFrom(start) });
        },
      },
      {
        ALT: () => {
          const entries: RecordEntry[] = [];
          let highest = 0;
          this.MANY({
            GATE: () => this.recordEntryIsComplete(),
            DEF: () => {
              this.needOwnLine("an entry of a record", true);
              entries.push(this.SUBRULE(this.recordEntry));
              highest = Math.max(highest, this.height);
              this.OPTION(() => this.CONSUME(Sign.Comma));
            },
          });
          this.closeRecord();
          this.height = highest;
          return () => ({ type: "record", entries, span: this.spanFrom(start) });
        },
      },
    ]);
    this.CONSUME(Sign.RCurly);
    return this.ACTION(() => this.grow(this.height, result?.() ?? noValue(this.spanFrom(start))));
  });

  readonly recordEntry: Rule<RecordEntry> = this.rule("recordEntry", () => {
    const first = this.LA(1);
    return this.OR<Choice<RecordEntry>>([
      {
        ALT: () => {
          const start = this.CONSUME(Sign.Spread).startOffset;
          const value = this.SUBRULE(this.postfix);
          return { type: "spread", value, span: this.spanFrom(start) };
        },
      },
      {
        ALT: () => {
          const key = this.OR2([{ ALT: () => this.CONSUME(AnyWord) }, { ALT: () => this.CONSUME(StringToken) }]);
          this.CONSUME(Sign.Equals);
          this.needValueOnLine(key);
          const value = this.SUBRULE(this.expression);
          return this.ACTION(() => {
            const span = this.spanFrom(first.startOffset);
            return { type: "entry", key: this.keyFrom(key), value, shorthand: false, span };
          });
        },
      },
      {
        ALT: () => {
          const key = this.nameFrom(this.CONSUME(Name));
          this.height = 1;
          const value: Expression = { type: "name", name: key.text, span: key.span };
          return { type: "entry", key, value, shorthand: true, span: key.span };
        },
      },
    ]);
  });

  readonly forHead: Rule<ForHead> = this.rule("forHead", () => {
    const start = this.CONSUME(Word.for).startOffset;
    const names: NameNode[] = [this.nameFrom(this.CONSUME(Name))];
    this.OPTION(() => {
      this.CONSUME(Sign.Comma);
      names.push(this.nameFrom(this.CONSUME2(Name)));
    });
    this.CONSUME(Word.in);
    const source = this.SUBRULE(this.expression);
    const sourceHeight = this.height;
    const condition = this.OPTION2(() => {
      this.CONSUME(Word.if);
      return this.SUBRULE2(this.expression);
    });
    this.height = Math.max(sourceHeight, this.height);
    return { names, source, ...(condition ? { condition } : {}), span: this.spanFrom(start) };
  });

  readonly ifExpression: Rule<Expression> = this.rule("ifExpression", () => {
    const branches: { start: number; condition: Expression; value: Expression }[] = [];
    let highest = 0;
    const branch = (start: number, condition: Expression, value: Expression): void => {
      branches.push({ start, condition, value });
    };
    const start = this.CONSUME(Word.if).startOffset;
    const condition = this.SUBRULE(this.expression);
    highest = Math.max(highest, this.height);
    branch(start, condition, this.SUBRULE(this.braced));
    highest = Math.max(highest, this.height);
    this.MANY({
      GATE: () => this.nextIs(Word.if, 2),
      DEF: () => {
        this.CONSUME(Word.else);
        const at = this.CONSUME2(Word.if).startOffset;
        const another = this.SUBRULE2(this.expression);
        highest = Math.max(highest, this.height);
        branch(at, another, this.SUBRULE2(this.braced));
        highest = Math.max(highest, this.height);
      },
    });
    this.CONSUME2(Word.else);
    const otherwise = this.SUBRULE3(this.braced);
    highest = Math.max(highest, this.height);
    return this.ACTION(() => {
      let result = otherwise;
      for (const { start: from, condition: test, value } of branches.toReversed())
        result = { type: "if", condition: test, then: value, else: result, span: this.spanFrom(from) };
      return this.grow(highest + branches.length - 1, result);
    });
  });

  readonly braced: Rule<Expression> = this.rule("braced", () => {
    this.CONSUME(Sign.LCurly);
    const value = this.SUBRULE(this.expression);
    this.CONSUME(Sign.RCurly);
    return value;
  });

  readonly matchExpression: Rule<Expression> = this.rule("matchExpression", () => {
    const start = this.CONSUME(Word.match).startOffset;
    const subject = this.SUBRULE(this.expression);
    let highest = this.height;
    const arms: MatchArm[] = [];
    this.CONSUME(Sign.LCurly);
    this.MANY(() => {
      this.needOwnLine("a case of `match`", true);
      arms.push(this.SUBRULE(this.arm));
      highest = Math.max(highest, this.height);
      this.OPTION(() => this.CONSUME(Sign.Comma));
    });
    this.closeCases();
    this.CONSUME(Sign.RCurly);
    return this.ACTION(() => this.grow(highest, { type: "match", subject, arms, span: this.spanFrom(start) }));
  });

  readonly arm: Rule<MatchArm> = this.rule("arm", () => {
    const start = this.LA(1).startOffset;
    const pattern = this.SUBRULE(this.pattern);
    this.CONSUME(Sign.FatArrow);
    const value = this.SUBRULE(this.expression);
    return { pattern, value, span: this.spanFrom(start) };
  });

  /** `else`, or literals joined by `|`. */
  readonly pattern: Rule<Pattern> = this.rule("pattern", () => {
    const start = this.LA(1).startOffset;
    const values: Pattern["values"][number][] = [];
    const isElse = this.OR([
      {
        ALT: () => {
          this.CONSUME(Word.else);
          return true;
        },
      },
      {
        ALT: () => {
          values.push(this.SUBRULE(this.patternValue));
          this.MANY(() => {
            this.CONSUME(Sign.Bar);
            this.needPattern();
            values.push(this.SUBRULE2(this.patternValue));
          });
          return false;
        },
      },
    ]);
    return { else: isElse, values, span: this.spanFrom(start) };
  });

  readonly patternValue: Rule<Pattern["values"][number]> = this.rule("patternValue", () =>
    this.OR<Choice<Pattern["values"][number]>>([
      {
        ALT: () => {
          const token = this.CONSUME(StringToken);
          return this.ACTION(() => this.plainText(token, "a case of `match`"));
        },
      },
      {
        ALT: () => {
          const start = this.LA(1).startOffset;
          const minus = this.OPTION(() => this.CONSUME(Sign.Minus));
          const token = this.CONSUME(Int);
          return this.ACTION(() => {
            const { value } = intLiteral(token, this.spanOf(token), (problem) => this.report(problem));
            return { type: "int", value: minus && value !== 0 ? -value : value, span: this.spanFrom(start) };
          });
        },
      },
      { ALT: () => ({ type: "bool", value: true, span: this.spanOf(this.CONSUME(Word.true)) }) },
      { ALT: () => ({ type: "bool", value: false, span: this.spanOf(this.CONSUME(Word.false)) }) },
      { ALT: () => ({ type: "none", span: this.spanOf(this.CONSUME(Word.none)) }) },
    ]),
  );

  /** Fails with our words when something other than a case stands in a `match`. */
  protected closeCases(): void {
    if (!this.RECORDING_PHASE && !this.atEnd() && !this.nextIs(Sign.RCurly))
      this.fail(messages.notAPattern, { found: describeToken(this.LA(1)) }, this.spanOf(this.LA(1)));
  }

  /** False when the next key has no value, which has a message of its own. */
  private recordEntryIsComplete(): boolean {
    if (this.nextIs(Sign.Spread) || this.nextIs(Sign.Equals, 2)) return true;
    return this.nextIs(Name) && !this.valueFollowsName();
  }

  /** After `name`: something on the same line that looks like its value. */
  private valueFollowsName(): boolean {
    const next = this.LA(2);
    return next.startLine === this.LA(1).endLine && (this.looksLikeValue(next) || next.tokenType === StringToken);
  }

  private closeRecord(): void {
    if (this.RECORDING_PHASE || this.atEnd() || this.nextIs(Sign.RCurly)) return;
    const key = this.LA(1);
    if (!this.nextIs(AnyWord) && !this.nextIs(StringToken))
      this.fail(messages.notARecordEntry, { found: describeToken(key) }, this.spanOf(key));
    this.SKIP_TOKEN();
    this.failForEquals(key);
  }

  private needPattern(): void {
    if (this.RECORDING_PHASE) return;
    const starts = [StringToken, Sign.Minus, Int, Word.true, Word.false, Word.none];
    if (!starts.some((type) => this.nextIs(type))) this.fail(messages.notAPattern, { found: this.found() });
  }

  private keyFrom(token: IToken): NameNode {
    if (token.tokenType !== StringToken) return this.nameFrom(token);
    const { parts, span } = this.plainText(token, "a key of a record");
    return { text: parts.map((part) => (part.type === "text" ? part.text : "")).join(""), span };
  }
}

function noValue(span: Expression["span"]): Expression {
  return { type: "none", span };
}
