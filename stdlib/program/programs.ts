import type { Footprint } from "../../compiler/kind/footprint.ts";
import type { Command } from "../../compiler/kind/value.ts";
import { holesFilled } from "./holes.ts";

/** Words behind which the program's own name follows. */
const prefixes = new Set([
  "!",
  "command",
  "do",
  "elif",
  "else",
  "env",
  "exec",
  "if",
  "sudo",
  "then",
  "time",
  "until",
  "while",
  "{",
]);

/** Words of the shell itself, which no package brings. */
const builtins = new Set(
  ". : [ alias bg break case cd continue done echo esac eval exit export false fg fi for getopts hash in jobs kill local printf pwd read readonly return set shift test times trap true type ulimit umask unalias unset until wait }".split(
    " ",
  ),
);

const assignment = /^[A-Za-z_][A-Za-z0-9_]*=/;
const plainWord = /^[A-Za-z0-9_./+@-]+$/;

/** The programs that a command for the shell begins with: its first word, and the first words behind `|`, `&&`, `;` and similar signs. */
export function programsOf(command: Command): readonly string[] {
  const bare = holesFilled(command)
    .replaceAll(/'[^']*'|"(?:\\.|[^"\\])*"/g, '""')
    .replaceAll(/(^|\s)#.*/g, "");
  const found = new Set<string>();
  for (const part of bare.split(/\$\(|[|&;()\n`]+/)) {
    const word = part
      .trim()
      .split(/\s+/)
      .find((one) => !assignment.test(one) && !prefixes.has(one));
    if (word !== undefined && !builtins.has(word) && plainWord.test(word) && /[A-Za-z]/.test(word)) found.add(word);
  }
  return [...found];
}

/** A program comes first when something in the plan brings it; one by path may also be a file of the plan. */
export function programKeys(program: string): readonly string[] {
  if (!program.includes("/")) return [`program:${program}`];
  const name = program.slice(program.lastIndexOf("/") + 1);
  return program.startsWith("/") ? [`file:${program}`, `program:${name}`] : [];
}

/** What a command's programs have to do with the resource that runs it. */
export function programFootprint(command: Command | undefined, because: string): readonly Footprint[] {
  if (!command) return [];
  return programsOf(command).flatMap((program) =>
    programKeys(program).map((key): Footprint => ({ mode: "reads", key, because })),
  );
}
