import type {
  CommandLiteral,
  Expression,
  Hole,
  MisplacedHole,
  PartOfShellText,
  StringLiteral,
} from "../../../grammar/ast.ts";
import { textOf } from "../../../grammar/source.ts";
import type { Type } from "../../kind/type.ts";
import { diagnostic } from "../../messages.ts";
import type { Checker } from "../checker.ts";
import { unfitDiagnostic } from "../types/assignability.ts";
import { warnOfForeignHoles } from "./foreign-holes.ts";
import { anyOf, knownType } from "../types/known-values.ts";
import { literalText } from "../types/narrowed-types.ts";
import type { Scope } from "../names/name-scope.ts";
import { quotedType } from "../types/quoted-type.ts";
import { commandType, isRenderable, stringType } from "../types/types.ts";

const secretText: Type = { type: "secret", of: stringType };

/** The type of a text; every hole must have a text of its own. */
export function inferText(expression: StringLiteral, scope: Scope, checker: Checker): Type {
  warnOfForeignHoles(expression, scope, checker);
  const text = literalText(expression);
  if (text !== undefined) return knownType("string", [text]);
  let secret = false;
  for (const part of expression.parts) {
    if (part.type === "text") continue;
    const type = checker.infer(part.expression, scope);
    if (type.type === "secret") secret = true;
    checkRenderable(type, part, checker);
  }
  return secret ? secretText : stringType;
}

function checkRenderable(type: Type, hole: Hole, checker: Checker): void {
  if (isRenderable(type)) return;
  if (type.type === "optional" && isRenderable(type.of)) {
    checker.report(unfitDiagnostic(hole.expression.span, type, stringType, { why: "none" }, "a hole"));
    return;
  }
  checker.report(diagnostic("T143", hole.span, { type: quotedType(anyOf(type)), cure: cureFor(type) }));
}

function cureFor(type: Type): string {
  switch (type.type) {
    case "list":
    case "set":
      return 'join it: join(xs, ", ") or lines(xs)';
    case "map":
    case "record":
      return "name one of its fields, or write it with json(…)";
    case "resource":
      return "name one of its properties";
    case "none":
    case "optional":
      return "give a value for none: … ?? other";
    case "command":
      return "a command has no text; its output is read with observe";
    default:
      return "has no text";
  }
}

/** The type of `sh"…"`; every hole must be able to be one word, or a list of words. */
export function inferCommand(expression: CommandLiteral, scope: Scope, checker: Checker): Type {
  for (const part of expression.parts) {
    if (part.type === "text") continue;
    const type = checker.infer(part.expression, scope);
    if (part.misplaced) {
      const { label, hint } = cureForMisplaced(part, part.misplaced, expression);
      checker.report(diagnostic("S104", part.span, { where: part.misplaced, cure: label, hint }));
    } else if (part.partOf && (type.type === "list" || type.type === "set")) {
      checker.report(diagnostic("S110", part.span, { partOf: part.partOf, cure: cureForPart(part.partOf, part) }));
    } else checkWord(type, part, checker);
  }
  return commandType;
}

/** What to write instead of a list where exactly one word stands. */
export function cureForPart(partOf: PartOfShellText, hole: Hole): string {
  const name = textOf(hole.expression.span);
  const joined = /^[\w.[\]]+$/.test(name) ? `join(${name}, " ")` : 'join(…, " ")';
  if (partOf === "redirection") return "name one file";
  if (partOf !== "word") return `give one text: \${${joined}}`;
  return "put spaces around it, or build the whole words as a list first: [for x in xs => …]";
}

function checkWord(type: Type, hole: Hole, checker: Checker): void {
  if (holdsSecret(type)) {
    checker.report(diagnostic("S107", hole.span, { type: quotedType(type) }));
    return;
  }
  const word = type.type === "list" || type.type === "set" ? type.of : type;
  if (isRenderable(word)) return;
  if (word.type === "optional" && isRenderable(word.of)) {
    checker.report(unfitDiagnostic(hole.expression.span, word, stringType, { why: "none" }, "a hole"));
    return;
  }
  checker.report(diagnostic("S105", hole.span, { type: quotedType(anyOf(type)) }));
}

/** Whether a secret is the value or a part of it. */
export function holdsSecret(type: Type): boolean {
  switch (type.type) {
    case "secret":
      return true;
    case "list":
    case "set":
    case "map":
    case "optional":
    case "later":
      return holdsSecret(type.of);
    case "union":
      return type.members.some(holdsSecret);
    case "record":
      return Object.values(type.fields).some((field) => holdsSecret(field.type));
    default:
      return false;
  }
}

/** What to write instead of a hole that cannot stand where it is. */
function cureForMisplaced(
  hole: Hole,
  where: MisplacedHole,
  command: CommandLiteral,
): { readonly label: string; readonly hint?: string } {
  const anywhere = "a hole is one safe word wherever it stands outside quotes, also with other text around it";
  switch (where) {
    case "arithmetic":
      return {
        label: `assign it to a variable of the shell first: n=${textOf(hole.span)}`,
        hint: "then write the variable: $((n + 1)); or compute the number in the recipe",
      };
    case "backticks":
      return { label: "use $( ) instead of backticks", hint: anywhere };
    case "comment":
      return { label: "leave it out" };
    case "dollar":
      return { label: "write '$' in quotes for the sign itself" };
    case "heredoc":
      return { label: "give it on stdin = …", hint: anywhere };
    case "name":
      return { label: "write the name out" };
    case "quotes":
      return cureForQuoted(hole, command);
    case "tilde":
      return { label: "write the path of the home folder" };
  }
}

/** What to write instead of a hole inside quotes, as a line when the quotes can simply go. */
function cureForQuoted(hole: Hole, command: CommandLiteral): { readonly label: string; readonly hint?: string } {
  const name = textOf(hole.span);
  const source = textOf(command.span);
  const at = hole.span.start - command.span.start;
  const quote = openQuote(source, at);
  const end = quote === undefined ? -1 : source.indexOf(quote.mark, at + name.length);
  if (quote === undefined || end < 0) return { label: "take the quotes away" };
  const inside = source.slice(quote.at + quote.mark.length, end);
  const outside = inside.replaceAll(/\$\{[^}]*\}/g, "");
  const plain = /^[A-Za-z0-9_./:=,@%+^-]*$/.test(outside);
  const line = `${source.slice(0, quote.at)}${inside}${source.slice(end + quote.mark.length)}`;
  if (plain && !line.includes("\n") && line.length <= 100)
    return { label: `each \${} is already one safe word: ${line}` };
  const hint = `text with more in it is put together first: let word = "${inside.replaceAll('"', '\\"')}", then ${name.replace(/\{.*\}/s, "{word}")}`;
  return { label: "each ${} is already one safe word, without quotes", ...(inside.includes("\n") ? {} : { hint }) };
}

/** The quote that is open before an offset of a command's source, as it is written there. */
function openQuote(source: string, before: number): { readonly mark: string; readonly at: number } | undefined {
  let open: { readonly mark: string; readonly at: number } | undefined;
  // The literal itself begins with sh and one or three quotes.
  const start = /^sh("""|'''|"|')/.exec(source)?.[0].length ?? 0;
  for (let at = start; at < before; at++) {
    const escaped = source.startsWith('\\"', at);
    const mark = escaped ? '\\"' : (source[at] ?? "");
    if (mark === "'" || mark === '"' || escaped) {
      if (!open) open = { mark, at };
      else if (open.mark === mark) open = undefined;
      at += mark.length - 1;
    } else if (mark === "\\" && open?.mark !== "'") at++;
  }
  return open;
}

/** Words of a command given as a list are seen by everybody, as those of `sh"…"` are. */
export function refuseSecretWords(value: Expression, scope: Scope, checker: Checker): void {
  if (value.type !== "list") return;
  for (const element of value.elements) {
    const type = checker.quietly(() => checker.infer(element.value, scope));
    if (holdsSecret(type)) checker.report(diagnostic("S107", element.value.span, { type: quotedType(type) }));
  }
}
