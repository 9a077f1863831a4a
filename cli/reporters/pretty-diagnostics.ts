import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { frame, type FrameStyle } from "../../grammar/frame.ts";
import type { Terminal } from "../terminal.ts";

/** How many diagnostics are printed in full; the rest is counted. */
const shownAtMost = 20;

/** Prints diagnostics with their frames and, last, a line that counts them. */
export function printDiagnostics(
  diagnostics: readonly Diagnostic[],
  terminal: Terminal,
  options: { readonly whenClean?: string } = {},
): void {
  const style = frameStyle(terminal);
  for (const diagnostic of diagnostics.slice(0, shownAtMost)) terminal.write(`${frame(diagnostic, { style })}\n\n`);
  const hidden = diagnostics.length - shownAtMost;
  if (hidden > 0) terminal.write(`… and ${hidden} more\n\n`);
  const summary = countDiagnostics(diagnostics);
  if (summary !== undefined) terminal.write(`${summary}\n`);
  else if (options.whenClean !== undefined) terminal.write(`${options.whenClean}\n`);
}

/** "2 errors, 1 warning"; undefined when there are none. */
export function countDiagnostics(diagnostics: readonly Diagnostic[]): string | undefined {
  const errors = diagnostics.filter((diagnostic) => diagnostic.severity === "error").length;
  const warnings = diagnostics.length - errors;
  const parts = [errors > 0 ? count(errors, "error") : [], warnings > 0 ? count(warnings, "warning") : []].flat();
  return parts.length > 0 ? parts.join(", ") : undefined;
}

/** "1 change", "2 changes". */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function frameStyle({ color }: Terminal): FrameStyle {
  const bySeverity = { error: color.red, warning: color.yellow };
  return {
    heading: (text, severity) => bySeverity[severity].bold(text),
    message: (text) => color.bold(text),
    gutter: (text) => color.blue(text),
    primary: (text, severity) => bySeverity[severity](text),
    related: (text) => color.blue(text),
  };
}
