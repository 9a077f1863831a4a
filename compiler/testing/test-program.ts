import type {
  Expect,
  Expression,
  FileNode,
  Item,
  Property,
  Set as SetNode,
  Statement,
  Test,
} from "../../grammar/ast.ts";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Span } from "../../grammar/source.ts";
import { type DataEntry, dataOf } from "../data/data.ts";
import { diagnostic } from "../messages.ts";
import { moduleOf } from "../module.ts";
import type { Module, Program } from "../program.ts";
import { suggest } from "../suggest.ts";

/** A test as a recipe of its own: the recipe it stands in, with its statements added. */
export interface TestProgram {
  readonly program: Program;
  /** `expect error "…" { … }`: each is tried by itself. */
  readonly errors: readonly ErrorExpectation[];
  /** What the test takes for the machine; the usual one when it says nothing. */
  readonly host: Expression | undefined;
  /** What is wrong with how the test is written. */
  readonly diagnostics: readonly Diagnostic[];
}

/** Statements that must lead to an error with these words. */
export interface ErrorExpectation {
  readonly span: Span;
  readonly words: string;
  readonly program: Program;
}

/** Statements that add to what the recipe declares, or expect something of it. */
const allowed: ReadonlySet<Item["type"]> = new Set<Statement["type"]>([
  "declaration",
  "expect",
  "for-statement",
  "if-statement",
  "let",
  "match-statement",
]);

/** The tests at the top of a recipe, in written order. */
export function testsOf({ root }: Program): readonly Test[] {
  return root.ast.items.filter((item) => item.type === "test");
}

/** Makes a recipe of a test. */
export function testProgram(program: Program, test: Test): TestProgram {
  const found: Diagnostic[] = [];
  const report = (one: Diagnostic): void => void found.push(one);
  const properties = test.body.items.filter((item) => item.type === "property");
  const host = properties.find(({ name }) => name.text === "host");
  const inputs = properties.filter((property) => property !== host);
  const entries = inputs.flatMap((property) => entryOf(property, program.root, report));
  const items = test.body.items.filter((item) => {
    if (item.type === "property" || isErrorExpectation(item)) return false;
    if (!allowed.has(item.type))
      report(diagnostic("R117", wordOf(item), { word: item.type, where: "outside of tests" }));
    return allowed.has(item.type);
  });
  const make = (more: readonly Item[], tell: (one: Diagnostic) => void) => added(program, more, entries, tell);
  return {
    program: make(items, report),
    errors: test.body.items.filter(isErrorExpectation).map(({ error, span }) => {
      const mistakes: Diagnostic[] = [];
      const tried = make([...items.filter(({ type }) => type !== "expect"), ...error.body.items], (one) =>
        mistakes.push(one),
      );
      return { span, words: textOfPattern(error.pattern), program: { ...tried, diagnostics: mistakes } };
    }),
    host: host?.value,
    diagnostics: found,
  };
}

function isErrorExpectation(item: Item): item is Expect & { readonly error: NonNullable<Expect["error"]> } {
  return item.type === "expect" && item.error !== undefined;
}

function wordOf({ span }: Item): Span {
  return { ...span, end: Math.min(span.end, span.start + 8) };
}

function textOfPattern(pattern: NonNullable<Expect["error"]>["pattern"]): string {
  return pattern.parts.map((part) => (part.type === "text" ? part.text : "")).join("");
}

/** `port = 80` in a test gives the input of the recipe's own file. */
function entryOf(
  { name, value, span }: Property,
  { inputs, name: kind }: Module,
  report: (one: Diagnostic) => void,
): readonly DataEntry[] {
  if (!inputs.has(name.text)) {
    const known = ["host", ...inputs.keys()];
    const suggestion = suggest(name.text, known);
    report(diagnostic("R101", name.span, { kind: "test", property: name.text, suggestion, known, what: "input" }));
    return [];
  }
  const node: SetNode = { type: "set", target: { parts: [name], span: name.span }, append: false, value, span };
  return [{ level: "command line", kind, input: name.text, append: false, isOfTest: true, node }];
}

/** The program with more statements at the top of its root file, and without its tests. */
function added(
  program: Program,
  more: readonly Item[],
  entries: readonly DataEntry[],
  report: (one: Diagnostic) => void,
): Program {
  const { data, modules, root } = program;
  const ast: FileNode = { ...root.ast, items: [...root.ast.items.filter(({ type }) => type !== "test"), ...more] };
  const made = moduleOf(root.name, ast, { isRoot: true, incomplete: root.incomplete === true }, root.kinds, report);
  const overlay: Module = { ...made, uses: root.uses };
  return {
    ...program,
    root: overlay,
    modules: modules.map((module) => (module === root ? overlay : module)),
    data: dataOf(data.files, [...data.entries, ...entries]),
    mayLack: new WeakSet(),
  };
}
