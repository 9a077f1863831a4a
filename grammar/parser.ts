import type { FileNode, Item } from "./ast.ts";
import { balanceBrackets } from "./brackets.ts";
import { checkSource, directionalCharacters } from "./check-source.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { docComments } from "./doc-comments.ts";
import type { PendingHole } from "./literals.ts";
import { messages } from "./messages.ts";
import { SyntaxProblem } from "./parser-base.ts";
import { RecipeParser } from "./recipe-parser.ts";
import { simpleHole } from "./simple-hole.ts";
import { positionAt } from "./source.ts";
import type { SourceFile } from "./source.ts";
import { strayCharacters } from "./stray-characters.ts";
import { moveTokens, tokenize } from "./tokens.ts";

/** What a file says, and what is wrong with how it says it; statements that could not be read are missing. */
export interface ParseResult {
  readonly file: FileNode;
  readonly diagnostics: readonly Diagnostic[];
}

/** What is wrong with the text itself; whatever else seems wrong on that line most likely only follows from it. */
const lexicalCodes = new Set([messages.strayCharacter.code, messages.unclosedHole.code, messages.unclosedString.code]);

/** After one of these the rest of the line is in doubt. */
const coveringCodes = new Set([messages.sharedLine.code, messages.unclosedHole.code, messages.unclosedString.code]);

let parser: RecipeParser | undefined;

/** Reads one file; never throws, whatever the text. */
export function parse(source: SourceFile): ParseResult {
  const refused = checkSource(source);
  if (refused) return { file: fileNode(source, []), diagnostics: [refused] };

  parser ??= new RecipeParser();
  const { tokens, comments, errors } = tokenize(source.text);
  const hidden = directionalCharacters(source);
  const isHidden = new Set(hidden.map(({ span }) => span.start));
  const strays = strayCharacters(source, errors).filter(({ span }) => !isHidden.has(span.start));
  const diagnostics: Diagnostic[] = [...hidden, ...strays];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const balanced = balanceBrackets(source, tokens, report);
  if (!balanced) return { file: fileNode(source, []), diagnostics: diagnostics.slice(-1) };

  const holes: PendingHole[] = [];
  const docs = docComments(source, comments);
  const items = parser.readFile(source, balanced, docs.above, { report, defer: (hole) => holes.push(hole) });
  readHoles(parser, source, holes, report);
  const [first] = items;
  const doc = docs.ofFile(first && "doc" in first ? positionAt(source, first.span.start).line : undefined);
  return {
    file: { ...fileNode(source, items), ...(doc === undefined ? {} : { doc }) },
    diagnostics: withoutEchoes(diagnostics),
  };
}

/** Reads what is in the holes of strings; holes found in them are read in the next round, so no stack grows. */
function readHoles(
  reader: RecipeParser,
  source: SourceFile,
  first: readonly PendingHole[],
  report: (diagnostic: Diagnostic) => void,
): void {
  let round = first;
  for (let depth = 1; round.length > 0; depth += 1) {
    const next: PendingHole[] = [];
    for (const hole of round) {
      const simple = simpleHole(source, hole.start, hole.end);
      if (simple) {
        hole.fill(simple);
        continue;
      }
      const { tokens, errors } = tokenize(source.text.slice(hole.start, hole.end));
      for (const stray of strayCharacters(source, errors, hole.start)) report(stray);
      const moved = balanceBrackets(source, moveTokens(tokens, hole.start), report);
      try {
        if (moved)
          hole.fill(reader.readHole(source, moved, hole, depth, { report, defer: (inner) => next.push(inner) }));
        else hole.drop();
      } catch (problem) {
        if (!(problem instanceof SyntaxProblem)) throw problem;
        report(problem.diagnostic);
        hole.drop();
      }
    }
    round = next;
  }
}

/** What most likely only follows when another syntax error stands before it on the line. */
const followingCodes = new Set([messages.unexpected.code, messages.notAStatement.code, messages.sharedLine.code]);

/** In the order of the file, and without what most likely only follows from another mistake on its line. */
function withoutEchoes(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const lineOf = ({ span }: Diagnostic): number => positionAt(span.file, span.start).line;
  const isLexical = ({ code }: Diagnostic): boolean => lexicalCodes.has(code);
  const lexicalLines = new Set(diagnostics.filter(isLexical).map(lineOf));
  const kept: Diagnostic[] = [];
  // The line of the last message, whether it is kept or not.
  let before = -1;
  for (const diagnostic of diagnostics.toSorted((a, b) => a.span.start - b.span.start)) {
    const line = lineOf(diagnostic);
    const last = kept.at(-1);
    const covered = last !== undefined && coveringCodes.has(last.code) && lineOf(last) === line;
    const again = last?.span.start === diagnostic.span.start && last.code === diagnostic.code;
    const echo = lexicalLines.has(line) && !isLexical(diagnostic);
    if (!covered && !again && !echo && !follows(diagnostic, kept, before)) kept.push(diagnostic);
    before = line;
  }
  return kept;
}

/** Whether an error is most likely the effect of one before it: of the errors so far, and of the line of the last one. */
function follows(
  { code, message, span, related = [] }: Diagnostic,
  kept: readonly Diagnostic[],
  before: number,
): boolean {
  const line = positionAt(span.file, span.start).line;
  const isOn = (at: number): boolean => kept.some((one) => positionAt(one.span.file, one.span.start).line === at);
  const closes = code === messages.unexpected.code && /^[)\]}]/.test(span.file.text.slice(span.start, span.end));
  if (closes || code === messages.strayClose.code)
    return kept.some((one) => one.code !== code && one.code !== messages.directional.code);
  if (code === messages.missingClose.code)
    return related.some((one) => isOn(positionAt(one.span.file, one.span.start).line));
  // A whole block that was taken for a body.
  if (isMisplaced(message) && kept.some((one) => isMisplaced(one.message))) return true;
  if (code === messages.notAStatement.code && before === line - 1) return true;
  return followingCodes.has(code) && isOn(line);
}

function isMisplaced(message: string): boolean {
  return message.endsWith(messages.statementInBody.wording({ word: "" }).message.slice(2));
}

function fileNode(file: SourceFile, items: readonly Item[]): FileNode {
  return { type: "file", file, items, span: { file, start: 0, end: file.text.length } };
}
