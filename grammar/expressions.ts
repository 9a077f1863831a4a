import type { IToken } from "chevrotain";
import type { Expression } from "./ast.ts";
import { EntryChecks } from "./entry-checks.ts";
import { messages } from "./messages.ts";
import { durationLiteral, intLiteral, sizeLiteral } from "./number-literals.ts";
import { buildOperators } from "./operators.ts";
import type { Operand } from "./operators.ts";
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
export abstract class ExpressionRules extends EntryChecks {
  abstract readonly list: Rule<Expression>;
  abstract readonly record: Rule<Expression>;
  abstract readonly ifExpression: Rule<Expression>;
  abstract readonly matchExpression: Rule<Expression>;

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
}
