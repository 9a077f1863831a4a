import { EOF } from "chevrotain";
import type { IToken, TokenType } from "chevrotain";
import type {
  Block,
  Expression,
  Field,
  For,
  If,
  Item,
  Match,
  Name as NameNode,
  Property,
  ResourceDeclaration,
  Statement,
  StringLiteral,
} from "./ast.ts";
import { maxBracketDepth } from "./brackets.ts";
import { withForeignHint } from "./expectations.ts";
import { messages } from "./messages.ts";
import type { Choice, Rule } from "./parser-base.ts";
import { StatementChecks } from "./statement-checks.ts";
import { Int, Name, Place, Sign, StringToken, Word } from "./tokens.ts";

/** True for what may begin a case of `match`. */
function beginsCase(token: IToken): boolean {
  const types: readonly TokenType[] = [StringToken, Sign.Minus, Int, Word.true, Word.false, Word.none, Word.else];
  return types.includes(token.tokenType);
}

/** The rules of statements, blocks and bodies. */
export abstract class StatementRules extends StatementChecks {
  readonly recipe: Rule<Item[]> = this.rule("recipe", () => {
    const items: Item[] = [];
    for (;;) {
      this.MANY(() => {
        this.oneItem(items, () => this.SUBRULE(this.item));
      });
      if (this.RECORDING_PHASE || this.atEnd()) return items;
      this.rejectStatement(items);
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
      this.rejectStatement(items);
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

  /** The text of a hole: one expression and nothing after it. */
  readonly holeText: Rule<Expression> = this.rule("holeText", () => {
    const value = this.SUBRULE(this.expression);
    if (!this.RECORDING_PHASE && !this.atEnd()) {
      const { hints = [] } = withForeignHint(this.LA(1));
      this.fail(messages.badHole, { hints }, this.spanOf(this.LA(1)));
    }
    return value;
  });

  private oneItem(items: Item[], rule: () => Item): void {
    this.needOwnLineForItem();
    this.resetTypeDepth();
    const item = this.recovering(() => {
      this.checkOutsideBody(items.at(-1));
      return rule();
    });
    if (item) items.push(item);
  }

  private needOwnLineForItem(): void {
    if (this.LA(0).tokenType !== EOF) this.needOwnLine("a statement", false);
  }
}
