import type { Terminal } from "../terminal.ts";
import { printable } from "../terminal.ts";
import { fileDiffLines } from "./file-diff.ts";
import { shownReasons } from "./shown-reasons.ts";
import { detail } from "./step-detail.ts";
import { sourceOf, type StepGroup } from "./step-groups.ts";
import { groupLabel, newVersion } from "./step-label.ts";
import { coloredSymbol } from "./symbols.ts";
import { hanging, wrap } from "./wrap.ts";

/** Everything below a step's first line begins here. */
const indent = "      ";

/** Of alike steps more than this are counted unless `--full`. */
const namesShown = 12;

interface LineOptions {
  readonly full: boolean;
  readonly labelWidth: number;
}

/** The lines of a step, or of several that are alike: what, how, where it is declared, then why and what differs. */
export function stepLines(group: StepGroup, terminal: Terminal, options: LineOptions): readonly string[] {
  const [step] = group;
  const { color, columns } = terminal;
  const { full } = options;
  const reasons = shownReasons(step, full).map(printable);
  const head = headLines(group, reasons, terminal, options);
  const why = head.saysWhy
    ? []
    : reasons.flatMap((reason, at) => hanging(`${indent}${at === 0 ? "because" : "    and"} `, reason, columns));
  const also = (step.aliases ?? []).flatMap(({ resource, source }) =>
    hanging(`${indent}also `, printable(`${resource} at ${source.file}:${source.line}`), columns),
  );
  const diff = step.diff ? fileDiffLines(step.diff, terminal, full) : [];
  return [...head.lines, ...[...also, ...why].map((line) => color.dim(line)), ...diff];
}

interface Head {
  readonly lines: readonly string[];
  /** The one reason found room on the first line. */
  readonly saysWhy: boolean;
}

function headLines(
  group: StepGroup,
  reasons: readonly string[],
  terminal: Terminal,
  { full, labelWidth }: LineOptions,
): Head {
  const [step] = group;
  const { color, columns } = terminal;
  const source = printable(sourceOf(group));
  const text = detail(step, terminal);
  const named = group.map((one) => ({ ...one, version: newVersion(one) }));
  const name = groupLabel(named, full ? group.length : namesShown);
  const sign = `  ${coloredSymbol(step, terminal)} `;
  const room = columns - "  + ".length - "  ".length - source.length;
  const because = reasons.length === 1 ? `  because ${reasons[0]}` : undefined;
  const spaced = [`${name.padEnd(labelWidth)}  ${text}`, `${name}  ${text}`].map((line) => line.trimEnd());
  const withReason = because === undefined ? undefined : spaced.find((line) => line.length + because.length <= room);
  if (because !== undefined && withReason !== undefined) {
    const gap = " ".repeat(room - withReason.length - because.length);
    return { lines: [`${sign}${withReason}${color.dim(because)}${gap}  ${color.dim(source)}`], saysWhy: true };
  }
  const fitting = spaced.find((line) => line.length <= room);
  if (fitting !== undefined) {
    return { lines: [`${sign}${fitting.padEnd(room)}  ${color.dim(source)}`], saysWhy: false };
  }
  const names = wrap(name, columns - "  + ".length).map((line, at) => `${at === 0 ? sign : indent}${line}`);
  if (name.length <= room) names[0] = `${sign}${name.padEnd(room)}  ${color.dim(source)}`;
  const below = text === "" ? [] : wrap(text, columns - indent.length).map((line) => `${indent}${line}`);
  const place = name.length <= room ? [] : [color.dim(source.padStart(columns))];
  return { lines: [...names, ...below, ...place], saysWhy: false };
}
