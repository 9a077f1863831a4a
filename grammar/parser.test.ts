import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { Declaration, Expression, Item } from "./ast.ts";
import { checkSource } from "./check-source.ts";
import { frame } from "./frame.ts";
import { parse } from "./parser.ts";
import { RecipeParser } from "./recipe-parser.ts";
import { textOf } from "./source.ts";

function read(text: string) {
  return parse({ path: "test.recipe", text });
}

/** The diagnostics as a person sees them. */
function told(text: string): string {
  return read(text)
    .diagnostics.map((diagnostic) => frame(diagnostic))
    .join("\n");
}

function valueOf(text: string): Expression {
  const { file, diagnostics } = read(`let x = ${text}`);
  expect(diagnostics.map((diagnostic) => frame(diagnostic))).toEqual([]);
  const [item] = file.items;
  if (item?.type !== "let") throw new Error("not a let");
  return item.value;
}

test("the grammar has no ambiguity with a lookahead of two", () => {
  expect(() => new RecipeParser(true)).not.toThrow();
});

// ---- recovery

const ten = Array.from(
  { length: 10 },
  (_, index) => `file "/etc/${index}" {\n  content = "${index}"\n  mode = 0644\n}\n`,
);
const breakages: Readonly<Record<string, string>> = {
  "a half-typed value": 'file "/etc/5" {\n  content =\n  mode = 0644\n}\n',
  "a half-typed word": 'file "/etc/5" {\n  cont\n  mode = 0644\n}\n',
  "a half-typed statement": "pack\n",
  "a half-typed member": "let x = host.\n",
  "a missing closing brace": 'file "/etc/5" {\n  content = "5"\n  mode = 0644\n',
  "a missing opening brace": 'file "/etc/5"\n  content = "5"\n  mode = 0644\n}\n',
  "a missing equals sign": 'file "/etc/5" {\n  content "5"\n  mode = 0644\n}\n',
  "a string that is not closed": 'file "/etc/5" {\n  content = "5\n  mode = 0644\n}\n',
  "a title that is not closed": 'file "/etc/5 {\n  content = "5"\n  mode = 0644\n}\n',
  "a list that is not closed": "let x = [1, 2\n",
  "a call that is not closed": 'let x = template("x", {\n',
  "signs without sense": "=> ) ] ,\n",
};

for (const [name, broken] of Object.entries(breakages)) {
  test(`${name} among ten statements loses none of the other nine`, () => {
    const { file, diagnostics } = read([...ten.slice(0, 5), broken, ...ten.slice(6)].join(""));
    expect(diagnostics.length).toBeGreaterThan(0);
    const whole = file.items.filter((item) => item.type === "declaration" && item.body?.entries.length === 2);
    const titles = whole.map((item) => textOf(item.span).slice(6, 13));
    for (const index of [0, 1, 2, 3, 4, 6, 7, 8, 9]) expect(titles).toContain(`/etc/${index}"`);
  });
}

test("a property without `=` is explained and skipped, the others are kept", () => {
  const text = 'file "/etc/motd" {\n  owner = "root"\n  mode 0644\n  content = "hello"\n}\n';
  expect(told(text)).toBe(`error[R103]: a value is given with \`=\`
  --> test.recipe:3:3
   |
 3 |   mode 0644
   |   ^^^^ ---- \`mode = 0644\`
   = coming from Chef? Properties take \`=\`; the clauses require, notify, when and retry do not.`);
  const [declaration] = read(text).file.items;
  expect(propertiesOf(declaration)).toEqual(["owner", "content"]);
});

test("the fix of a property without `=` makes it right", () => {
  for (const wrong of ["mode 0644", "mode: 0644", "mode : 0644", "mode => 0644", "mode == 0644"]) {
    const text = `file "/x" {\n  ${wrong}\n}\n`;
    const fix = read(text).diagnostics[0]?.fix;
    if (!fix) throw new Error(`no fix for ${wrong}`);
    const fixed = text.slice(0, fix.span.start) + fix.text + text.slice(fix.span.end);
    expect(read(fixed).diagnostics, fixed).toEqual([]);
    expect(propertiesOf(read(fixed).file.items[0])).toEqual(["mode"]);
  }
});

test("a half-typed last line loses only itself", () => {
  const { file, diagnostics } = read('let a = 1\nfile "/x" {\n  mode = 0644\n  owner =');
  expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual(["R010", "R013"]);
  expect(propertiesOf(file.items[1])).toEqual(["mode"]);
});

test("a missing brace names where the open one is, in the block that lost it", () => {
  const text = 'stack s {\n  layer a {\n    on setup {\n      package "x"\n  }\n  layer b {\n  }\n}\nlet z = 1\n';
  const [diagnostic, ...others] = read(text).diagnostics;
  expect(others).toEqual([]);
  expect(diagnostic?.related?.map((place) => [textOf(place.span), place.span.start])).toEqual([
    ["{", text.indexOf("{\n      package")],
  ]);
});

test("without indentation a missing brace is found at the end, and nothing is lost", () => {
  const { file, diagnostics } = read('resource a {\nfile "/x" {\nmode = 0644\n}\nresource b {\n}\n');
  expect(diagnostics.map((diagnostic) => diagnostic.code)).toEqual(["R010"]);
  expect(file.items.map((item) => item.type)).toEqual(["resource", "declaration", "resource"]);
});

test("code without any indentation is read as it stands", () => {
  const text = 'stack s {\nlayer a {\non setup {\nif x {\nfile "/x" {\nmode = 0644\n}\n}\n}\n}\n}\n';
  expect(told(text)).toBe("");
});

test("an error in a hole is shown where it is in the file", () => {
  expect(told('let a = 1\nlet b = "x ${f("y ${1 + } z")} w"\n')).toBe(`error[R020]: a value is missing
  --> test.recipe:2:25
   |
 2 | let b = "x \${f("y \${1 + } z")} w"
   |                         ^ the end of the hole is not a value`);
});

test("what is inside holes stands where it is in the file", () => {
  const text = 'let a = "x ${one} y ${ two.three + f("${four}") } z"\n';
  const names: string[] = [];
  visit(read(text).file.items, (node) => {
    if (node["type"] === "name") names.push(`${String(node["name"])}=${sourceOf(node, text)}`);
  });
  expect(names).toEqual(["one=one", "two=two", "f=f", "four=four"]);
});

// ---- the line rule

test("titles and values may go on in the next line where nothing is left open to doubt", () => {
  expect(
    told('package "a",\n  "b"\nlet x = 1\n  + 2\nlet y = f(\n  1,\n)\nlet z = [\n]\ntype t =\n  | "a"\n  | "b"\n'),
  ).toBe("");
});

test("the next line is never taken for the value of this one", () => {
  const { file } = read('let a =\nfile "/x" {}\nlet b = 1\n');
  expect(file.items.map((item) => item.type)).toEqual(["declaration", "let"]);
});

test("properties may be called like the words of the language", () => {
  const text =
    'x "y" {\n  for = 1\n  in = 2\n  matches = a\n  or = b\n  require = c\n  retry = 3\n  every = 4\n  if = 5, let = 6\n}\n';
  expect(told(text)).toBe("");
  expect(propertiesOf(read(text).file.items[0])).toEqual([
    "for",
    "in",
    "matches",
    "or",
    "require",
    "retry",
    "every",
    "if",
    "let",
  ]);
});

test("a list of targets ends before the next entry", () => {
  const text = 'x "y" {\n  require a, b["c"], mode = 1, notify d.e, before f,\n  ...g\n}\n';
  expect(told(text)).toBe("");
  const [declaration] = read(text).file.items;
  const entries = declaration?.type === "declaration" ? declaration.body?.entries : undefined;
  expect(entries?.map((entry) => entry.type)).toEqual(["require", "property", "notify", "before", "body-spread"]);
  expect(entries?.map((entry) => textOf(entry.span))).toEqual([
    'require a, b["c"]',
    "mode = 1",
    "notify d.e",
    "before f",
    "...g",
  ]);
});

// ---- documentation

test("`##` lines document only the declaration directly below them", () => {
  const { file } = read(
    "## the file\n\n## one\n## two\nresource a {\n  ##  indented\n  input b: int\n  # plain\n  input c: int\n}\n## far\n\nlet d = 1\nlet e = 1 ## behind\nlet f = 1\n### heading\nlet g = 1\n",
  );
  expect(file.doc).toBe("the file");
  const docs: [string, unknown][] = [];
  visit(file.items, (node) => {
    if (typeof node["doc"] === "string") docs.push([String(node["type"]), node["doc"]]);
  });
  expect(docs).toEqual([
    ["resource", "one\ntwo"],
    ["input", " indented"],
  ]);
});

test("a comment at the top that documents the first declaration is not the file's", () => {
  expect(read("## first\nlet a = 1\n").file.doc).toBeUndefined();
  expect(read("## file\nuse a\n").file.doc).toBe("file");
  expect(read("# plain\n## not at the top\n\nlet a = 1\n").file.doc).toBeUndefined();
});

// ---- literals

test("a block string loses its first line break and the indentation its lines share", () => {
  expect(textIn('"""\n    a\n      b\n\n    c\n    """')).toBe("a\n  b\n\nc\n");
  expect(textIn('"""\n    a\n  """')).toBe("  a\n");
  expect(textIn('"""\n    a\n    b"""')).toBe("a\nb");
  expect(textIn('"""a\n    b\n    """')).toBe("a\nb\n");
  expect(textIn('"""\n\ta\n\t\tb\n\t"""')).toBe("a\n\tb\n");
  expect(textIn('"""  \n  a\\n\n  "q" "" b\n  """')).toBe('a\n\n"q" "" b\n');
  expect(textIn("'''\n  a\\n ${b}\n  '''")).toBe("a\\n ${b}\n");
  expect(textIn('""""""')).toBe("");
  expect(textIn('"""\n"""')).toBe("");
});

test("escapes stand for their characters", () => {
  expect(textIn('"\\n\\t\\"\\\\\\$\\u{41}\\u{1F600}"')).toBe('\n\t"\\$A\u{1F600}');
  expect(textIn("'\\n\"'")).toBe('\\n"');
});

test("in a command only quotes and dollars are escaped, the rest is the shell's", () => {
  expect(textIn('sh"grep \\"a\\.b\\" \\\\x $HOME \\${y} \\$z"')).toBe('grep "a\\.b" \\\\x $HOME ${y} $z');
  expect(textIn("sh'awk \"{print $1}\"'")).toBe('awk "{print $1}"');
});

test("numbers have the values they say", () => {
  expect(valueOf("10_000")).toMatchObject({ type: "int", value: 10_000 });
  expect(valueOf("0")).toMatchObject({ type: "int", value: 0 });
  expect(valueOf("0644")).toMatchObject({ type: "mode", bits: 0o644 });
  expect(valueOf("02775")).toMatchObject({ type: "mode", bits: 0o2775 });
  expect(valueOf("1h30m")).toMatchObject({ type: "duration", milliseconds: 5_400_000 });
  expect(valueOf("500ms")).toMatchObject({ type: "duration", milliseconds: 500 });
  expect(valueOf("7d")).toMatchObject({ type: "duration", milliseconds: 604_800_000 });
  expect(valueOf("5m")).toMatchObject({ type: "duration", milliseconds: 300_000 });
  expect(valueOf("512MiB")).toMatchObject({ type: "size", bytes: 536_870_912 });
  expect(valueOf("10MB")).toMatchObject({ type: "size", bytes: 10_000_000 });
});

test("a hole of a command knows what it stands in", () => {
  const command = valueOf(`sh"a \${b} '\${c}' \\"\${d}\\" \`\${e}\` # \${f}"`);
  if (command.type !== "command") throw new Error("not a command");
  const quoting = command.parts.flatMap((part) => (part.type === "hole" ? [part.misplaced] : []));
  expect(quoting).toEqual([undefined, "quotes", "quotes", "backticks", "comment"]);
});

// ---- what is refused as a whole

test("a file that is not text is refused with one message", () => {
  for (const text of ["let a = 1\n\0\0\0", "let a = 1\n\uFFFD{{{"]) {
    expect(told(text)).toBe(`error[R001]: this file is not text: there is no UTF-8 at line 2, column 1
  --> test.recipe
   = a recipe is plain text; was a compiled or compressed file given by mistake?`);
    expect(read(text).file.items).toEqual([]);
  }
});

test("a file that is too large is refused with its size and the limit", () => {
  const message = `error[R002]: this file has 5 MiB, a recipe may have 1 MiB
  --> test.recipe
   = long contents belong into a file of their own: source = "…" or template("…")
   = long lists belong into several recipes joined by \`use\``;
  expect(told("#".repeat(5 * 1_048_576))).toBe(message);
  const refused = checkSource({ path: "test.recipe", text: "" }, 5 * 1_048_576);
  expect(refused && frame(refused)).toBe(message);
  expect(checkSource({ path: "test.recipe", text: "let a = 1" }, 1_048_576)).toBeUndefined();
});

test("a byte order mark at the beginning is no mistake", () => {
  expect(told("\uFEFFlet a = 1\n")).toBe("");
});

const deep: Readonly<Record<string, string>> = {
  brackets: `let a = ${"[".repeat(10_000)}`,
  "closed brackets": `let a = ${"[".repeat(10_000)}${"]".repeat(10_000)}`,
  parentheses: `let a = ${"(".repeat(10_000)}1${")".repeat(10_000)}`,
  blocks: `${"if a {\n".repeat(10_000)}${"}\n".repeat(10_000)}`,
  "a chain of operators": `let a = 1${" + 1".repeat(10_000)}`,
  "a chain of members": `let a = b${".c".repeat(10_000)}`,
  negations: `let a = ${"not ".repeat(10_000)}b`,
  "a chain of else if": `if a { }${" else if b { }".repeat(10_000)}`,
  "conditions in values": `let a = ${"if b { 1 } else ".repeat(10_000)}{ 2 }`,
  types: `input a: ${"list<".repeat(10_000)}int${">".repeat(10_000)}`,
  "holes in holes": `let a = ${'"${'.repeat(10_000)}b${'}"'.repeat(10_000)}`,
  "holes that never close": `let a = "${`\${'"'`.repeat(10_000)}"`,
  "members in a hole": `let a = "\${b${".c".repeat(10_000)}}"`,
};

for (const [name, text] of Object.entries(deep)) {
  test(`ten thousand ${name} give a message, not a crash`, () => {
    const { diagnostics } = read(text);
    expect(diagnostics.length).toBeGreaterThan(0);
    expect(diagnostics.length).toBeLessThan(5);
  });
}

test("what is nested as deeply as allowed is read", () => {
  expect(told(`let a = ${"[".repeat(200)}${"]".repeat(200)}\n`)).toBe("");
  expect(told(`let a = 1${" + 1".repeat(400)}\n`)).toBe("");
});

// ---- whatever the text

test("two thousand mutilated recipes are read without a throw, with messages of our own in the right places", () => {
  const folder = join(import.meta.dirname, "../test/cases/grammar");
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith(".recipe"))
    .map((name) => readFileSync(join(folder, name), "utf8"));
  const random = generator(20_240_501);
  for (let round = 0; round < 2_000; round += 1) {
    const text = mutilate(texts[random(texts.length)] ?? "", random);
    const { file, diagnostics } = read(text);
    for (const diagnostic of diagnostics) {
      expect(diagnostic.message, text).not.toMatch(/Expecting|expecting|Redundant|-->|<--|token/);
      expect(diagnostic.span.start, text).toBeGreaterThanOrEqual(0);
      expect(diagnostic.span.end, text).toBeGreaterThanOrEqual(diagnostic.span.start);
      expect(diagnostic.span.end, text).toBeLessThanOrEqual(text.length);
    }
    for (const item of file.items) expect(item.span.end, text).toBeLessThanOrEqual(text.length);
  }
});

// ---- helpers

function propertiesOf(item: Item | undefined): string[] {
  const declaration: Declaration | undefined = item?.type === "declaration" ? item : undefined;
  return declaration?.body?.entries.flatMap((entry) => (entry.type === "property" ? [entry.name.text] : [])) ?? [];
}

function textIn(literal: string): string {
  const value = valueOf(literal);
  if (value.type !== "string" && value.type !== "command") throw new Error("not a text");
  return value.parts.map((part) => (part.type === "text" ? part.text : "${}")).join("");
}

function visit(node: unknown, see: (node: Record<string, unknown>) => void): void {
  if (Array.isArray(node)) for (const part of node) visit(part, see);
  else if (isRecord(node)) {
    see(node);
    for (const [key, part] of Object.entries(node)) if (key !== "span" && key !== "operatorSpan") visit(part, see);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function sourceOf(node: Record<string, unknown>, text: string): string {
  const { span } = node;
  if (!isRecord(span)) throw new Error("no span");
  return text.slice(Number(span["start"]), Number(span["end"]));
}

/** A small generator of numbers that is the same everywhere; the result is below `limit`. */
function generator(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * limit);
  };
}

function mutilate(text: string, random: (limit: number) => number): string {
  const bits = [
    "{",
    "}",
    "[",
    ")",
    '"',
    "'",
    '"""',
    "${",
    "\n",
    "=",
    ",",
    "...",
    ".",
    "if ",
    "for ",
    'sh"',
    "not ",
    "\\",
    "##",
    "1.5",
    "let ",
    "\r\n",
    "=>",
    "é",
  ];
  let result = text;
  for (let left = 1 + random(4); left > 0; left -= 1) {
    const at = random(result.length + 1);
    const from = random(result.length + 1);
    const choice = random(4);
    if (choice === 0) result = result.slice(0, at) + result.slice(at + 1 + random(20));
    else if (choice === 1) result = result.slice(0, at) + (bits[random(bits.length)] ?? "") + result.slice(at);
    else if (choice === 2) result = result.slice(0, at) + result.slice(from, from + random(60)) + result.slice(at);
    else result = result.slice(0, at);
  }
  return result;
}
