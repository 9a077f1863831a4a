/** More names than one pattern may stand for. */
export const mostNames = 100_000;

/** Why a pattern of names stands for none. */
export class NodesetProblem {
  readonly message: string;
  /** The place in the text, counted from 0. */
  readonly at: number;
  constructor(message: string, at: number) {
    this.message = message;
    this.at = at;
  }
}

/** The names that `web[1-3,7]` stands for, in written order; a text without brackets stands for itself. Leading zeros are kept. */
export function expandNodeset(text: string): readonly string[] | NodesetProblem {
  let names: readonly string[] = [""];
  let at = 0;
  while (at < text.length) {
    const open = text.indexOf("[", at);
    const end = open < 0 ? text.length : open;
    const plain = text.slice(at, end);
    if (plain.includes("]")) return new NodesetProblem("this bracket closes nothing", at + plain.indexOf("]"));
    names = names.map((name) => name + plain);
    if (open < 0) break;
    const close = text.indexOf("]", open);
    if (close < 0) return new NodesetProblem("the bracket is not closed", open);
    const numbers = numbersIn(text.slice(open + 1, close), open + 1);
    if (numbers instanceof NodesetProblem) return numbers;
    if (names.length * numbers.length > mostNames)
      return new NodesetProblem(`this stands for more than ${mostNames} names`, open);
    names = names.flatMap((name) => numbers.map((number) => name + number));
    at = close + 1;
  }
  return names;
}

function numbersIn(text: string, start: number): readonly string[] | NodesetProblem {
  const numbers: string[] = [];
  let at = start;
  for (const part of text.split(",")) {
    const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(part);
    const [, first, last = first] = match ?? [];
    if (first === undefined || last === undefined)
      return new NodesetProblem(`${JSON.stringify(part)} is no number and no range such as 1-9`, at);
    if (Number(last) < Number(first)) return new NodesetProblem("the range goes backwards", at);
    if (Number(last) - Number(first) >= mostNames)
      return new NodesetProblem(`this stands for more than ${mostNames} names`, at);
    const width = first.startsWith("0") ? first.length : 0;
    for (let number = Number(first); number <= Number(last); number++) numbers.push(`${number}`.padStart(width, "0"));
    at += part.length + 1;
  }
  return numbers;
}

interface Numbered {
  readonly before: string;
  readonly after: string;
  /** How many digits the numbers have at least; 0 where none begins with a zero. */
  readonly width: number;
  readonly numbers: number[];
}

/** Names as a person lists them, `web[1-3,7]`, in the order of the first name of each group; each name once. */
export function foldNodeset(names: Iterable<string>): readonly string[] {
  const all = [...names].map((name) => ({ name, parts: /^(.*?)(\d{1,9})(\D*)$/s.exec(name) }));
  const widths = new Map<string, Set<number>>();
  for (const { parts } of all) {
    const [, before, digits, after] = parts ?? [];
    if (digits === undefined || digits.length < 2 || !digits.startsWith("0")) continue;
    const key = `${before}\0${after}`;
    widths.set(key, (widths.get(key) ?? new Set()).add(digits.length));
  }
  const groups = new Map<string, Numbered | string>();
  for (const { name, parts } of all) {
    const [, before = "", digits, after = ""] = parts ?? [];
    if (digits === undefined) {
      groups.set(name, name);
      continue;
    }
    const number = Number(digits);
    const padded = [...(widths.get(`${before}\0${after}`) ?? [])];
    const width = padded.find((one) => `${number}`.padStart(one, "0") === digits) ?? 0;
    const key = `${before}\0${after}\0${width}`;
    const known = groups.get(key);
    if (typeof known === "object") known.numbers.push(number);
    else groups.set(key, { before, after, width, numbers: [number] });
  }
  return [...groups.values()].map((group) => (typeof group === "string" ? group : foldedText(group)));
}

function foldedText({ before, after, width, numbers }: Numbered): string {
  const sorted = [...new Set(numbers)].toSorted((a, b) => a - b);
  const shown = (number: number): string => `${number}`.padStart(width, "0");
  const [only, ...others] = sorted;
  if (only === undefined || others.length === 0) return `${before}${shown(only ?? 0)}${after}`;
  const ranges: string[] = [];
  for (let at = 0; at < sorted.length;) {
    let end = at;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end += 1;
    const first = shown(sorted[at] ?? 0);
    ranges.push(end === at ? first : `${first}-${shown(sorted[end] ?? 0)}`);
    at = end + 1;
  }
  return `${before}[${ranges.join(",")}]${after}`;
}
