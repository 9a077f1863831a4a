import { clauseWords, durationUnits, operatorWords, reservedWords, signs, sizeUnits, valueWords } from "./words.ts";

/** A rule of a TextMate grammar. */
interface Rule {
  readonly name?: string;
  readonly contentName?: string;
  readonly match?: string;
  readonly begin?: string;
  readonly end?: string;
  readonly include?: string;
  readonly captures?: Captures;
  readonly beginCaptures?: Captures;
  readonly endCaptures?: Captures;
  readonly patterns?: readonly Rule[];
}
type Captures = Readonly<Record<string, { readonly name: string }>>;

const word = "[A-Za-z_][A-Za-z0-9_]*";
const dotted = String.raw`${word}(?:\.${word})*`;
const reserved = String.raw`(?:${anyOf(reservedWords)})\b`;
const notReserved = `(?!${reserved})`;

/** Types that take others in angle brackets. */
const containers = ["later", "list", "map", "secret", "set"];
const controlWords = ["else", "for", "if", "match"];
const declaringWords = ["fn", "input", "layer", "let", "observe", "output", "resource", "stack", "type"];
const otherWords = reservedWords.filter(
  (one) => ![...controlWords, ...declaringWords, ...operatorWords, ...valueWords].includes(one),
);

/** The grammar with which editors colour recipes, made from the words and signs of the language. */
export function textmateGrammar(): object {
  return {
    name: "Galley recipe",
    scopeName: "source.recipe",
    fileTypes: ["recipe"],
    patterns: [include("comments"), include("declarations"), include("expression")],
    repository: {
      comments: comments(),
      declarations: declarations(),
      expression: {
        patterns: ["comments", "texts", "numbers", "words", "names", "signs"].map((name) => include(name)),
      },
      texts: texts(),
      hole: hole(),
      braces: {
        begin: String.raw`\{`,
        end: String.raw`\}`,
        captures: { 0: { name: "punctuation.section.braces.recipe" } },
        patterns: [include("braces"), include("expression")],
      },
      escape: { name: "constant.character.escape.recipe", match: String.raw`\\(?:[nt"\\$]|u\{[0-9A-Fa-f]{1,6}\})` },
      badEscape: { name: "invalid.illegal.escape.recipe", match: String.raw`\\.` },
      shellEscape: { name: "constant.character.escape.recipe", match: String.raw`\\["$]` },
      shellVariable: { name: "variable.other.shell.recipe", match: String.raw`\$(?:${word}|[0-9@*#?$!-])` },
      numbers: numbers(),
      words: words(),
      names: names(),
      signs: signRules(),
    },
  };
}

/** Colours recipes in the fenced blocks of Markdown. */
export function markdownInjection(): object {
  return {
    scopeName: "markdown.recipe.codeblock",
    injectionSelector: "L:text.html.markdown",
    patterns: [
      {
        name: "markup.fenced_code.block.markdown",
        begin: String.raw`(^|\G)(\s*)(${"`"}{3,}|~{3,})\s*(recipe)\b[^${"`"}]*$`,
        beginCaptures: {
          3: { name: "punctuation.definition.markdown" },
          4: { name: "fenced_code.block.language.markdown" },
        },
        end: String.raw`(^|\G)(\2|\s{0,3})(\3)\s*$`,
        endCaptures: { 3: { name: "punctuation.definition.markdown" } },
        patterns: [
          {
            begin: String.raw`(^|\G)(\s*)(.*)`,
            while: String.raw`(^|\G)(?!\s*([${"`"}~]{3,})\s*$)`,
            contentName: "meta.embedded.block.recipe",
            patterns: [{ include: "source.recipe" }],
          },
        ],
      },
    ],
  };
}

function include(name: string): Rule {
  return { include: `#${name}` };
}

/** An expression that matches any of the given texts, longer ones first. */
function anyOf(choices: readonly string[]): string {
  return choices
    .toSorted((a, b) => b.length - a.length)
    .map((choice) => choice.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`))
    .join("|");
}

function comments(): Rule {
  return {
    patterns: [
      { name: "comment.line.documentation.recipe", match: String.raw`^\s*##(?!#).*$` },
      { name: "comment.line.number-sign.recipe", match: "#.*$" },
    ],
  };
}

/** What can be told only from where it stands: at the beginning of a line, or of an entry of a body. */
function declarations(): Rule {
  return {
    patterns: [
      {
        match: String.raw`(?:^|(?<=[{,]))\s*(${anyOf(clauseWords)})\b(?!\s*=)`,
        captures: { 1: { name: "keyword.control.clause.recipe" } },
      },
      {
        match: String.raw`\b(retry)\s+([0-9_]+)\s+(every)\b`,
        captures: {
          1: { name: "keyword.control.clause.recipe" },
          2: { name: "constant.numeric.integer.recipe" },
          3: { name: "keyword.control.clause.recipe" },
        },
      },
      {
        match: String.raw`\b(use)\s+(?:(${word})\b(?:\s+(as)\s+(${word}))?)`,
        captures: {
          1: { name: "keyword.other.recipe" },
          2: { name: "entity.name.namespace.recipe" },
          3: { name: "keyword.other.recipe" },
          4: { name: "entity.name.namespace.recipe" },
        },
      },
      {
        match: String.raw`(?<=["'])\s+(as)\s+(${word})`,
        captures: { 1: { name: "keyword.other.recipe" }, 2: { name: "entity.name.namespace.recipe" } },
      },
      {
        match: String.raw`\b(expect)\s+(error)(?=\s+["'])`,
        captures: { 1: { name: "keyword.other.recipe" }, 2: { name: "keyword.other.recipe" } },
      },
      {
        match: String.raw`^\s*(fn)\s+(${word})`,
        captures: { 1: { name: "storage.type.recipe" }, 2: { name: "entity.name.function.recipe" } },
      },
      {
        match: String.raw`^\s*(${anyOf(["layer", "resource", "stack", "type"])})\s+(${word})`,
        captures: { 1: { name: "storage.type.recipe" }, 2: { name: "entity.name.type.recipe" } },
      },
      {
        match: String.raw`^\s*(${anyOf(["input", "let", "observe", "output"])})\s+(${word})(?:\s*(:)\s*(${notReserved}${dotted})?)?`,
        captures: {
          1: { name: "storage.type.recipe" },
          2: { name: "variable.other.definition.recipe" },
          3: { name: "punctuation.separator.type.recipe" },
          4: { name: "support.type.recipe" },
        },
      },
      {
        match: String.raw`^\s*(set)\s+(${dotted})(?=\s*\+?=)`,
        captures: { 1: { name: "keyword.other.recipe" }, 2: { name: "variable.other.property.recipe" } },
      },
      {
        match: String.raw`^\s*${notReserved}(${dotted})(?=\s+(?:["'(]|\.\.\.|${notReserved}[A-Za-z_])|\s*\{)`,
        captures: { 1: { name: "entity.name.type.kind.recipe" } },
      },
      {
        match: String.raw`(?<=[{])\s*${notReserved}(${dotted})(?=\s+["']|\s*\{|\s+${notReserved}${dotted}\s*[{}])`,
        captures: { 1: { name: "entity.name.type.kind.recipe" } },
      },
    ],
  };
}

function texts(): Rule {
  const inside = [include("hole"), include("escape"), include("badEscape")];
  const shell = [include("hole"), include("shellEscape"), include("shellVariable")];
  return {
    patterns: [
      text("string.other.command.block.recipe", '"""', '"""', shell, true),
      text("string.other.command.block.raw.recipe", "'''", "'''", [], true),
      text("string.other.command.recipe", '"', '"|$', shell, true),
      text("string.other.command.raw.recipe", "'", "'|$", [], true),
      text("string.quoted.triple.double.recipe", '"""', '"""', inside),
      text("string.quoted.triple.single.recipe", "'''", "'''", []),
      text("string.quoted.double.recipe", '"', '"|$', inside),
      text("string.quoted.single.recipe", "'", "'|$", []),
    ],
  };
}

function text(name: string, begin: string, end: string, patterns: readonly Rule[], command = false): Rule {
  return {
    name,
    begin: command ? String.raw`\b(sh)(${begin})` : begin,
    end,
    beginCaptures: command
      ? { 1: { name: "support.function.command.recipe" }, 2: { name: "punctuation.definition.string.begin.recipe" } }
      : { 0: { name: "punctuation.definition.string.begin.recipe" } },
    endCaptures: { 0: { name: "punctuation.definition.string.end.recipe" } },
    patterns,
  };
}

function hole(): Rule {
  return {
    begin: String.raw`\$\{`,
    end: String.raw`\}`,
    contentName: "meta.embedded.expression.recipe",
    beginCaptures: { 0: { name: "punctuation.section.embedded.begin.recipe" } },
    endCaptures: { 0: { name: "punctuation.section.embedded.end.recipe" } },
    patterns: [include("braces"), include("expression")],
  };
}

function numbers(): Rule {
  const digits = "[0-9]+(?:_[0-9]+)*";
  return {
    patterns: [
      {
        name: "constant.numeric.duration.recipe",
        match: String.raw`\b(?:${digits}(?:${anyOf([...durationUnits.keys()])}))+\b`,
      },
      { name: "constant.numeric.size.recipe", match: String.raw`\b${digits}(?:${anyOf([...sizeUnits.keys()])})\b` },
      { name: "constant.numeric.mode.recipe", match: String.raw`\b0[0-7]{3,4}\b` },
      { name: "constant.numeric.integer.recipe", match: String.raw`\b(?:0|[1-9][0-9]*(?:_[0-9]+)*)\b` },
      { name: "invalid.illegal.number.recipe", match: String.raw`\b[0-9][A-Za-z0-9_]*\b` },
    ],
  };
}

/** Words; where one stands before `=` or after a dot it is a name, whatever it is elsewhere. */
function words(): Rule {
  const plain = (group: readonly string[]): string => String.raw`(?<![.\w])(?:${anyOf(group)})\b(?!\s*=[^=>])`;
  return {
    patterns: [
      { name: "support.type.recipe", match: String.raw`\b(?:${anyOf(containers)})(?=<)` },
      { name: "constant.language.recipe", match: plain(valueWords) },
      { name: "keyword.operator.word.recipe", match: plain(operatorWords) },
      { name: "keyword.control.recipe", match: plain(controlWords) },
      { name: "storage.type.recipe", match: plain(declaringWords) },
      { name: "keyword.other.recipe", match: plain(otherWords) },
    ],
  };
}

function names(): Rule {
  return {
    patterns: [
      {
        match: String.raw`(\?\.|(?<!\.)\.)(${word})`,
        captures: { 1: { name: "punctuation.accessor.recipe" }, 2: { name: "variable.other.member.recipe" } },
      },
      { name: "variable.other.property.recipe", match: String.raw`\b${word}\b(?=\s*=[^=>])` },
      {
        match: String.raw`\b(${word})\s*(:)\s*(${notReserved}${dotted})?`,
        captures: {
          1: { name: "variable.other.property.recipe" },
          2: { name: "punctuation.separator.type.recipe" },
          3: { name: "support.type.recipe" },
        },
      },
      {
        match: String.raw`(?<=\))\s*(:)\s*(${notReserved}${dotted})`,
        captures: { 1: { name: "punctuation.separator.type.recipe" }, 2: { name: "support.type.recipe" } },
      },
      { name: "entity.name.function.recipe", match: String.raw`\b${word}\b(?=\()` },
      { name: "entity.name.type.kind.recipe", match: String.raw`\b${word}\b(?=\[["'])` },
      { name: "variable.language.recipe", match: String.raw`\b(?:host|candidate)\b` },
      { name: "variable.other.recipe", match: String.raw`\b${word}\b` },
    ],
  };
}

function signRules(): Rule {
  const brackets: readonly string[] = [
    signs.LCurly,
    signs.RCurly,
    signs.LSquare,
    signs.RSquare,
    signs.LParen,
    signs.RParen,
  ];
  const separators: readonly string[] = [signs.Comma, signs.Colon];
  const operators = Object.values(signs).filter((sign) => !brackets.includes(sign) && !separators.includes(sign));
  return {
    patterns: [
      { name: "keyword.operator.recipe", match: anyOf(operators) },
      { name: "punctuation.section.brackets.recipe", match: anyOf(brackets) },
      { name: "punctuation.separator.recipe", match: anyOf(separators) },
    ],
  };
}
