import { EOF, tokenMatcher } from "chevrotain";
import type { IToken, TokenType } from "chevrotain";
import type {
  Body,
  BodyEntry,
  Declaration,
  Documented,
  Expression,
  Property,
  QualifiedName,
  Relation,
  Title,
} from "./ast.ts";
import { describeToken, isReserved } from "./describe-token.ts";
import { withForeignHint } from "./expectations.ts";
import { messages, syntaxError } from "./messages.ts";
import { durationLiteral, intLiteral } from "./number-literals.ts";
import type { Choice, Rule } from "./parser-base.ts";
import { AnyWord, Clause, Duration, Int, Name, Place, Sign, StringToken } from "./tokens.ts";
import { TypeRules } from "./types.ts";

/** The words that begin a clause. */
export const clauseTypes: ReadonlySet<TokenType> = new Set(Object.values(Clause));

/** What a title may begin with, besides a name. */
export const titleStarts: ReadonlySet<TokenType> = new Set([Sign.LParen, Sign.Spread, StringToken]);

const clauseWants: Readonly<Record<string, string>> = {
  before: 'what this comes before, such as service["x"]',
  notify: 'an event, such as service["x"].reload',
  require: 'what this waits for, such as package["x"]',
  retry: "how often to try again, such as 3",
  timeout: "a duration, such as 1m",
  when: "a condition",
};

/** The rules of declared resources: titles, and bodies with properties and clauses. */
export abstract class DeclarationRules extends TypeRules {
  /** The `##` lines that end directly above a line. */
  protected docAbove: (line: number) => string | undefined = () => undefined;

  readonly declaration: Rule<Declaration> = this.rule("declaration", () => {
    const first = this.LA(1);
    const kind = this.SUBRULE(this.qualifiedName);
    this.checkDeclaration(kind);
    let titles: readonly Title[] = [];
    const body = this.OR<Choice<Body | undefined>>([
      {
        ALT: () => {
          titles = this.SUBRULE(this.titles);
          return this.OPTION({
            GATE: () => this.openBodyOnLine(),
            DEF: () => this.SUBRULE(this.body),
          });
        },
      },
      { ALT: () => this.SUBRULE2(this.body) },
    ]);
    return this.ACTION(() => ({
      type: "declaration",
      kind,
      titles,
      ...(body ? { body } : {}),
      ...this.doc(first),
      span: this.spanFrom(first.startOffset),
    }));
  });

  readonly titles: Rule<Title[]> = this.rule("titles", () => {
    const titles = [this.SUBRULE(this.title)];
    this.MANY({
      GATE: () => !this.nextIs(Sign.LCurly, 2),
      DEF: () => {
        this.CONSUME(Sign.Comma);
        titles.push(this.SUBRULE2(this.title));
      },
    });
    this.OPTION(() => this.CONSUME2(Sign.Comma));
    return titles;
  });

  readonly title: Rule<Title> = this.rule("title", () => {
    const start = this.LA(1).startOffset;
    let spread = false;
    const value = this.OR<Choice<Expression>>([
      {
        ALT: () => {
          const token = this.CONSUME(StringToken);
          return this.ACTION(() => this.literalFrom(token));
        },
      },
      {
        ALT: () => {
          const name = this.SUBRULE(this.qualifiedName);
          return this.ACTION(() => this.memberOf(name));
        },
      },
      {
        ALT: () => {
          this.CONSUME(Sign.LParen);
          const inner = this.SUBRULE(this.expression);
          this.CONSUME(Sign.RParen);
          return inner;
        },
      },
      {
        ALT: () => {
          this.CONSUME(Sign.Spread);
          spread = true;
          return this.SUBRULE(this.postfix);
        },
      },
    ]);
    return { spread, value, span: this.spanFrom(start) };
  });

  /** `{ … }` of a declaration: properties, clauses and spreads. */
  readonly body: Rule<Body> = this.rule("body", () => {
    const start = this.CONSUME(Sign.LCurly).startOffset;
    const entries: BodyEntry[] = [];
    for (;;) {
      this.MANY({
        GATE: () => this.entryIsComplete(),
        DEF: () => {
          this.needOwnLine("an entry of a body", true);
          const entry = this.recovering(() => {
            const read = this.SUBRULE(this.bodyEntry);
            this.OPTION(() => this.CONSUME(Sign.Comma));
            return read;
          });
          if (entry) entries.push(entry);
        },
      });
      if (this.RECORDING_PHASE || this.atEnd() || this.nextIs(Sign.RCurly)) break;
      this.rejectBodyEntry();
    }
    this.CONSUME(Sign.RCurly);
    return { entries, span: this.spanFrom(start) };
  });

  private readonly bodyEntries: Choice<BodyEntry> = [
    { ALT: () => this.SUBRULE(this.bodyProperty) },
    { ALT: () => this.SUBRULE(this.relation) },
    { ALT: () => this.SUBRULE(this.when) },
    { ALT: () => this.SUBRULE(this.retry) },
    { ALT: () => this.SUBRULE(this.timeout) },
    { ALT: () => this.SUBRULE(this.bodySpread) },
  ];

  readonly bodyEntry: Rule<BodyEntry> = this.rule("bodyEntry", () => {
    this.checkClause();
    return this.OR<Choice<BodyEntry>>(this.bodyEntries);
  });

  readonly bodyProperty: Rule<Property> = this.rule("bodyProperty", () => {
    const name = this.CONSUME(AnyWord);
    return this.SUBRULE(this.propertyRest, { ARGS: [name] });
  });

  readonly propertyRest: (name: IToken) => Property = this.ruleAfter("propertyRest", (name: IToken) => {
    this.CONSUME(Sign.Equals);
    this.needValueOnLine(name);
    const value = this.SUBRULE(this.expression);
    return this.ACTION(() => {
      return { type: "property", name: this.nameFrom(name), value, span: this.spanFrom(name.startOffset) };
    });
  });

  readonly when: Rule<BodyEntry> = this.rule("when", () => {
    const start = this.CONSUME(Clause.when).startOffset;
    this.needValueOnLine("`when`");
    const condition = this.SUBRULE(this.expression);
    return { type: "when", condition, span: this.spanFrom(start) };
  });

  readonly timeout: Rule<BodyEntry> = this.rule("timeout", () => {
    const start = this.CONSUME(Clause.timeout).startOffset;
    this.needValueOnLine("`timeout`");
    const after = this.SUBRULE(this.expression);
    return { type: "timeout", after, span: this.spanFrom(start) };
  });

  readonly bodySpread: Rule<BodyEntry> = this.rule("bodySpread", () => {
    const start = this.CONSUME(Sign.Spread).startOffset;
    const value = this.SUBRULE(this.postfix);
    return { type: "body-spread", value, span: this.spanFrom(start) };
  });

  readonly relation: Rule<Relation> = this.rule("relation", () => {
    const word = this.OR([
      { ALT: () => this.CONSUME(Clause.require) },
      { ALT: () => this.CONSUME(Clause.before) },
      { ALT: () => this.CONSUME(Clause.notify) },
    ]);
    this.needValueOnLine(`\`${word.image}\``);
    const targets = [this.SUBRULE(this.postfix)];
    this.MANY({
      GATE: () => this.targetFollowsComma(),
      DEF: () => {
        this.CONSUME(Sign.Comma);
        targets.push(this.SUBRULE2(this.postfix));
      },
    });
    const type = word.tokenType === Clause.require ? "require" : word.tokenType === Clause.before ? "before" : "notify";
    return { type, targets, span: this.spanFrom(word.startOffset) };
  });

  readonly retry: Rule<BodyEntry> = this.rule("retry", () => {
    const start = this.CONSUME(Clause.retry).startOffset;
    const count = this.CONSUME(Int);
    const every = this.OPTION({
      GATE: () => !this.nextIs(Sign.Equals, 2),
      DEF: () => {
        this.CONSUME(Place.every);
        return this.CONSUME(Duration);
      },
    });
    return this.ACTION(() => {
      const report = this.report.bind(this);
      return {
        type: "retry",
        count: intLiteral(count, this.spanOf(count), report),
        ...(every ? { every: durationLiteral(every, this.spanOf(every), report) } : {}),
        span: this.spanFrom(start),
      };
    });
  });

  protected doc(first: IToken): Documented {
    const text = this.RECORDING_PHASE ? undefined : this.docAbove(first.startLine ?? 0);
    return text === undefined ? {} : { doc: text };
  }

  /** A qualified name as the expression it is. */
  private memberOf({ parts, span }: QualifiedName): Expression {
    let value: Expression | undefined;
    for (const name of parts) {
      value = value
        ? { type: "member", object: value, name, optional: false, span: this.spanUntil(span.start, name.span) }
        : { type: "name", name: name.text, span: name.span };
    }
    return value ?? { type: "none", span };
  }

  /** The same after a dotted name, whose last part may be anything. */
  private checkDeclaration(kind: QualifiedName): void {
    if (this.RECORDING_PHASE) return;
    if (this.nextIs(Sign.LCurly)) this.openOnLine("body");
    else if (!this.onSameLine() || !(titleStarts.has(this.LA(1).tokenType) || this.nextIs(Name))) {
      const name = kind.parts.map((part) => part.text).join(".");
      this.fail(messages.incompleteDeclaration, { kind: name, found: this.found() });
    }
  }

  /** Says what is wrong with a clause before the choice between the entries fails on it. */
  private checkClause(): void {
    if (this.RECORDING_PHASE || !clauseTypes.has(this.LA(1).tokenType) || this.nextIs(Sign.Equals, 2)) return;
    const word = this.LA(1).image;
    if (this.nextIs(Clause.retry) ? this.nextIs(Int, 2) : this.valueBegins(2)) return;
    this.SKIP_TOKEN();
    this.needValueOnLine(`\`${word}\``);
    this.fail(messages.badClause, { word, wants: clauseWants[word] ?? "a value", found: this.found() });
  }

  private openBodyOnLine(): boolean {
    if (!this.nextIs(Sign.LCurly)) return false;
    this.openOnLine("body");
    return true;
  }

  /** In `require a, b` the list ends before a property, a clause, a spread or the closing brace. */
  private targetFollowsComma(): boolean {
    const next = this.LA(2);
    if (next.tokenType === Sign.RCurly || next.tokenType === Sign.Spread || clauseTypes.has(next.tokenType))
      return false;
    if (this.nextIs(Sign.Equals, 3)) return false;
    return !isReserved(next);
  }

  /** False when the next word is a property without `=`, which has a message of its own. */
  private entryIsComplete(): boolean {
    const token = this.LA(1);
    if (!tokenMatcher(token, AnyWord)) return true;
    if (this.nextIs(Sign.Equals, 2)) return true;
    return clauseTypes.has(token.tokenType);
  }

  private rejectBodyEntry(): void {
    const token = this.LA(1);
    if (!tokenMatcher(token, AnyWord)) {
      const problem = syntaxError(messages.notAnEntry, this.spanOf(token), { found: describeToken(token) });
      this.rejectEntry({ ...problem, ...withForeignHint(token, problem.hints) });
      return;
    }
    this.recovering(() => {
      this.SKIP_TOKEN();
      if (isReserved(token) && !this.looksLikeSign(this.LA(1)))
        this.fail(messages.statementInBody, { word: token.image }, this.spanOf(token));
      if (this.onSameLine() && this.declarationFollows())
        this.fail(messages.statementInBody, { word: token.image }, this.spanOf(token));
      this.failForEquals(token);
    });
  }

  /** A title and then a `{` on the same line: a declaration, not a value. */
  private declarationFollows(): boolean {
    if (!this.nextIs(StringToken) && !this.nextIs(Name) && !this.nextIs(Sign.Dot)) return false;
    const line = this.LA(1).startLine;
    for (let ahead = 2; ahead < 40; ahead += 1) {
      const token = this.LA(ahead);
      if (token.startLine !== line || token.tokenType === EOF || token.tokenType === Sign.LParen) return false;
      if (token.tokenType === Sign.LCurly) return true;
      if (token.tokenType === Sign.RCurly || token.tokenType === Sign.Equals) return false;
    }
    return false;
  }
}
