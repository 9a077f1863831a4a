import type { IToken } from "chevrotain";
import type { Expression, Item } from "./ast.ts";
import type { LiteralContext } from "./literals.ts";
import type { SourceFile, Span } from "./source.ts";
import { StatementRules } from "./statements.ts";

type Context = Omit<LiteralContext, "file">;

/** The parser of the whole language; building one takes some milliseconds, so one is kept and used again. */
export class RecipeParser extends StatementRules {
  /** With `validate`, the grammar is checked for ambiguities when the parser is built, and throws when it has any. */
  constructor(validate = false) {
    super(validate);
    this.performSelfAnalysis();
  }

  /** Reads the tokens of a file; what is wrong goes to the context. */
  readFile(
    file: SourceFile,
    tokens: IToken[],
    docAbove: (line: number) => string | undefined,
    context: Context,
  ): Item[] {
    this.docAbove = docAbove;
    this.begin(file, tokens, context);
    return this.recipe();
  }

  /** Reads the tokens of a hole's text; throws a `SyntaxProblem` when they are not one expression. */
  readHole(
    file: SourceFile,
    tokens: IToken[],
    hole: { readonly span: Span },
    depth: number,
    context: Context,
  ): Expression {
    this.begin(file, tokens, context, { end: hole.span.end - 1, depth });
    return this.holeText();
  }
}
