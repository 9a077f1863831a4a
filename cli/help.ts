import { commonOptions, type Option } from "./arguments.ts";
import type { Command } from "./command.ts";

/** The overview: every command with one line. */
export function overview(commands: readonly Command[], version: string): string {
  const width = Math.max(...commands.map((command) => nameAndTakes(command).length));
  return [
    `galley ${version}: says what a machine should be, shows what would change, makes it so`,
    "",
    "usage: galley COMMAND [PATH] [options]",
    "",
    ...commands.map((command) => `  ${nameAndTakes(command).padEnd(width)}  ${command.summary}`),
    "",
    "PATH is a .recipe file or a folder with a site.recipe; the current folder when left out.",
    "galley COMMAND --help tells more. A first step: galley plan examples/web",
    "",
  ].join("\n");
}

/** The help of one command. */
export function helpOf(command: Command): string {
  const options = [...command.options, ...commonOptions].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const width = Math.max(...options.map((option) => shown(option).length));
  return [
    `usage: galley ${nameAndTakes(command)} [options]`,
    "",
    `${command.summary}.`,
    ...command.details.flatMap((paragraph) => ["", paragraph]),
    "",
    "options:",
    ...options.map((option) => `  ${shown(option).padEnd(width)}  ${option.doc}`),
    "",
  ].join("\n");
}

function nameAndTakes(command: Command): string {
  return `${command.name} ${command.takes}`.trim();
}

function shown(option: Option): string {
  const short = option.short === undefined ? "    " : `-${option.short}, `;
  return `${short}--${option.name}${option.value === undefined ? "" : ` ${option.value}`}`;
}
