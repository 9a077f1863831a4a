import { FunctionProblem } from "../builtin-function.ts";
import { render } from "../evaluate/values/render.ts";
import type { RecordValue } from "../kind/value.ts";

/** A record as `NAME=value` lines for a shell, systemd or a dotenv reader; none leaves its name out. */
export function writeDotenv(record: RecordValue): string | FunctionProblem {
  const lines: string[] = [];
  for (const [name, value] of record) {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      return new FunctionProblem(`${JSON.stringify(name)} cannot be the name of an environment variable`);
    if (value === null) continue;
    const text = render(value);
    if (text instanceof FunctionProblem) return new FunctionProblem(`\`${name}\`: ${text.message}`);
    if (/[\r\0]/.test(text))
      return new FunctionProblem(`\`${name}\` holds a character that no reader of such files keeps`);
    lines.push(`${name}=${quoted(text)}\n`);
  }
  return lines.join("");
}

/** Single quotes keep everything but themselves; with one inside, the four characters that double quotes leave alive are escaped. */
function quoted(text: string): string {
  if (/^[A-Za-z0-9_@%+=:,./-]*$/.test(text)) return text;
  return text.includes("'") ? `"${text.replaceAll(/["\\$`]/g, "\\$&")}"` : `'${text}'`;
}
