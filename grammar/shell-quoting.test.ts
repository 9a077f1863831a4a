import { expect, test } from "vitest";
import type { Hole, TextPart } from "./ast.ts";
import { quotingOfHoles } from "./shell-quoting.ts";

/** What the holes of a command stand in; a hole is written `@`. */
function quoting(shell: string): (string | undefined)[] {
  const span = { file: { path: "", text: "" }, start: 0, end: 0 };
  const parts = shell.split("@").flatMap((text, index): (TextPart | Hole)[] => {
    const part: TextPart = { type: "text", span, text };
    return index === 0 ? [part] : [{ type: "hole", span, expression: { type: "none", span } }, part];
  });
  return [...quotingOfHoles(parts)];
}

const table: readonly (readonly [string, readonly (string | undefined)[]])[] = [
  ["grep ^@: /etc/passwd", [undefined]],
  ["a @ b @", [undefined, undefined]],
  ["grep '^@:' @", ["quotes", undefined]],
  ['echo "@" @', ["quotes", undefined]],
  ['echo "it\'s @" @', ["quotes", undefined]],
  ["echo \\\"@ \\'@", [undefined, undefined]],
  ["echo '\\' @", [undefined]],
  ["echo `cat @` @", ["backticks", undefined]],
  ['echo "`cat @`"', ["backticks"]],
  ["echo $(cat @)", [undefined]],
  ['echo "$(cat @) @"', [undefined, "quotes"]],
  ['echo "$(cat "@") @" @', ["quotes", "quotes", undefined]],
  ["(cd @ && ls) @", [undefined, undefined]],
  ["true # no @\nls @", ["comment", undefined]],
  ["echo a#b @", [undefined]],
  ["echo ${x#y} @", [undefined]],
  ["echo $((1 << 2)) @", [undefined]],
  ["cat <<EOF\na @\nEOF\nls @", ["heredoc", undefined]],
  ["cat <<-'END' > @\n\ta '@\n\tEND\nls @", [undefined, "heredoc", undefined]],
  ["cat <<A <<B\n@\nA\n@\nB\n@", ["heredoc", "heredoc", undefined]],
  ["cat <<EOF\nEOF @\nEOF\n@", ["heredoc", undefined]],
  ["echo 'a\n@'", ["quotes"]],
];

for (const [shell, expected] of table) {
  test(`holes of ${JSON.stringify(shell)}`, () => {
    expect(quoting(shell)).toEqual(expected);
  });
}
