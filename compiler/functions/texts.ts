import { type BuiltinFunction, FunctionProblem } from "../builtin-function.ts";
import { render } from "../evaluate/values/render.ts";
import { isList } from "../evaluate/values/values.ts";
import type { Value } from "../kind/value.ts";
import { bool, int, listOf, parameter, scalar, string } from "./types.ts";

/** No text grows beyond this, in UTF-16 units: two dozen doublings would otherwise fill any memory. */
export const longestText = 64 * 1024 * 1024;

/** The text itself, or why it is too long to be one. */
export function bounded(length: number, make: () => string): string | FunctionProblem {
  return length > longestText ? new FunctionProblem("the text would be longer than 64 MiB") : make();
}

function text(value: Value | undefined): string {
  return typeof value === "string" ? value : "";
}

/** Joins texts, each of them rendered as in a string, with a text between them. */
export function joinTexts(elements: Value | undefined, between: string, end = ""): string | FunctionProblem {
  const texts: string[] = [];
  let length = 0;
  for (const element of elements !== undefined && isList(elements) ? elements : []) {
    const rendered = render(element);
    if (rendered instanceof FunctionProblem) return rendered;
    texts.push(rendered + end);
    length += rendered.length + end.length + between.length;
  }
  return bounded(length, () => texts.join(between));
}

/** Functions over text. */
export const textFunctions: readonly BuiltinFunction[] = [
  {
    name: "after",
    doc: "The text behind the first place where `mark` stands. An error when it stands nowhere.",
    parameters: [parameter("text", string), parameter("mark", string)],
    result: string,
    call: ([whole, mark]) => {
      const at = text(whole).indexOf(text(mark));
      if (at === -1) return new FunctionProblem(`there is no ${JSON.stringify(mark)} in ${JSON.stringify(whole)}`);
      return text(whole).slice(at + text(mark).length);
    },
  },
  {
    name: "basename",
    doc: 'The last part of a path: `basename("/etc/motd")` is `"motd"`.',
    parameters: [parameter("path", string)],
    result: string,
    call: ([path]) => {
      const trimmed = text(path).replace(/\/+$/, "");
      return trimmed === "" && text(path) !== "" ? "/" : trimmed.slice(trimmed.lastIndexOf("/") + 1);
    },
  },
  {
    name: "before",
    doc: "The text in front of the first place where `mark` stands. An error when it stands nowhere.",
    parameters: [parameter("text", string), parameter("mark", string)],
    result: string,
    call: ([whole, mark]) => {
      const at = text(whole).indexOf(text(mark));
      if (at === -1) return new FunctionProblem(`there is no ${JSON.stringify(mark)} in ${JSON.stringify(whole)}`);
      return text(whole).slice(0, at);
    },
  },
  {
    name: "dirname",
    doc: 'A path without its last part: `dirname("/etc/motd")` is `"/etc"`.',
    parameters: [parameter("path", string)],
    result: string,
    call: ([path]) => {
      const trimmed = text(path).replace(/\/+$/, "");
      const at = trimmed.lastIndexOf("/");
      if (at === -1) return trimmed === "" && text(path) !== "" ? "/" : ".";
      return trimmed.slice(0, at).replace(/\/+$/, "") || "/";
    },
  },
  {
    name: "ends_with",
    doc: "Whether a text ends with another.",
    parameters: [parameter("text", string), parameter("end", string)],
    result: bool,
    call: ([whole, end]) => text(whole).endsWith(text(end)),
  },
  {
    name: "int",
    doc: "The whole number that a text writes in digits, with a `-` in front when it is below zero.",
    parameters: [parameter("text", string)],
    result: int,
    call: ([digits]) => {
      const number = /^-?[0-9]+$/.test(text(digits)) ? Number(digits) : Number.NaN;
      if (Number.isSafeInteger(number)) return number === 0 ? 0 : number;
      return new FunctionProblem(`${JSON.stringify(digits)} is no whole number between -(2^53 - 1) and 2^53 - 1`);
    },
  },
  {
    name: "join",
    doc: "The elements of a list as one text, with `between` between them.",
    parameters: [parameter("list", listOf(scalar)), parameter("between", string)],
    result: string,
    call: ([list, between]) => joinTexts(list, text(between)),
  },
  {
    name: "lines",
    doc: "The elements of a list as text, each on a line of its own with a newline at its end.",
    parameters: [parameter("list", listOf(scalar))],
    result: string,
    call: ([list]) => joinTexts(list, "", "\n"),
  },
  {
    name: "lower",
    doc: "A text in lower case.",
    parameters: [parameter("text", string)],
    result: string,
    call: ([whole]) => text(whole).toLowerCase(),
  },
  {
    name: "replace",
    doc: "A text in which every occurrence of `what` has become `by`; nothing in either is special.",
    parameters: [parameter("text", string), parameter("what", string), parameter("by", string)],
    result: string,
    call: ([whole, what, by]) => {
      if (what === "") return new FunctionProblem("an empty text cannot be replaced, it stands everywhere");
      const pieces = text(whole).split(text(what));
      const length = text(whole).length + (pieces.length - 1) * text(by).length;
      return bounded(length, () => pieces.join(text(by)));
    },
  },
  {
    name: "sha256",
    doc: "The SHA-256 of a text (as UTF-8), in lower-case hexadecimal.",
    parameters: [parameter("text", string)],
    result: string,
    call: ([whole], context) => context.sha256(new TextEncoder().encode(text(whole))),
  },
  {
    name: "split",
    doc: "The parts of a text between the places where `mark` stands; always at least one part.",
    parameters: [parameter("text", string), parameter("mark", string)],
    result: listOf(string),
    call: ([whole, mark]) =>
      mark === "" ? new FunctionProblem("an empty text separates nothing") : text(whole).split(text(mark)),
  },
  {
    name: "starts_with",
    doc: "Whether a text begins with another.",
    parameters: [parameter("text", string), parameter("start", string)],
    result: bool,
    call: ([whole, start]) => text(whole).startsWith(text(start)),
  },
  {
    name: "string",
    doc: "A value as text, as a hole in a string writes it: bytes of a size, seconds of a duration, digits of a mode.",
    parameters: [parameter("value", scalar)],
    result: string,
    call: ([value]) => render(value ?? null),
  },
  {
    name: "trim",
    doc: "A text without the space and newlines at its two ends.",
    parameters: [parameter("text", string)],
    result: string,
    call: ([whole]) => text(whole).trim(),
  },
  {
    name: "upper",
    doc: "A text in upper case.",
    parameters: [parameter("text", string)],
    result: string,
    call: ([whole]) => text(whole).toUpperCase(),
  },
];
