import type { IToken } from "chevrotain";
import type { BinaryOperator, Expression } from "./ast.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { messages, syntaxError } from "./messages.ts";
import type { SourceFile, Span } from "./source.ts";

/** One value of a chain of operators, with the prefixes before it and the height of its tree. */
export interface Operand {
  readonly nots: readonly IToken[];
  readonly minus: IToken | undefined;
  readonly value: Expression;
  readonly height: number;
}

/** The operators by how tightly they bind, loosest first. */
export const operatorStrengths: readonly (readonly (BinaryOperator | "not" | "- (before a value)")[])[] = [
  ["or"],
  ["and"],
  ["not"],
  ["==", "!=", "<", "<=", ">", ">=", "in", "matches"],
  ["??"],
  ["+", "-"],
  ["*", "/", "%"],
  ["- (before a value)"],
];

const strengths = new Map<string, number>(
  operatorStrengths.flatMap((operators, index) => operators.map((operator): [string, number] => [operator, index + 1])),
);
const isOperator = (image: string): image is BinaryOperator => strengths.has(image) && image !== "not";
const notStrength = strengths.get("not") ?? 0;
const comparison = strengths.get("==") ?? 0;

/** An expression and the height of its tree. */
export interface Grown {
  readonly value: Expression;
  readonly height: number;
}

/** Builds the tree of a chain `operand operator operand …` by the strength of its operators. */
export function buildOperators(
  file: SourceFile,
  operands: readonly Operand[],
  operators: readonly IToken[],
  report: (diagnostic: Diagnostic) => void,
): Grown {
  let next = 0;

  const spanOf = (token: IToken): Span => ({
    file,
    start: token.startOffset,
    end: token.startOffset + token.image.length,
  });

  const negated = (operand: Operand): Grown => {
    if (!operand.minus) return operand;
    const span = { file, start: operand.minus.startOffset, end: operand.value.span.end };
    return { value: { type: "unary", operator: "-", operand: operand.value, span }, height: operand.height + 1 };
  };

  /** Reads one operand and every operator after it that binds at least as tightly as `least`. */
  const chain = (least: number, nots: readonly IToken[] | undefined = operands[next]?.nots): Grown => {
    const operand = operands[next];
    if (!operand) throw new Error("an operator without an operand");
    let left: Grown;
    if (nots && nots.length > 0) {
      if (least > notStrength)
        for (const token of nots.slice(0, 1)) report(syntaxError(messages.misplacedNot, spanOf(token), undefined));
      left = chain(comparison, []);
      for (const token of nots.toReversed()) {
        const span = { file, start: token.startOffset, end: left.value.span.end };
        left = { value: { type: "unary", operator: "not", operand: left.value, span }, height: left.height + 1 };
      }
    } else {
      left = negated(operand);
      next += 1;
    }
    let compared = false;
    for (;;) {
      const token = operators[next - 1];
      if (!token) return left;
      const operator = token.image;
      if (!isOperator(operator)) throw new Error(`${operator} is no operator between values`);
      const strength = strengths.get(operator) ?? 0;
      if (strength < least) return left;
      if (strength === comparison) {
        if (compared) report(syntaxError(messages.chainedComparison, spanOf(token), undefined));
        compared = true;
      }
      const right = chain(strength + 1);
      const span = { file, start: left.value.span.start, end: right.value.span.end };
      const operatorSpan = spanOf(token);
      left = {
        value: { type: "binary", operator, operatorSpan, left: left.value, right: right.value, span },
        height: Math.max(left.height, right.height) + 1,
      };
    }
  };
  return chain(1);
}
