import type { SourceFile, Span } from "./source.ts";

/** Every node of the tree knows where it stands. */
export interface Node {
  readonly span: Span;
}

/** A name as written, with its place. */
export interface Name extends Node {
  readonly text: string;
}

/** A dotted name such as `apache.server`; never empty. */
export interface QualifiedName extends Node {
  readonly parts: readonly Name[];
}

/** A whole parsed file; what could not be parsed is missing from `items`. */
export interface FileNode extends Node {
  readonly type: "file";
  readonly file: SourceFile;
  readonly items: readonly Item[];
  /** Text of the `##` lines at the very top of the file, when they belong to no declaration. */
  readonly doc?: string;
}

// ---- expressions

export type Expression =
  | IntLiteral
  | ModeLiteral
  | DurationLiteral
  | SizeLiteral
  | BoolLiteral
  | NoneLiteral
  | StringLiteral
  | CommandLiteral
  | NameExpression
  | ListExpression
  | ListComprehension
  | RecordExpression
  | RecordComprehension
  | UnaryExpression
  | BinaryExpression
  | MemberExpression
  | IndexExpression
  | CallExpression
  | IfExpression
  | MatchExpression;

export interface IntLiteral extends Node {
  readonly type: "int";
  readonly value: number;
}
/** `0644`: the bits of a file mode. */
export interface ModeLiteral extends Node {
  readonly type: "mode";
  readonly bits: number;
}
export interface DurationLiteral extends Node {
  readonly type: "duration";
  readonly milliseconds: number;
}
export interface SizeLiteral extends Node {
  readonly type: "size";
  readonly bytes: number;
}
export interface BoolLiteral extends Node {
  readonly type: "bool";
  readonly value: boolean;
}
export interface NoneLiteral extends Node {
  readonly type: "none";
}

/** A piece of text between holes, after escapes and the removal of common indentation. */
export interface TextPart extends Node {
  readonly type: "text";
  readonly text: string;
}
/** `${expression}`; the span covers the braces too. */
export interface Hole extends Node {
  readonly type: "hole";
  readonly expression: Expression;
  /** In a command: what the hole stands in when no hole can stand there. */
  readonly misplaced?: MisplacedHole;
  /** In a command: what the hole is only a part of, so that a list of words has no place there. */
  readonly partOf?: PartOfShellText;
}
/** Places in shell text where a hole cannot be replaced by a word. */
export type MisplacedHole = "arithmetic" | "backticks" | "comment" | "dollar" | "heredoc" | "name" | "quotes" | "tilde";
/** Places in shell text that take exactly one word. */
export type PartOfShellText = "assignment" | "case" | "expansion" | "redirection" | "word";
export interface StringLiteral extends Node {
  readonly type: "string";
  readonly parts: readonly (TextPart | Hole)[];
  readonly block: boolean;
}
/** `sh"…"`: shell text in which every hole becomes one word (a list, which must be a word of its own: that many). */
export interface CommandLiteral extends Node {
  readonly type: "command";
  readonly parts: readonly (TextPart | Hole)[];
}

export interface NameExpression extends Node {
  readonly type: "name";
  readonly name: string;
}
/** One element of a list; with `...` its value is a list whose elements are put in its place. */
export interface ListElement extends Node {
  readonly spread: boolean;
  readonly value: Expression;
}
export interface ListExpression extends Node {
  readonly type: "list";
  readonly elements: readonly ListElement[];
}
/** `for a in xs`, `for k, v in map if condition`. */
export interface ForHead extends Node {
  readonly names: readonly Name[];
  readonly source: Expression;
  readonly condition?: Expression;
}
export interface ListComprehension extends Node {
  readonly type: "list-for";
  readonly head: ForHead;
  readonly value: Expression;
}
export type RecordEntry =
  | (Node & {
      readonly type: "entry";
      readonly key: Name;
      readonly value: Expression;
      /** `{ root }` for `{ root = root }` */ readonly shorthand: boolean;
    })
  | (Node & { readonly type: "spread"; readonly value: Expression });
export interface RecordExpression extends Node {
  readonly type: "record";
  readonly entries: readonly RecordEntry[];
}
export interface RecordComprehension extends Node {
  readonly type: "record-for";
  readonly head: ForHead;
  readonly key: Expression;
  readonly value: Expression;
}
export interface UnaryExpression extends Node {
  readonly type: "unary";
  readonly operator: "-" | "not";
  readonly operand: Expression;
}
export type BinaryOperator =
  | "or"
  | "and"
  | "=="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "in"
  | "matches"
  | "??"
  | "+"
  | "-"
  | "*"
  | "/"
  | "%";
export interface BinaryExpression extends Node {
  readonly type: "binary";
  readonly operator: BinaryOperator;
  readonly operatorSpan: Span;
  readonly left: Expression;
  readonly right: Expression;
}
/** `object.name`, or `object?.name` which is `none` when the object is. */
export interface MemberExpression extends Node {
  readonly type: "member";
  readonly object: Expression;
  readonly name: Name;
  readonly optional: boolean;
}
/** `xs[0]`, `map["key"]`, and the reference `kind["title"]`. */
export interface IndexExpression extends Node {
  readonly type: "index";
  readonly object: Expression;
  readonly index: Expression;
}
export interface CallExpression extends Node {
  readonly type: "call";
  readonly callee: Expression;
  readonly arguments: readonly Expression[];
}
export interface IfExpression extends Node {
  readonly type: "if";
  readonly condition: Expression;
  readonly then: Expression;
  readonly else: Expression;
}
export interface MatchArm extends Node {
  readonly pattern: Pattern;
  readonly value: Expression;
}
export interface MatchExpression extends Node {
  readonly type: "match";
  readonly subject: Expression;
  readonly arms: readonly MatchArm[];
}
/** `else`, or one or more literals joined by `|`. */
export interface Pattern extends Node {
  readonly else: boolean;
  readonly values: readonly (StringLiteral | IntLiteral | BoolLiteral | NoneLiteral)[];
}

// ---- types as written

export type TypeNode = LiteralTypeNode | RecordTypeNode | NamedTypeNode | UnionTypeNode;
export interface TypeSuffix {
  /** `1..64`, `1..`, `..9`: numbers, bytes of a size or milliseconds of a duration. */
  readonly range?: { readonly span: Span; readonly min?: number; readonly max?: number };
  readonly pattern?: StringLiteral;
  readonly optional?: boolean;
}
export interface LiteralTypeNode extends Node, TypeSuffix {
  readonly type: "literal-type";
  readonly value: string;
}
export interface RecordTypeNode extends Node, TypeSuffix {
  readonly type: "record-type";
  readonly fields: readonly Field[];
}
export interface NamedTypeNode extends Node, TypeSuffix {
  readonly type: "named-type";
  readonly name: QualifiedName;
  readonly arguments: readonly TypeNode[];
}
export interface UnionTypeNode extends Node {
  readonly type: "union-type";
  readonly members: readonly TypeNode[];
}
/** `name: type = default`. */
export interface Field extends Node {
  readonly name: Name;
  readonly valueType: TypeNode;
  readonly default?: Expression;
}

// ---- statements

export type Item = Property | Statement;
export type Statement =
  | Use
  | TypeDeclaration
  | FunctionDeclaration
  | ResourceDeclaration
  | Input
  | Output
  | Observe
  | Let
  | Set
  | If
  | For
  | Match
  | On
  | Group
  | Order
  | Test
  | Expect
  | Declaration;

export interface Block extends Node {
  readonly items: readonly Item[];
}
/** `name = value` in a body, a stack, a layer or a test. */
export interface Property extends Node {
  readonly type: "property";
  readonly name: Name;
  readonly value: Expression;
}
/** `use apache`, `use "./hardening.recipe" as h`. */
export interface Use extends Node {
  readonly type: "use";
  readonly source: Name | StringLiteral;
  readonly as?: Name;
}
export interface Documented {
  /** Text of the `##` lines directly above, without the marks. */
  readonly doc?: string;
}
export interface TypeDeclaration extends Node, Documented {
  readonly type: "type";
  readonly name: Name;
  readonly definition: TypeNode;
}
export interface FunctionDeclaration extends Node, Documented {
  readonly type: "fn";
  readonly name: Name;
  readonly parameters: readonly Field[];
  readonly result: TypeNode;
  readonly body: Expression;
}
export interface ResourceDeclaration extends Node, Documented {
  readonly type: "resource";
  readonly name: Name;
  /** The field in parentheses; without it the resource is a singleton. */
  readonly title?: Field;
  readonly body: Block;
}
export interface Input extends Node, Documented {
  readonly type: "input";
  readonly field: Field;
}
export interface Output extends Node, Documented {
  readonly type: "output";
  readonly field: Field;
}
export interface Observe extends Node, Documented {
  readonly type: "observe";
  readonly field: Field;
}
export interface Let extends Node, Documented {
  readonly type: "let";
  readonly name: Name;
  readonly valueType?: TypeNode;
  readonly value: Expression;
}
export interface Set extends Node {
  readonly type: "set";
  readonly target: QualifiedName;
  readonly append: boolean;
  readonly value: Expression;
}
export interface If extends Node {
  readonly type: "if-statement";
  readonly condition: Expression;
  readonly then: Block;
  readonly else?: If | Block;
}
export interface For extends Node {
  readonly type: "for-statement";
  readonly head: ForHead;
  readonly body: Block;
}
export interface Match extends Node {
  readonly type: "match-statement";
  readonly subject: Expression;
  readonly arms: readonly (Node & { readonly pattern: Pattern; readonly body: Block })[];
}
export interface On extends Node {
  readonly type: "on";
  readonly events: readonly Name[];
  readonly body: Block;
}
export interface Group extends Node, Documented {
  readonly type: "stack" | "layer";
  readonly name: Name;
  readonly body: Block;
}
export interface Order extends Node {
  readonly type: "order";
  readonly names: readonly Name[];
}
export interface Test extends Node {
  readonly type: "test";
  readonly label: StringLiteral;
  readonly on?: StringLiteral;
  readonly body: Block;
}
export interface Expect extends Node {
  readonly type: "expect";
  readonly condition?: Expression;
  /** `expect error "pattern" { … }` */
  readonly error?: { readonly pattern: StringLiteral; readonly body: Block };
}

/** `kind "title", "title" { … }`. */
export interface Declaration extends Node, Documented {
  readonly type: "declaration";
  readonly kind: QualifiedName;
  readonly titles: readonly Title[];
  readonly body?: Body;
}
/** A title is an expression; with `...` its value is a list of titles. */
export interface Title extends Node {
  readonly spread: boolean;
  readonly value: Expression;
}
export interface Body extends Node {
  readonly entries: readonly BodyEntry[];
}
export type BodyEntry = Property | Relation | When | Retry | Timeout | BodySpread;
export interface Relation extends Node {
  readonly type: "require" | "before" | "notify";
  readonly targets: readonly Expression[];
}
export interface When extends Node {
  readonly type: "when";
  readonly condition: Expression;
}
export interface Retry extends Node {
  readonly type: "retry";
  readonly count: IntLiteral;
  readonly every?: DurationLiteral;
}
export interface Timeout extends Node {
  readonly type: "timeout";
  readonly after: Expression;
}
export interface BodySpread extends Node {
  readonly type: "body-spread";
  readonly value: Expression;
}
