/* oxlint-disable unicorn/no-thenable -- the first branch of an `if` is called `then` in the tree */
import type { IToken, TokenType } from "chevrotain";
import { EOF, tokenMatcher } from "chevrotain";
import type {
  Block,
  Body,
  BodyEntry,
  Declaration,
  Expression,
  Field,
  For,
  If,
  Item,
  Match,
  Name as NameNode,
  Property,
  QualifiedName,
  Relation,
  ResourceDeclaration,
  Statement,
  StringLiteral,
  Title,
} from "./ast.ts";
import { withForeignHint } from "./expectations.ts";
import type { Choice, Rule } from "./parser-base.ts";
import { messages, syntaxError } from "./messages.ts";
import { maxBracketDepth } from "./brackets.ts";
import { describeToken, isReserved } from "./describe-token.ts";
import { intLiteral, durationLiteral } from "./number-literals.ts";
import { TypeRules } from "./types.ts";
import { AnyWord, Clause, Duration, Int, Name, Place, Sign, StringToken, Word } from "./tokens.ts";

const clauseTypes = new Set(Object.values(Clause));
const titleStarts = new Set([Sign.LParen, Sign.Spread, StringToken]);
/** What may stand behind the name that begins a statement, besides another name. */
const namedItemSigns = new Set([...titleStarts, Sign.Arrow, Sign.Dot, Sign.Equals, Sign.LCurly]);

const clauseWants: Readonly<Record<string, string>> = {
  before: 'what this comes before, such as service["x"]',
  notify: 'an event, such as service["x"].reload',
  require: 'what this waits for, such as package["x"]',
  retry: "how often to try again, such as 3",
  timeout: "a duration, such as 1m",
  when: "a condition",
};

type Documented = { readonly doc?: string };

/** True for what may begin a case of `match`. */
function beginsCase(token: IToken): boolean {
  const types: readonly TokenType[] = [StringToken, Sign.Minus, Int, Word.true, Word.false, Word.none, Word.else];
  return types.includes(token.tokenType);
}

/** The rules of statements, blocks and bodies. */
export abstract class StatementRules extends TypeRules {
  /** The `##` lines that end directly above a line. */
  protected docAbove: (line: number) => string | undefined = () => undefined;

  readonly recipe: Rule<Item[]> = this.rule("recipe", () => {
    const items: Item[] = [];
    for (;;) {
      this.MANY(() => {
        this.oneItem(items, () => this.SUBRULE(this.item));
      });
      if (this.RECORDING_PHASE || this.atEnd()) return items;
      this.rejectStatement();
    }
  });

  readonly block: Rule<Block> = this.rule("block", () => {
    this.openOnLine("block");
    this.skipToOpen();
    const start = this.CONSUME(Sign.LCurly).startOffset;
    const items: Item[] = [];
    for (;;) {
      this.MANY(() => {
        this.oneItem(items, () => this.SUBRULE(this.item));
      });
      if (this.RECORDING_PHASE || this.atEnd() || this.nextIs(Sign.RCurly)) break;
      this.rejectStatement();
    }
    this.CONSUME(Sign.RCurly);
    return { items, span: this.spanFrom(start) };
  });

  private readonly items: Choice<Item> = [
    { ALT: () => this.SUBRULE(this.namedItem) },
    { ALT: () => this.SUBRULE(this.use) },
    { ALT: () => this.SUBRULE(this.typeDeclaration) },
    { ALT: () => this.SUBRULE(this.fnDeclaration) },
    { ALT: () => this.SUBRULE(this.resourceDeclaration) },
    { ALT: () => this.SUBRULE(this.fieldStatement) },
    { ALT: () => this.SUBRULE(this.let) },
    { ALT: () => this.SUBRULE(this.setStatement) },
    { ALT: () => this.SUBRULE(this.ifStatement) },
    { ALT: () => this.SUBRULE(this.forStatement) },
    { ALT: () => this.SUBRULE(this.matchStatement) },
    { ALT: () => this.SUBRULE(this.on) },
    { ALT: () => this.SUBRULE(this.group) },
    { ALT: () => this.SUBRULE(this.test) },
    { ALT: () => this.SUBRULE(this.expect) },
  ];

  readonly item: Rule<Item> = this.rule("item", () => this.OR<Choice<Item>>(this.items));

  private readonly namedItems: Choice<Item> = [
    { ALT: () => this.SUBRULE(this.property) },
    { ALT: () => this.SUBRULE(this.order) },
    { ALT: () => this.SUBRULE(this.declaration) },
  ];

  /** What begins with a name: a property, an order of layers or a declaration. */
  readonly namedItem: Rule<Item> = this.rule("namedItem", () => {
    this.checkNamedItem();
    return this.OR<Choice<Item>>(this.namedItems);
  });

  /** `name = value` of a stack, a layer or a test. */
  readonly property: Rule<Property> = this.rule("property", () => {
    const name = this.CONSUME(Name);
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

  readonly order: Rule<Statement> = this.rule("order", () => {
    const first = this.CONSUME(Name);
    const names: NameNode[] = [this.nameFrom(first)];
    this.AT_LEAST_ONE(() => {
      this.CONSUME(Sign.Arrow);
      names.push(this.nameFrom(this.CONSUME2(Name)));
    });
    return { type: "order", names, span: this.spanFrom(first.startOffset) };
  });

  readonly use: Rule<Statement> = this.rule("use", () => {
    const start = this.CONSUME(Word.use).startOffset;
    if (!this.RECORDING_PHASE && !this.nextIs(StringToken)) this.needName("in `use`");
    const source = this.OR<Choice<NameNode | StringLiteral>>([
      {
        ALT: () => {
          const token = this.CONSUME(StringToken);
          return this.ACTION(() => this.plainText(token, "the file that is used"));
        },
      },
      { ALT: () => this.nameFrom(this.CONSUME(Name)) },
    ]);
    const as = this.OPTION({
      GATE: () => this.onSameLine(),
      DEF: () => {
        this.CONSUME(Place.as);
        return this.nameFrom(this.CONSUME2(Name));
      },
    });
    return { type: "use", source, ...(as ? { as } : {}), span: this.spanFrom(start) };
  });

  readonly typeDeclaration: Rule<Statement> = this.rule("typeDeclaration", () => {
    const first = this.CONSUME(Word.type);
    const name = this.nameFrom(this.CONSUME(Name));
    this.CONSUME(Sign.Equals);
    const definition = this.SUBRULE(this.valueType);
    return { type: "type", name, definition, ...this.doc(first), span: this.spanFrom(first.startOffset) };
  });

  readonly fnDeclaration: Rule<Statement> = this.rule("fnDeclaration", () => {
    const first = this.CONSUME(Word.fn);
    const name = this.nameFrom(this.CONSUME(Name));
    const parameters: Field[] = [];
    this.CONSUME(Sign.LParen);
    this.OPTION(() => {
      parameters.push(this.SUBRULE(this.field));
      this.MANY(() => {
        this.CONSUME(Sign.Comma);
        parameters.push(this.SUBRULE2(this.field));
      });
    });
    this.CONSUME(Sign.RParen);
    this.CONSUME(Sign.Colon);
    const result = this.SUBRULE(this.valueType);
    this.CONSUME(Sign.Equals);
    this.needValueOnLine("`=`");
    const body = this.SUBRULE(this.expression);
    return { type: "fn", name, parameters, result, body, ...this.doc(first), span: this.spanFrom(first.startOffset) };
  });

  readonly resourceDeclaration: Rule<ResourceDeclaration> = this.rule("resourceDeclaration", () => {
    const first = this.CONSUME(Word.resource);
    const name = this.nameFrom(this.CONSUME(Name));
    const title = this.OPTION(() => {
      this.CONSUME(Sign.LParen);
      const field = this.OPTION2(() => this.SUBRULE(this.field));
      this.CONSUME(Sign.RParen);
      return field;
    });
    const body = this.SUBRULE(this.block);
    const span = this.spanFrom(first.startOffset);
    return { type: "resource", name, ...(title ? { title } : {}), body, ...this.doc(first), span };
  });

  /** `input`, `output` and `observe`, each with a field. */
  readonly fieldStatement: Rule<Statement> = this.rule("fieldStatement", () => {
    const first = this.OR([
      { ALT: () => this.CONSUME(Word.input) },
      { ALT: () => this.CONSUME(Word.output) },
      { ALT: () => this.CONSUME(Word.observe) },
    ]);
    const field = this.SUBRULE(this.field);
    const type = first.tokenType === Word.input ? "input" : first.tokenType === Word.output ? "output" : "observe";
    return { type, field, ...this.doc(first), span: this.spanFrom(first.startOffset) };
  });

  readonly let: Rule<Statement> = this.rule("let", () => {
    const first = this.CONSUME(Word.let);
    const name = this.nameFrom(this.CONSUME(Name));
    const valueType = this.OPTION(() => {
      this.CONSUME(Sign.Colon);
      return this.SUBRULE(this.valueType);
    });
    this.CONSUME(Sign.Equals);
    this.needValueOnLine("`=`");
    const value = this.SUBRULE(this.expression);
    const span = this.spanFrom(first.startOffset);
    return { type: "let", name, ...(valueType ? { valueType } : {}), value, ...this.doc(first), span };
  });

  readonly setStatement: Rule<Statement> = this.rule("setStatement", () => {
    const start = this.CONSUME(Word.set).startOffset;
    this.needName("in `set`");
    const target = this.SUBRULE(this.qualifiedName);
    if (!this.RECORDING_PHASE && !this.nextIs(Sign.Equals) && !this.nextIs(Sign.PlusEqual))
      this.fail(messages.missingSign, { sign: "=", where: "`set`", found: this.found() });
    const append = this.OR([
      {
        ALT: () => {
          this.CONSUME(Sign.Equals);
          return false;
        },
      },
      {
        ALT: () => {
          this.CONSUME(Sign.PlusEqual);
          return true;
        },
      },
    ]);
    this.needValueOnLine("`=`");
    const value = this.SUBRULE(this.expression);
    return { type: "set", target, append, value, span: this.spanFrom(start) };
  });

  readonly ifStatement: Rule<If> = this.rule("ifStatement", () => {
    const start = this.CONSUME(Word.if).startOffset;
    const condition = this.SUBRULE(this.expression);
    const then = this.SUBRULE(this.block);
    const branches: { start: number; condition: Expression; then: Block }[] = [];
    this.MANY({
      GATE: () => this.nextIs(Word.if, 2),
      DEF: () => {
        this.CONSUME(Word.else);
        const at = this.CONSUME2(Word.if).startOffset;
        const another = this.SUBRULE2(this.expression);
        branches.push({ start: at, condition: another, then: this.SUBRULE2(this.block) });
        if (branches.length > maxBracketDepth) this.fail(messages.tooDeep, { limit: maxBracketDepth });
      },
    });
    let otherwise: If | Block | undefined = this.OPTION(() => {
      this.CONSUME2(Word.else);
      return this.SUBRULE3(this.block);
    });
    return this.ACTION(() => {
      for (const branch of branches.toReversed()) {
        const span = this.spanFrom(branch.start);
        otherwise = {
          type: "if-statement",
          condition: branch.condition,
          then: branch.then,
          ...(otherwise ? { else: otherwise } : {}),
          span,
        };
      }
      const span = this.spanFrom(start);
      return { type: "if-statement", condition, then, ...(otherwise ? { else: otherwise } : {}), span };
    });
  });

  readonly forStatement: Rule<For> = this.rule("forStatement", () => {
    const start = this.LA(1).startOffset;
    const head = this.SUBRULE(this.forHead);
    const body = this.SUBRULE(this.block);
    return { type: "for-statement", head, body, span: this.spanFrom(start) };
  });

  readonly matchStatement: Rule<Match> = this.rule("matchStatement", () => {
    const start = this.CONSUME(Word.match).startOffset;
    const subject = this.SUBRULE(this.expression);
    const arms: Match["arms"][number][] = [];
    this.CONSUME(Sign.LCurly);
    this.MANY(() => {
      this.needOwnLine("a case of `match`", false);
      const arm = this.recovering(() => this.SUBRULE(this.statementArm), beginsCase);
      if (arm) arms.push(arm);
    });
    this.closeCases();
    this.CONSUME(Sign.RCurly);
    return { type: "match-statement", subject, arms, span: this.spanFrom(start) };
  });

  readonly statementArm: Rule<Match["arms"][number]> = this.rule("statementArm", () => {
    const start = this.LA(1).startOffset;
    const pattern = this.SUBRULE(this.pattern);
    this.CONSUME(Sign.FatArrow);
    const body = this.SUBRULE(this.block);
    return { pattern, body, span: this.spanFrom(start) };
  });

  readonly on: Rule<Statement> = this.rule("on", () => {
    const start = this.CONSUME(Word.on).startOffset;
    const events = [this.nameFrom(this.CONSUME(Name))];
    this.MANY(() => {
      this.CONSUME(Sign.Comma);
      events.push(this.nameFrom(this.CONSUME2(Name)));
    });
    const body = this.SUBRULE(this.block);
    return { type: "on", events, body, span: this.spanFrom(start) };
  });

  readonly group: Rule<Statement> = this.rule("group", () => {
    const first = this.OR([{ ALT: () => this.CONSUME(Word.stack) }, { ALT: () => this.CONSUME(Word.layer) }]);
    const type = first.tokenType === Word.stack ? "stack" : "layer";
    const name = this.nameFrom(this.CONSUME(Name));
    const body = this.SUBRULE(this.block);
    return { type, name, body, ...this.doc(first), span: this.spanFrom(first.startOffset) };
  });

  readonly test: Rule<Statement> = this.rule("test", () => {
    const start = this.CONSUME(Word.test).startOffset;
    this.needString("what follows `test`");
    const label = this.SUBRULE(this.stringTitle);
    const on = this.OPTION(() => {
      this.CONSUME(Word.on);
      this.needString("the machine of a test");
      return this.SUBRULE2(this.stringTitle);
    });
    const body = this.SUBRULE(this.block);
    return { type: "test", label, ...(on ? { on } : {}), body, span: this.spanFrom(start) };
  });

  readonly stringTitle: Rule<StringLiteral> = this.rule("stringTitle", () => {
    const token = this.CONSUME(StringToken);
    return this.ACTION(() => this.plainText(token, "the name of a test"));
  });

  readonly expect: Rule<Statement> = this.rule("expect", () => {
    const start = this.CONSUME(Word.expect).startOffset;
    this.checkExpectation();
    const rest = this.OR<Choice<Pick<Extract<Statement, { type: "expect" }>, "condition" | "error">>>([
      {
        ALT: () => {
          this.CONSUME(Place.error);
          const token = this.CONSUME(StringToken);
          const pattern = this.ACTION(() => this.plainText(token, "an expected error"));
          const body = this.SUBRULE(this.block);
          return { error: { pattern, body } };
        },
      },
      { ALT: () => ({ condition: this.SUBRULE(this.expression) }) },
    ]);
    return { type: "expect", ...rest, span: this.spanFrom(start) };
  });

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

  readonly bodyProperty: Rule<Property> = this.rule("bodyProperty", () => {
    const name = this.CONSUME(AnyWord);
    return this.SUBRULE(this.propertyRest, { ARGS: [name] });
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

  /** The text of a hole: one expression and nothing after it. */
  readonly holeText: Rule<Expression> = this.rule("holeText", () => {
    const value = this.SUBRULE(this.expression);
    if (!this.RECORDING_PHASE && !this.atEnd()) this.fail(messages.badHole, undefined, this.spanOf(this.LA(1)));
    return value;
  });

  // ---- helpers

  private oneItem(items: Item[], rule: () => Item): void {
    this.needOwnLineForItem();
    this.resetTypeDepth();
    const item = this.recovering(rule);
    if (item) items.push(item);
  }

  private needOwnLineForItem(): void {
    if (this.LA(0).tokenType !== EOF) this.needOwnLine("a statement", false);
  }

  private doc(first: IToken): Documented {
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

  private rejectStatement(): void {
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
  private checkNamedItem(): void {
    if (this.RECORDING_PHASE) return;
    const first = this.LA(1);
    const next = this.LA(2);
    if (next.startLine === first.endLine) {
      if (namedItemSigns.has(next.tokenType) || this.nextIs(Name, 2)) return;
      this.SKIP_TOKEN();
      if (this.looksLikeValue(next)) this.failForEquals(first);
    } else {
      if (next.tokenType === Sign.LCurly) return;
      this.SKIP_TOKEN();
    }
    this.fail(messages.incompleteDeclaration, { kind: first.image, found: this.found() });
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

  private checkExpectation(): void {
    if (this.RECORDING_PHASE) return;
    if (this.nextIs(Place.error) && this.nextIs(Sign.LCurly, 2)) {
      this.SKIP_TOKEN();
      this.fail(messages.missingString, { where: "an expected error", found: this.found() });
    }
    this.needValueOnLine("`expect`");
    if (!this.valueBegins()) this.fail(messages.notAValue, { found: this.found(), hints: [] });
  }

  /** Reports a `{` that does not stand on the line of its header, and goes on. */
  private openOnLine(what: string): void {
    if (this.RECORDING_PHASE || !this.nextIs(Sign.LCurly) || this.onSameLine()) return;
    this.note(messages.headerLine, { what: `the \`{\` of a ${what}` }, this.spanOf(this.LA(1)));
  }

  /** What stands between a header and the `{` on its line is reported and skipped, so that the block is not lost. */
  private skipToOpen(): void {
    if (this.RECORDING_PHASE || this.nextIs(Sign.LCurly) || !this.onSameLine()) return;
    const line = this.LA(1).startLine;
    let ahead = 1;
    while (this.LA(ahead).startLine === line && !this.nextIs(Sign.LCurly, ahead)) ahead += 1;
    if (!this.nextIs(Sign.LCurly, ahead) || this.LA(ahead).startLine !== line) return;
    const problem = syntaxError(messages.missingBlock, this.spanOf(this.LA(1)), { found: this.found() });
    this.report({ ...problem, ...withForeignHint(this.LA(1), problem.hints) });
    while (!this.nextIs(Sign.LCurly)) this.SKIP_TOKEN();
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
      this.rejectEntry(syntaxError(messages.notAnEntry, this.spanOf(token), { found: describeToken(token) }));
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
