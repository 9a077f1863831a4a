import { parseArgs } from "node:util";
import type { ColorChoice } from "./terminal.ts";

/** One option of the command line. */
export interface Option {
  readonly name: string;
  readonly short?: string;
  /** The word for its value in the help; a flag has none. */
  readonly value?: string;
  readonly many?: boolean;
  readonly doc: string;
}

/** Options as given: a flag is `true`, a value is text, an option that may be repeated a list. */
export type OptionValues = Readonly<Record<string, boolean | string | readonly string[] | undefined>>;

/** What a person asked a command to do. */
export interface Invocation {
  readonly positionals: readonly string[];
  readonly options: OptionValues;
}

/** Options that every command takes. */
export const commonOptions: readonly Option[] = [
  { name: "color", value: "WHEN", doc: "always, never, or auto (the default: when printing to a terminal)" },
  { name: "help", short: "h", doc: "say how the command is used" },
  { name: "json", doc: "print one JSON document instead of text" },
];

/** Reads the words after the command's name; the answer is a sentence when they cannot be read. */
export function readArguments(
  words: readonly string[],
  options: readonly Option[],
): Invocation | { readonly problem: string } {
  try {
    const parsed = parseArgs({
      args: [...words],
      allowPositionals: true,
      strict: true,
      options: Object.fromEntries(
        options.map((option) => [
          option.name,
          {
            type: option.value === undefined ? "boolean" : "string",
            multiple: option.many === true,
            ...(option.short === undefined ? {} : { short: option.short }),
          },
        ]),
      ),
    });
    const values = Object.fromEntries(
      Object.entries(parsed.values).map(([name, value]) => [name, Array.isArray(value) ? value.map(String) : value]),
    );
    return { positionals: parsed.positionals, options: values };
  } catch (error) {
    return { problem: usageProblem(error) };
  }
}

function usageProblem(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const unknown = /Unknown option '([^']+)'/.exec(text)?.[1];
  if (unknown !== undefined) return `there is no option ${unknown}`;
  const missing = /Option '([^']+?)(?: <value>)?' argument missing/.exec(text)?.[1];
  if (missing !== undefined) return `${missing} needs a value`;
  const valueless = /Option '([^']+)' does not take an argument/.exec(text)?.[1];
  if (valueless !== undefined) return `${valueless} takes no value`;
  return text.split("\n")[0] ?? text;
}

/** The text of an option that takes one value. */
export function textOption(invocation: Invocation, name: string): string | undefined {
  const value = invocation.options[name];
  return typeof value === "string" ? value : undefined;
}

/** All values of an option that may be repeated. */
export function listOption(invocation: Invocation, name: string): readonly string[] {
  const value = invocation.options[name];
  return typeof value === "object" ? value : [];
}

/** Whether a flag was given. */
export function flag(invocation: Invocation, name: string): boolean {
  return invocation.options[name] === true;
}

/** `--color`, or why its value is none. */
export function colorChoice(invocation: Invocation): ColorChoice | { readonly problem: string } {
  const value = textOption(invocation, "color") ?? "auto";
  if (value === "always" || value === "auto" || value === "never") return value;
  return { problem: `--color takes always, auto or never, not \`${value}\`` };
}
