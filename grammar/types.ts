import type { IToken } from "chevrotain";
import type { Field, Name as NameNode, QualifiedName, StringLiteral, TypeNode, TypeSuffix } from "./ast.ts";
import { messages } from "./messages.ts";
import { CompoundValueRules } from "./compound-values.ts";
import { durationLiteral, intLiteral, sizeLiteral } from "./number-literals.ts";
import type { Choice, Rule } from "./parser-base.ts";
import { AnyWord, Duration, Int, Name, Sign, Size, StringToken, Word } from "./tokens.ts";

type Writable<Node> = { -readonly [Key in keyof Node]: Node[Key] };

/** How deep types may stand in the angle brackets of types. */
const maxTypeDepth = 50;

/** The rules of types as written and of fields. */
export abstract class TypeRules extends CompoundValueRules {
  #depth = 0;

  /** `a.b.c` */
  readonly qualifiedName: Rule<QualifiedName> = this.rule("qualifiedName", () => {
    const first = this.CONSUME(Name);
    const parts: NameNode[] = [this.nameFrom(first)];
    this.MANY(() => {
      this.CONSUME(Sign.Dot);
      parts.push(this.nameFrom(this.CONSUME2(Name)));
    });
    return { parts, span: this.spanFrom(first.startOffset) };
  });

  /** Types joined by `|`; a leading `|` is allowed. */
  readonly valueType: Rule<TypeNode> = this.rule("valueType", () => {
    const start = this.LA(1).startOffset;
    this.OPTION(() => this.CONSUME(Sign.Bar));
    const members = [this.SUBRULE(this.typeAtom)];
    this.MANY(() => {
      this.CONSUME2(Sign.Bar);
      members.push(this.SUBRULE2(this.typeAtom));
    });
    const [only] = members;
    if (only && members.length === 1) return only;
    return { type: "union-type", members, span: this.spanFrom(start) };
  });

  readonly typeAtom: Rule<TypeNode> = this.rule("typeAtom", () => {
    if (!this.RECORDING_PHASE && !this.typeBegins()) this.fail(messages.notAType, { found: this.found() });
    const start = this.LA(1).startOffset;
    const core = this.OR<Choice<() => TypeNode>>([
      {
        ALT: () => {
          const token = this.CONSUME(StringToken);
          const text = this.ACTION(() => this.plainText(token, "a text that is a type"));
          return () => ({ type: "literal-type", value: contentOf(text), span: text.span });
        },
      },
      {
        ALT: () => {
          const fields = this.SUBRULE(this.recordType);
          return () => ({ type: "record-type", fields, span: this.spanFrom(start) });
        },
      },
      {
        ALT: () => {
          const name = this.OR2([
            { ALT: () => this.SUBRULE(this.qualifiedName) },
            {
              ALT: (): QualifiedName => {
                const token = this.CONSUME(Word.set);
                return { parts: [this.nameFrom(token)], span: this.spanOf(token) };
              },
            },
          ]);
          const list: TypeNode[] = [];
          this.OPTION(() => {
            this.CONSUME(Sign.Less);
            this.deeper();
            list.push(this.SUBRULE(this.valueType));
            this.MANY(() => {
              this.CONSUME(Sign.Comma);
              list.push(this.SUBRULE2(this.valueType));
            });
            this.CONSUME(Sign.Greater);
            this.#depth -= 1;
          });
          return () => ({ type: "named-type", name, arguments: list, span: this.spanFrom(start) });
        },
      },
    ]);
    const suffix = this.SUBRULE(this.typeSuffix);
    return this.ACTION(() => ({ ...core(), ...suffix, span: this.spanFrom(start) }));
  });

  /** A range or a pattern, and `?`. */
  readonly typeSuffix: Rule<TypeSuffix> = this.rule("typeSuffix", () => {
    const suffix: Writable<TypeSuffix> = {};
    this.OPTION(() => {
      this.OR([
        {
          ALT: () => {
            const start = this.LA(1).startOffset;
            const min = this.SUBRULE(this.bound);
            this.CONSUME(Sign.Range);
            const max = this.OPTION2(() => this.SUBRULE2(this.bound));
            this.ACTION(() => {
              suffix.range = { span: this.spanFrom(start), min, ...(max === undefined ? {} : { max }) };
            });
          },
        },
        {
          ALT: () => {
            const start = this.CONSUME2(Sign.Range).startOffset;
            const max = this.SUBRULE3(this.bound);
            this.ACTION(() => {
              suffix.range = { span: this.spanFrom(start), max };
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME(Word.matches);
            const token = this.CONSUME(StringToken);
            this.ACTION(() => {
              suffix.pattern = this.plainText(token, "a pattern of a type");
            });
          },
        },
      ]);
    });
    this.OPTION3(() => {
      this.CONSUME(Sign.Question);
      suffix.optional = true;
    });
    return suffix;
  });

  /** One end of a range: a number, the bytes of a size or the milliseconds of a duration. */
  readonly bound: Rule<number> = this.rule("bound", () =>
    this.OR([
      {
        ALT: () => {
          const minus = this.OPTION(() => this.CONSUME(Sign.Minus));
          const token = this.CONSUME(Int);
          return this.ACTION(() => {
            const { value } = intLiteral(token, this.spanOf(token), this.report.bind(this));
            return minus && value !== 0 ? -value : value;
          });
        },
      },
      {
        ALT: () => {
          const token = this.CONSUME(Size);
          return this.ACTION(() => sizeLiteral(token, this.spanOf(token), this.report.bind(this)).bytes);
        },
      },
      {
        ALT: () => {
          const token = this.CONSUME(Duration);
          return this.ACTION(() => durationLiteral(token, this.spanOf(token), this.report.bind(this)).milliseconds);
        },
      },
    ]),
  );

  /** `{ name: type = default … }` */
  readonly recordType: Rule<Field[]> = this.rule("recordType", () => {
    const fields: Field[] = [];
    this.CONSUME(Sign.LCurly);
    this.MANY(() => {
      this.needOwnLine("a field of a record type", true);
      const name = this.CONSUME(AnyWord);
      fields.push(this.SUBRULE(this.fieldRest, { ARGS: [name] }));
      this.OPTION(() => this.CONSUME(Sign.Comma));
    });
    this.CONSUME(Sign.RCurly);
    return fields;
  });

  /** `name: type = default` */
  readonly field: Rule<Field> = this.rule("field", () => {
    this.needName("in the field");
    const name = this.CONSUME(Name);
    return this.SUBRULE(this.fieldRest, { ARGS: [name] });
  });

  readonly fieldRest: (name: IToken) => Field = this.ruleAfter("fieldRest", (name: IToken) => {
    this.CONSUME(Sign.Colon);
    const valueType = this.SUBRULE(this.valueType);
    const value = this.OPTION(() => {
      this.CONSUME(Sign.Equals);
      this.needValueOnLine("`=`");
      return this.SUBRULE(this.expression);
    });
    return this.ACTION(() => ({
      name: this.nameFrom(name),
      valueType,
      ...(value ? { default: value } : {}),
      span: this.spanFrom(name.startOffset),
    }));
  });

  /** Forgets the depth that a type left half-way may have reached. */
  protected resetTypeDepth(): void {
    this.#depth = 0;
  }

  private deeper(): void {
    if (this.RECORDING_PHASE) return;
    this.#depth += 1;
    if (this.#depth > maxTypeDepth) this.fail(messages.tooDeep, { limit: maxTypeDepth });
  }

  private typeBegins(): boolean {
    return this.nextIs(Name) || [StringToken, Sign.LCurly, Word.set].some((type) => this.nextIs(type));
  }
}

function contentOf(text: StringLiteral): string {
  return text.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}
