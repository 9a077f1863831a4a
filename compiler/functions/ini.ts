import { FunctionProblem } from "../builtin-function.ts";
import { render } from "../evaluate/values/render.ts";
import { isList, isRecord } from "../evaluate/values/values.ts";
import type { RecordValue, Value } from "../kind/value.ts";

/** A record as an ini file: its plain fields first, then each record as a `[section]`; a list repeats its key, none leaves it out. */
export function writeIni(record: RecordValue): string | FunctionProblem {
  const top: string[] = [];
  const sections: string[] = [];
  for (const [name, field] of record) {
    if (field !== null && isRecord(field)) {
      const problem = badSection(name);
      if (problem) return problem;
      const written = [`[${name}]`];
      for (const [key, value] of field) {
        const problemOfEntry = writeEntry(key, value, written);
        if (problemOfEntry) return problemOfEntry;
      }
      sections.push(written.join("\n"));
    } else {
      const problem = writeEntry(name, field, top);
      if (problem) return problem;
    }
  }
  const parts = top.length === 0 ? sections : [top.join("\n"), ...sections];
  return parts.map((part) => `${part}\n`).join("\n");
}

function badSection(name: string): FunctionProblem | undefined {
  return name === "" || /[\]\n\r\0]/.test(name)
    ? new FunctionProblem(`${JSON.stringify(name)} cannot be the name of a section of an ini file`)
    : undefined;
}

function writeEntry(key: string, value: Value, lines: string[]): FunctionProblem | undefined {
  if (value === null) return undefined;
  if (!/^[^\s=[;#"'][^\n\r\0=]*$/.test(key) || /\s$/.test(key))
    return new FunctionProblem(`${JSON.stringify(key)} cannot be a key of an ini file`);
  if (isRecord(value))
    return new FunctionProblem(`\`${key}\` is a record inside a section; an ini file has no deeper levels`);
  for (const element of isList(value) ? value : [value]) {
    const text = render(element);
    if (text instanceof FunctionProblem) return new FunctionProblem(`\`${key}\`: ${text.message}`);
    if (/[\n\r\0]/.test(text))
      return new FunctionProblem(`\`${key}\` holds a line end, which a value of an ini file cannot`);
    lines.push(text === "" ? `${key} =` : `${key} = ${quoted(text)}`);
  }
  return undefined;
}

/** Quotes a text that a reader would otherwise cut at a comment sign, trim, or take the quotes of. */
function quoted(text: string): string {
  return /^["']|^\s|\s$|[;#]/.test(text) ? `"${text.replaceAll(/["\\]/g, "\\$&")}"` : text;
}
