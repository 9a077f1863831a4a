import type { Expression } from "../../../grammar/ast.ts";
import { textOf, type SourceFile } from "../../../grammar/source.ts";
import { diagnostic } from "../../messages.ts";
import type { Checker } from "../checker.ts";
import { lookUp, type Scope } from "../names/name-scope.ts";

/** A hole as another language writes it; the first group is the name in it. */
interface ForeignHole {
  readonly pattern: RegExp;
  /** Words that only holes of other tools begin with. */
  readonly known: RegExp;
}

const factNames = /^(ansible_\w+|facts|grains|host|inventory_hostname|item|node)$/;

/** In "…" and """…""". */
const inText: readonly ForeignHole[] = [
  { pattern: /\{\{-?\s*@?([A-Za-z_]\w*)[\w.[\]'"]*(\s*\|[^}]*)?\s*-?\}\}/g, known: factNames },
  { pattern: /[#%]\{\s*@?([A-Za-z_]\w*)[\w.[\]'":]*\s*\}/g, known: factNames },
  { pattern: /<%[=-]?\s*@?([A-Za-z_]\w*)[^%]*%>/g, known: /./ },
  { pattern: /(?<![\\$\w])\$([A-Za-z_]\w*)/g, known: /^\b$/ },
];

/** In '…' and '''…''', where nothing is special. */
const inRawText: readonly ForeignHole[] = [{ pattern: /\$\{\s*([A-Za-z_]\w*)[^}]*\}/g, known: /^host$/ }];

/** Warns of text that looks like a hole and is none: `"{{ port }}"`, `"#{port}"`, `"$port"`, `'${port}'` with a `port` in scope. */
export function warnOfForeignHoles(expression: Expression, scope: Scope, checker: Checker): void {
  const { file, start } = expression.span;
  const raw = file.text[start] === "'";
  const source = textOf(expression.span);
  if (!(raw ? source.includes("${") : /\{\{|[#%]\{|<%|\$[A-Za-z_]/.test(source))) return;
  for (const { pattern, known } of raw ? inRawText : inText) {
    for (const found of source.matchAll(pattern)) {
      const [text, name = ""] = found;
      const inScope = lookUp(name, scope)?.type === "value";
      if (!inScope && !known.test(name)) continue;
      const hole = inScope || name === "host" ? name : "host.name";
      const from = start + found.index;
      checker.report(diagnostic("T170", { file, start: from, end: from + text.length }, { text, hole, raw }));
    }
  }
}

/** Warns of the first mark in a template that another template language means something by: `<%= port %>`, `{% if … %}`. */
export function warnOfForeignTemplate(file: SourceFile, checker: Checker): void {
  const found = /<%[=#-]?\s*(@?\w*).*?%>|\{%-?\s*(\w+).*?%\}/.exec(file.text);
  if (!found) return;
  const [text, erb, jinja] = found;
  const name = (erb ?? "").replace(/^@/, "");
  const block = /^(end|endfor|endif|else|elif|for|if|unless|while)?$/.test(jinja ?? name);
  const span = { file, start: found.index, end: found.index + text.length };
  checker.report(
    diagnostic("T171", span, { language: text.startsWith("<%") ? "ERB" : "Jinja", name: block ? "" : name }),
  );
}
