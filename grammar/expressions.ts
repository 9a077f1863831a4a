/* oxlint-disable unicorn/no-thenable -- the first branch of an `if` is called `then` in the tree */
import { EOF } from "chevrotain";
import type { IToken } from "chevrotain";
import type {
  Expression,
  ForHead,
  ListElement,
  MatchArm,
  Name as NameNode,
  Pattern,
  RecordEntry,
  StringLiteral,
} from "./ast.ts";
import { describeToken } from "./describe-token.ts";
import { durationLiteral, intLiteral, sizeLiteral } from "./number-literals.ts";
import type { Span } from "./source.ts";
import { buildOperators } from "./operators.ts";
import type { Operand } from "./operators.ts";
import { messages } from "./messages.ts";
import { ParserBase } from "./parser-base.ts";
import type { Choice, Rule } from "./parser-base.ts";
import {
  AnyWord,
  CommandToken,
  Duration,
  InfixOperator,
  Int,
  Mode,
  Name,
  Sign,
  Size,
  StringToken,
  Word,
} from "./tokens.ts";

/** Token types a value may begin with. */
const valueStarts = new Set([
  CommandToken,
  Duration,
  Mode,
  Sign.LCurly,
  Sign.LParen,
  Sign.LSquare,
  Size,
  StringToken,
  Word.false,
  Word.if,
  Word.match,
  Word.none,
  Word.true,
]);

/** Operators before a value. */
const prefixes = new Set([Sign.Minus, Word.not]);

/** What may follow a value and belong to it. */
const continuations = new Set([Sign.Dot, Sign.LParen, Sign.LSquare, Sign.OptionalDot]);

const foreignOperators: Readonly<Record<string, string>> = {
  "=>": "a value is given with `=`",
  "->": "`->` orders layers of a stack",
};

/** The rules of expressions. */
export abstract class ExpressionRules extends ParserBase {
  /** `a + b`, with every operator between values; the tree is built by their strengths. */
  readonly expression: Rule<Expression> = this.rule("expression", () => {
    // Most expressions are one value without an operator: those take the short way.
    if (this.RECORDING_PHASE || prefixes.has(this.LA(1).tokenType)) return this.chain(this.SUBRULE(this.operand));
    const value = this.SUBRULE3(this.postfix);
    if (!this.nextIs(InfixOperator)) return value;
    return this.chain({ nots: [], minus: undefined, value, height: this.height });
  });

  readonly operand: Rule<Operand> = this.rule("operand", () => {
    const nots: IToken[] = [];
    this.MANY(() => {
      nots.push(this.CONSUME(Word.not));
    });
    const minus = this.OPTION(() => this.CONSUME(Sign.Minus));
    const value = this.SUBRULE(this.postfix);
    return { nots, minus, value, height: this.height + nots.length };
  });

  /** A value with members, elements and calls after it. */
  readonly postfix: Rule<Expression> = this.rule("postfix", () => {
    let object = this.SUBRULE(this.primary);
    if (!this.RECORDING_PHASE && !continuations.has(this.LA(1).tokenType)) return object;
    let height = this.height;
    this.MANY(() => {
      const inner = object;
      const start = this.RECORDING_PHASE ? 0 : inner.span.start;
      object = this.OR<Choice<Expression>>([
        {
          ALT: () => {
            const dot = this.OR2([
              { ALT: () => this.CONSUME(Sign.Dot) },
              { ALT: () => this.CONSUME(Sign.OptionalDot) },
            ]);
            this.needMemberOnLine();
            const name = this.nameFrom(this.CONSUME(AnyWord));
            const optional = dot.tokenType === Sign.OptionalDot;
            return { type: "member", object: inner, name, optional, span: this.spanFrom(start) };
          },
        },
        {
          ALT: () => {
            this.CONSUME(Sign.LSquare);
            const index = this.SUBRULE(this.expression);
            this.CONSUME(Sign.RSquare);
            return { type: "index", object: inner, index, span: this.spanFrom(start) };
          },
        },
        {
          ALT: () => {
            const list: Expression[] = [];
            this.CONSUME(Sign.LParen);
            let highest = 0;
            this.OPTION(() => {
              list.push(this.SUBRULE2(this.expression));
              highest = this.height;
              this.MANY2({
                GATE: () => !this.nextIs(Sign.RParen, 2),
                DEF: () => {
                  this.CONSUME(Sign.Comma);
                  list.push(this.SUBRULE3(this.expression));
                  highest = Math.max(highest, this.height);
                },
              });
              this.OPTION2(() => this.CONSUME2(Sign.Comma));
            });
            this.CONSUME(Sign.RParen);
            this.height = highest;
            return { type: "call", callee: inner, arguments: list, span: this.spanFrom(start) };
          },
        },
      ]);
      this.ACTION(() => {
        this.grow(Math.max(height, this.height), object);
        height = this.height;
      });
    });
    this.height = height;
    return object;
  });

  // The alternatives are made once: a value is what a recipe has most of.
  private readonly values: Choice<Expression> = [
    { ALT: () => this.literalOf(this.CONSUME(StringToken)) },
    { ALT: () => this.literalOf(this.CONSUME(CommandToken)) },
    { ALT: () => this.nameOf(this.CONSUME(Name)) },
    { ALT: () => this.scalar(this.CONSUME(Int)) },
    { ALT: () => this.scalar(this.CONSUME(Mode)) },
    { ALT: () => this.scalar(this.CONSUME(Duration)) },
    { ALT: () => this.scalar(this.CONSUME(Size)) },
    { ALT: () => this.scalar(this.CONSUME(Word.true)) },
    { ALT: () => this.scalar(this.CONSUME(Word.false)) },
    { ALT: () => this.scalar(this.CONSUME(Word.none)) },
    { ALT: () => this.SUBRULE(this.list) },
    { ALT: () => this.SUBRULE(this.record) },
    { ALT: () => this.SUBRULE(this.parentheses) },
    { ALT: () => this.SUBRULE(this.ifExpression) },
    { ALT: () => this.SUBRULE(this.matchExpression) },
  ];

  readonly primary: Rule<Expression> = this.rule("primary", () => {
    if (!this.RECORDING_PHASE && (prefixes.has(this.LA(1).tokenType) || !this.valueBegins())) this.failForValue();
    this.height = 1;
    return this.OR<Choice<Expression>>(this.values);
  });

  readonly parentheses: Rule<Expression> = this.rule("parentheses", () => {
    const start = this.CONSUME(Sign.LParen).startOffset;
    const inner = this.SUBRULE(this.expression);
    this.CONSUME(Sign.RParen);
    return { ...inner, span: this.spanFrom(start) };
  });

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

  private needMemberOnLine(): void {
    if (!this.RECORDING_PHASE && !this.onSameLine())
      this.fail(messages.notAName, { found: this.found(), where: "after the dot", reserved: false });
  }

  /** True when an expression may begin with the token that many ahead. */
  protected valueBegins(ahead = 1): boolean {
    const { tokenType } = this.LA(ahead);
    return valueStarts.has(tokenType) || prefixes.has(tokenType) || this.nextIs(Name, ahead) || this.nextIs(Int, ahead);
  }

  private failForValue(): never {
    const found = this.found();
    const advice = foreignOperators[this.LA(1).image];
    this.fail(messages.notAValue, { found, hints: advice === undefined ? [] : [advice] });
  }

  private continuesWithOperator(): boolean {
    // A word before `=` is the next property, and `-1 =>` the next case of a match.
    if (this.nextIs(Sign.Equals, 2)) return !this.nextIs(AnyWord);
    if (!this.nextIs(Sign.Minus) || this.onSameLine()) return true;
    return !(this.nextIs(Int, 2) && (this.nextIs(Sign.FatArrow, 3) || this.nextIs(Sign.Bar, 3)));
  }

  protected looksLikeSign(token: IToken): boolean {
    return [Sign.Colon, Sign.FatArrow, Sign.EqualEqual].includes(token.tokenType);
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

  /** R103: `name value`, `name: value`, `name => value`. */
  protected failForEquals(name: IToken): never {
    const nameSpan = this.spanOf(name);
    const sign = this.LA(1);
    if (!this.onSameLine() || this.nextIs(Sign.RCurly) || this.nextIs(Sign.Comma))
      this.fail(messages.missingEquals, { name: name.image, value: "", chef: false }, nameSpan);
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
      { name: name.image, value: missing ? "" : shown, chef: !foreign && from.tokenType !== Sign.LCurly },
      nameSpan,
      {
        ...(missing ? {} : { related: [related] }),
        fix,
      },
    );
  }

  /** From a token ahead to the end of the value that seems to begin there: its line, a comma or a closing brace. */
  private valueSpan(ahead: number): Span {
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

  /** Reads the operators after an operand, with their operands. */
  private chain(first: Operand): Expression {
    const operands = [first];
    const operators: IToken[] = [];
    this.MANY({
      GATE: () => this.continuesWithOperator(),
      DEF: () => {
        operators.push(this.CONSUME(InfixOperator));
        operands.push(this.SUBRULE2(this.operand));
      },
    });
    return this.ACTION(() => {
      if (operators.length === 0 && first.nots.length === 0 && !first.minus) return first.value;
      const { value, height } = buildOperators(this.file, operands, operators, this.report.bind(this));
      return this.grow(height - 1, value);
    });
  }

  private nameOf(token: IToken): Expression {
    return { type: "name", name: token.image, span: this.spanOf(token) };
  }

  private literalOf(token: IToken): Expression {
    return this.RECORDING_PHASE ? this.nameOf(token) : this.literalFrom(token);
  }

  private scalar(token: IToken): Expression {
    const span = this.spanOf(token);
    const report = this.report.bind(this);
    switch (token.tokenType) {
      case Mode:
        return { type: "mode", span, bits: Number.parseInt(token.image, 8) };
      case Duration:
        return durationLiteral(token, span, report);
      case Size:
        return sizeLiteral(token, span, report);
      case Word.true:
      case Word.false:
        return { type: "bool", span, value: token.tokenType === Word.true };
      case Word.none:
        return { type: "none", span };
      default:
        return intLiteral(token, span, report);
    }
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
