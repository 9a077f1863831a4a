import type { IToken } from "chevrotain";
import type { DurationLiteral, IntLiteral, SizeLiteral } from "./ast.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { messages, syntaxError } from "./messages.ts";
import type { Span } from "./source.ts";
import { BadNumber } from "./tokens.ts";
import { durationUnits, sizeUnits } from "./words.ts";

type Report = (diagnostic: Diagnostic) => void;

/** The value of an int; a number that is none, or too large to be exact, is reported and counts as 0. */
export function intLiteral(token: IToken, span: Span, report: Report): IntLiteral {
  if (token.tokenType === BadNumber) {
    report(syntaxError(messages.badNumber, span, { found: token.image, ...adviceFor(token.image) }));
    return { type: "int", span, value: 0 };
  }
  return { type: "int", span, value: exact(Number(token.image.replaceAll("_", "")), token, span, report) };
}

/** The milliseconds of a duration, whose units must go from the largest to the smallest. */
export function durationLiteral(token: IToken, span: Span, report: Report): DurationLiteral {
  let milliseconds = 0;
  let last = Number.POSITIVE_INFINITY;
  for (const [, count = "", unit = ""] of token.image.matchAll(/([0-9_]+)([a-z]+)/g)) {
    const size = durationUnits.get(unit) ?? 0;
    if (size >= last) {
      const advice = "units go from the largest to the smallest, each once: 1h30m";
      report(syntaxError(messages.badNumber, span, { found: token.image, advice, hints: [] }));
    }
    last = size;
    milliseconds += Number(count.replaceAll("_", "")) * size;
  }
  return { type: "duration", span, milliseconds: exact(milliseconds, token, span, report) };
}

/** The bytes of a size. */
export function sizeLiteral(token: IToken, span: Span, report: Report): SizeLiteral {
  const [, count = "", unit = ""] = /^([0-9_]+)([A-Za-z]+)$/.exec(token.image) ?? [];
  const bytes = Number(count.replaceAll("_", "")) * (sizeUnits.get(unit) ?? 0);
  return { type: "size", span, bytes: exact(bytes, token, span, report) };
}

function exact(value: number, token: IToken, span: Span, report: Report): number {
  if (Number.isSafeInteger(value)) return value;
  const advice = "too large: whole numbers go up to 9007199254740991";
  report(syntaxError(messages.badNumber, span, { found: token.image, advice, hints: [] }));
  return 0;
}

function adviceFor(image: string): { advice: string; hints: readonly string[] } {
  if (/^[0-9]+(\.[0-9]+){3}$/.test(image)) return { advice: `an address is written in quotes: "${image}"`, hints: [] };
  if (/^[0-9]+(\.[0-9]+)+$/.test(image))
    return {
      advice: "there are no fractions",
      hints: [
        `a version is written in quotes: "${image}"; a part of a second or a GiB in the smaller unit: 1500ms, 512MiB`,
      ],
    };
  if (/^0[0-9]+$/.test(image))
    return /[89]/.test(image)
      ? { advice: "a leading 0 begins a file mode, and those have only the digits 0 to 7", hints: [] }
      : {
          advice: "a file mode has three or four digits after its leading 0: 0644",
          hints: ["a number has no leading 0"],
        };
  if (/^[0-9_]+$/.test(image)) return { advice: "an underscore stands between two digits: 10_000", hints: [] };
  if (/^0[oO][0-7]+$/.test(image))
    return {
      advice: `a file mode is written with a leading 0: 0${image.slice(2)}`,
      hints: ["numbers are written in tens"],
    };
  if (/^0[xXbB]/.test(image)) return { advice: "numbers are written in tens", hints: [] };
  const unit = /[A-Za-z].*$/.exec(image)?.[0] ?? "";
  const hints = [
    `a duration has ${[...durationUnits.keys()].join(", ")}; a size has ${[...sizeUnits.keys()].join(", ")}`,
  ];
  return { advice: `there is no unit \`${unit}\``, hints };
}
