import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { text as readAll } from "node:stream/consumers";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { checkSource } from "../../grammar/check-source.ts";
import { format, type Formatted } from "../../grammar/format/format.ts";
import { flag } from "../arguments.ts";
import { type Command, type CommandContext, UsageProblem } from "../command.ts";
import { exitStatus, type ExitStatus } from "../exit-status.ts";
import { recipesAt } from "../recipes-at.ts";
import { replaceFile } from "../replace-file.ts";
import { diagnosticRow, jsonText } from "../reporters/json.ts";
import { count, printDiagnostics } from "../reporters/pretty-diagnostics.ts";
import { printable } from "../terminal.ts";

/** What became of a file. */
interface FormattedFile {
  readonly file: string;
  readonly status: "error" | "formatted" | "unchanged" | "would-format";
  readonly diagnostics: readonly Diagnostic[];
}

/** `galley fmt`: recipes as they are written everywhere. */
export const fmt: Command = {
  name: "fmt",
  takes: "[PATH …]",
  positionals: Infinity,
  summary: "Lay recipes out as they are written everywhere; changes nothing but spaces",
  details: [
    "Indentation, spaces between words, empty lines and the place of `=` are set; where lines break, what is in quotes and comments stay. A file with a syntax error is reported and left as it is.",
    "PATH is a recipe, or a folder in which all recipes are looked for; - reads standard input and writes standard output.",
    "Exit status: 0 done, 1 a file has errors, or with --check would be changed.",
  ],
  options: [
    { name: "check", doc: "change nothing; name the files that would be changed, and end with 1 if there are any" },
  ],
  async run(invocation, context) {
    const paths = invocation.positionals.length > 0 ? invocation.positionals : ["."];
    if (paths.includes("-")) {
      if (paths.length > 1) throw new UsageProblem("- stands for standard input, and goes with no other path");
      return formatInput(context);
    }
    const isCheck = flag(invocation, "check");
    const names = [...new Set(paths.flatMap((path) => recipesAt(path, context.workingDirectory)))];
    const files = names.map((name) => formatFile(name, isCheck, context));
    if (flag(invocation, "json")) {
      const diagnostics = files.flatMap((file) => file.diagnostics.map(diagnosticRow));
      const rows = files.map(({ file, status }) => ({ file, status }));
      context.output.write(jsonText({ version: 1, files: rows, diagnostics }));
    } else print(files, context);
    const isWrong = files.some(({ status }) => status === "error" || status === "would-format");
    return isWrong ? exitStatus.error : exitStatus.ok;
  },
};

function formatFile(file: string, isCheck: boolean, { workingDirectory }: CommandContext): FormattedFile {
  const path = resolve(workingDirectory, file);
  try {
    const text = readFileSync(path, "utf8");
    const result = formatText(file, text);
    if (!("text" in result)) return { file, status: "error", diagnostics: result.diagnostics };
    if (result.text === text) return { file, status: "unchanged", diagnostics: [] };
    if (!isCheck) replaceFile(path, result.text);
    return { file, status: isCheck ? "would-format" : "formatted", diagnostics: [] };
  } catch (error) {
    throw new UsageProblem(`${file}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function formatText(path: string, text: string): Formatted {
  const source = { path, text };
  const refused = checkSource(source, Buffer.byteLength(text));
  return refused ? { diagnostics: [refused] } : format(source);
}

async function formatInput({ output, progress }: CommandContext): Promise<ExitStatus> {
  const result = formatText("(standard input)", await readAll(process.stdin));
  if ("text" in result) {
    output.write(result.text);
    return exitStatus.ok;
  }
  printDiagnostics(result.diagnostics, progress);
  return exitStatus.error;
}

function print(files: readonly FormattedFile[], { output }: CommandContext): void {
  for (const { file, status } of files) {
    if (status === "formatted" || status === "would-format") output.write(`${printable(file)}\n`);
  }
  const diagnostics = files.flatMap((file) => file.diagnostics);
  if (diagnostics.length > 0) printDiagnostics(diagnostics, output);
  const number = (status: FormattedFile["status"]) => files.filter((file) => file.status === status).length;
  const words = [
    number("formatted") > 0 ? `${count(number("formatted"), "file")} formatted` : "",
    number("would-format") > 0 ? `${count(number("would-format"), "file")} would be formatted` : "",
    number("error") > 0 ? `${count(number("error"), "file")} with errors left as they are` : "",
    number("unchanged") > 0 ? `${count(number("unchanged"), "file")} unchanged` : "",
  ].filter((word) => word !== "");
  output.write(`${words.length === 0 ? "there are no recipes" : words.join(", ")}\n`);
}
