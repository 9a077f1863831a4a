import { ebnf } from "./ebnf.ts";
import { operatorStrengths } from "./operators.ts";
import { clauseWords, durationUnits, placeWords, reservedWords, signs, sizeUnits } from "./words.ts";

/** The text of `grammar/README.md`; its tables and rules come from the tokens and the parser themselves. */
export function readme(): string {
  const code = (words: readonly string[]): string => words.map((word) => `\`${word}\``).join(" ");
  return `<!-- Written by \`npm run generate\` from grammar/readme.ts; edit that file. -->

# grammar/: from text to tree

\`parse({ path, text })\` in \`parser.ts\` gives a tree (\`ast.ts\`) and a list of diagnostics, and never throws.
Everything here is pure: no files, no clock, no environment.

| step | where | what happens |
|---|---|---|
| refuse | \`check-source.ts\` | text that is too large or is not text gets one message and goes no further |
| split | \`tokens.ts\`, \`words.ts\`, \`literal-scan.ts\` | text becomes tokens; a string is one token, whatever stands in its holes |
| balance | \`brackets.ts\` | where a \`}\` is missing, the indentation says where it belongs; nesting is limited |
| parse | \`statements.ts\`, \`declarations.ts\`, \`types.ts\`, \`compound-values.ts\`, \`expressions.ts\`, \`parser-base.ts\` | the rules below, each class on top of the next; each rule builds its node |
| fill | \`literals.ts\`, \`simple-hole.ts\`, \`shell-quoting.ts\` | escapes, indentation of block strings, expressions in holes, quoting around holes of commands |
| explain | \`messages.ts\`, \`expectations.ts\`, \`frame.ts\` | every error in words of its own, shown with the lines it is about |

## Tokens

| token | form |
|---|---|
| Name | a letter or \`_\`, then letters, digits and \`_\` |
| String | \`"…"\` with holes \`\${…}\` and the escapes \`\\n \\t \\" \\\\ \\$ \\u{…}\`; \`'…'\` as it is; both also with three quotes, over several lines |
| Command | \`sh\` directly before any of these; the only escapes are \`\\"\` and \`\\$\` |
| Int | \`42\`, \`10_000\` |
| Mode | \`0\` and three or four octal digits: \`0644\` |
| Duration | numbers with the units ${code([...durationUnits.keys()])}, largest first: \`1h30m\` |
| Size | a number with one of the units ${code([...sizeUnits.keys()])} |
| signs | ${code(Object.values(signs)).replaceAll("|", "\\|")} |

* Words that are never names: ${code(reservedWords)}.
* Words that begin a clause in a body and are names elsewhere: ${code(clauseWords)}.
* Words that mean something in one place only: ${code(placeWords)}.
* AnyWord is any of the words above or a Name; InfixOperator is any operator of the table below.
* \`#\` begins a comment that goes to the end of its line. Lines that begin with \`##\` document the declaration directly below them.

Of a text with three quotes the first line break is dropped, the indentation that all of its lines share (that of the closing
quotes counts) is removed, and the last line break is kept.

## Lines

A line break means nothing except in these places, where the parser looks at it:

1. The value of an \`=\`, the title of a declaration, what follows \`require\`, \`before\`, \`notify\`, \`when\`, \`timeout\` or \`expect\`, and the name after a dot begin on the line where what they belong to ends. A title may begin a line after a comma.
2. An opening brace of a block or body stands on the line of its header.
3. Each statement begins a line, or stands alone between braces. Entries of bodies, records, record types and \`match\` values may share a line when a comma stands between them.

## Rules

\`{ }\` is any number of times, \`[ ]\` at most once, \`|\` a choice.

\`\`\`ebnf
${ebnf()}
\`\`\`

Operators bind as follows, tightest last; those of one line go from left to right, and a comparison is not followed by another.

| strength | operators |
|---|---|
${strengthRows()}

What the rules do not say: \`expect error "…"\` is the second form only when a text follows; a list of \`require\`, \`before\` or \`notify\`
ends before \`word =\`, a word that begins a clause, \`...\` or \`}\`; a word operator directly before \`=\` is the name of the next property;
\`-1 =>\` at the beginning of a line is the next case of a \`match\`; what follows \`...\` binds no operator.

## After an error

A statement or an entry of a body that cannot be read is reported and left out; everything around it stays. The next one begins at
the next line that begins with a word and is not inside brackets the broken one has opened, or that stands no further in than the
broken one did. Where one mistake is likely to cause others on its line, only the first is told.
`;
}

function strengthRows(): string {
  return operatorStrengths
    .map((operators, index) => `| ${index + 1} | ${operators.map((operator) => `\`${operator}\``).join(" ")} |`)
    .join("\n");
}
