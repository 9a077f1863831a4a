import type { Diagnostic, Fix, Related } from "./diagnostic.ts";
import type { Form } from "./foreign-words.ts";
import type { Span } from "./source.ts";

/** The words of one message; what varies has been filled in. */
export interface Wording {
  readonly message: string;
  readonly label?: string;
  readonly hints?: readonly string[];
}

/** One row of the table: a code and how the message is worded. */
export interface Row<Details> {
  readonly code: string;
  readonly wording: (details: Details) => Wording;
}

function row<Details>(code: string, wording: (details: Details) => Wording): Row<Details> {
  return { code, wording };
}

/** What a syntax error says, a row a message, in the order of the codes. */
export const messages = {
  notText: row("R001", (d: { line: number; column: number }) => ({
    message: `this file is not text: there is no UTF-8 at line ${d.line}, column ${d.column}`,
    hints: ["a recipe is plain text; was a compiled or compressed file given by mistake?"],
  })),
  tooLarge: row("R002", (d: { size: string; limit: string }) => ({
    message: `this file has ${d.size}, a recipe may have ${d.limit}`,
    hints: [
      'long contents belong into a file of their own: source = "…" or template("…")',
      "long lists belong into several recipes joined by `use`",
    ],
  })),
  tooDeep: row("R003", (d: { limit: number }) => ({
    message: "this is nested too deeply",
    label: `more than ${d.limit} levels`,
    hints: ["give inner parts a name with `let`"],
  })),
  strayCharacter: row("R004", (d: { found: string; advice: string }) => ({
    message: `${d.found} has no meaning here`,
    label: d.advice,
  })),
  unclosedString: row("R005", (d: { quote: string; block: boolean }) => ({
    message: d.block ? `this block string is never closed` : "this string is not closed on its line",
    label: d.block ? `no ${d.quote} follows` : `a closing ${d.quote} is missing`,
    hints: d.block ? [] : ['text of several lines is written between """ and """'],
  })),
  badHole: row("R006", (d: { hints: readonly string[] }) => ({
    message: "this hole holds more than one value",
    label: "the value ends before this",
    hints: d.hints,
  })),
  emptyHole: row<undefined>("R006", () => ({
    message: "this hole is empty",
    label: "a value is expected between the braces",
    hints: ["a `${` that is meant as text is written \\${"],
  })),
  unknownEscape: row("R007", (d: { escape: string }) => ({
    message: `there is no escape ${d.escape}`,
    label: 'known are \\n \\t \\" \\\\ \\$ and \\u{…}',
    hints: ["a backslash that is meant is written twice, or the text is put between '…', where nothing is special"],
  })),
  badCodePoint: row("R007", (d: { escape: string }) => ({
    message: `${d.escape} is no character`,
    label: "one to six hexadecimal digits are expected between the braces, at most 10FFFF",
  })),
  badNumber: row("R008", (d: { found: string; advice: string; hints: readonly string[] }) => ({
    message: `${d.found} is not a valid number`,
    label: d.advice,
    hints: d.hints,
  })),
  unclosedHole: row<undefined>("R009", () => ({
    message: "this hole is not closed",
    label: "a `}` is missing",
    hints: ["a `${` that is meant as text is written \\${"],
  })),
  missingClose: row("R010", (d: { close: string }) => ({
    message: `a closing \`${d.close}\` is missing`,
    label: `\`${d.close}\` is expected here`,
  })),
  strayClose: row("R011", (d: { close: string }) => ({
    message: `this \`${d.close}\` closes nothing`,
    label: "nothing is open here",
  })),
  sharedLine: row("R012", (d: { what: string; comma: boolean; elseIf: boolean }) => ({
    message: `${d.what} begins on a line of its own`,
    label: d.comma ? "put a comma before this, or begin a new line" : "begin a new line here",
    hints: d.elseIf ? ["another condition is written `else if`"] : [],
  })),
  missingValue: row("R013", (d: { after: string }) => ({
    message: `${d.after} is followed by its value on the same line`,
    label: "the value is missing",
  })),
  headerLine: row("R014", (d: { what: string }) => ({
    message: `${d.what} belongs on the line of its header`,
    label: "move this to the end of the line before",
  })),
  missingBlock: row("R015", (d: { found: string }) => ({
    message: "a `{` is missing",
    label: `\`{\` is expected, ${d.found} is here`,
  })),
  missingSign: row("R016", (d: { sign: string; where: string; found: string }) => ({
    message: `\`${d.sign}\` is missing in ${d.where}`,
    label: `\`${d.sign}\` is expected, ${d.found} is here`,
  })),
  notAStatement: row("R017", (d: { found: string }) => ({
    message: `no statement begins with ${d.found}`,
    label: "a statement begins with the name of a kind or with a word such as `let`, `for`, `use`",
  })),
  wrongOrder: row("R017", (d: { found: string; where: string }) => ({
    message: `${d.found} is not allowed here`,
    label: d.where,
  })),
  incompleteDeclaration: row("R018", (d: { kind: string; found: string }) => ({
    message: `\`${d.kind}\` is followed by a title or by \`{\``,
    label: `${d.found} is here`,
    hints: [`a resource has a title: ${d.kind} "name" { … }; a singleton has none: ${d.kind} {}`],
  })),
  notAnEntry: row("R019", (d: { found: string }) => ({
    message: `${d.found} is not allowed in a body`,
    label: "a body holds properties, clauses and spreads",
    hints: ["a property is `name = value`; a clause begins with require, before, notify, when, retry or timeout"],
  })),
  statementInBody: row("R019", (d: { word: string }) => ({
    message: `\`${d.word}\` is a statement, and a body holds only properties and clauses`,
    label: "move this out of the body",
    hints: ["is a `}` missing above?", "a value may depend on a condition: name = if condition { a } else { b }"],
  })),
  notARecordEntry: row("R019", (d: { found: string }) => ({
    message: `${d.found} is not allowed in a record`,
    label: "an entry is `key = value`, `name` or `...record`",
  })),
  notAValue: row("R020", (d: { found: string; hints: readonly string[] }) => ({
    message: "a value is missing",
    label: `${d.found} is not a value`,
    hints: d.hints,
  })),
  notAName: row("R021", (d: { found: string; where: string; reserved: boolean }) => ({
    message: `a name is missing ${d.where}`,
    label: d.reserved ? `${d.found} is a word of the language and cannot be a name` : `${d.found} is not a name`,
  })),
  notAType: row("R022", (d: { found: string }) => ({
    message: "a type is missing",
    label: `${d.found} is not a type`,
    hints: ['a type is a name (string, int, path …), a text such as "present", or a record { name: string }'],
  })),
  untyped: row("R022", (d: { what: string; found: string }) => ({
    message: `${d.what} needs a type`,
    label: `\`: type\` is expected, ${d.found} is here`,
  })),
  textWithHoles: row("R022", (d: { where: string }) => ({
    message: `${d.where} is a text without holes`,
    label: "a hole cannot be known here",
  })),
  notAPattern: row("R023", (d: { found: string }) => ({
    message: "a case of `match` is a text, a number, true, false, none or else",
    label: `${d.found} is here`,
  })),
  missingArrow: row("R023", (d: { found: string }) => ({
    message: "a case of `match` is followed by `=>`",
    label: `\`=>\` is expected, ${d.found} is here`,
  })),
  chainedComparison: row<undefined>("R024", () => ({
    message: "comparisons do not chain",
    label: "join two comparisons with `and`",
  })),
  misplacedNot: row<undefined>("R025", () => ({
    message: "`not` applies to a whole comparison",
    label: "put parentheses around `not …`",
  })),
  missingComma: row("R026", (d: { where: string; found: string; close: string }) => ({
    message: `${d.where} are separated by commas`,
    label: `a comma or \`${d.close}\` is expected, ${d.found} is here`,
  })),
  missingElse: row<undefined>("R027", () => ({
    message: "an `if` that is a value needs an `else`",
    label: "else { … } is missing",
  })),
  badClause: row("R028", (d: { word: string; wants: string; found: string }) => ({
    message: `\`${d.word}\` is followed by ${d.wants}`,
    label: `${d.found} is here`,
  })),
  missingString: row("R029", (d: { where: string; found: string }) => ({
    message: `${d.where} is a text in quotes`,
    label: `${d.found} is here`,
  })),
  missingIn: row("R030", (d: { found: string }) => ({
    message: "`for` is followed by a name and a source: for item in list",
    label: `\`in\` is expected, ${d.found} is here`,
  })),
  unexpected: row("R031", (d: { found: string }) => ({
    message: `${d.found} is not expected here`,
    label: "the statement is complete before this",
  })),
  directional: row("R033", (d: { number: string }) => ({
    message: `there is an invisible character here, U+${d.number}, which changes the direction of the text around it`,
    label: "what is shown here is not what is read",
    hints: [`where it is meant, it is written as \\u{${d.number.toLowerCase()}} in a text between "…"`],
  })),
  missingEquals: row(
    "R103",
    (d: { name: string; value: string; chef: boolean; joins: boolean; form?: Form | undefined }) => ({
      message: "a value is given with `=`",
      ...(d.value === "" ? { label: `a value is missing after \`${d.name} =\`` } : {}),
      hints: [
        ...(d.form?.write === undefined ? [] : [`\`${d.name}\` is a word of another tool; write ${d.form.write}`]),
        ...(d.form?.why === undefined ? [] : [d.form.why]),
        ...(d.joins
          ? ["`+=` is allowed in data files only; sets given by several declarations are joined anyway"]
          : []),
        ...(d.chef && d.form === undefined
          ? ["coming from Chef? Properties take `=`; the clauses require, notify, when and retry do not."]
          : []),
      ],
    }),
  ),
  unknownStatement: row(
    "R130",
    (d: { word: string; meant?: string | undefined; form?: Form | undefined; likely: string }) => ({
      message: `no statement begins with \`${d.word}\``,
      label:
        d.form?.write !== undefined
          ? `write ${d.form.write}`
          : d.meant !== undefined
            ? `did you mean \`${d.meant}\`?`
            : d.likely,
      hints: d.form?.why === undefined ? [] : [d.form.why],
    }),
  ),
  titlesAsList: row("R032", (d: { kind: string; titles: string }) => ({
    message: "several titles are separated by commas, without brackets",
    label: `write ${d.kind} ${d.titles}`,
  })),
};

/** Makes the diagnostic of one row. */
export function syntaxError<Details>(
  { code, wording }: Row<Details>,
  span: Span,
  details: Details,
  more: { readonly related?: readonly Related[]; readonly fix?: Fix } = {},
): Diagnostic {
  const { message, label, hints } = wording(details);
  return {
    code,
    severity: "error",
    span,
    message,
    ...(label === undefined ? {} : { label }),
    ...(hints === undefined || hints.length === 0 ? {} : { hints }),
    ...more,
  };
}
