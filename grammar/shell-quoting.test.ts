import { expect, test } from "vitest";
import type { Hole, TextPart } from "./ast.ts";
import { placesOfHoles } from "./shell-quoting.ts";

/** What the holes of a command stand in, and in brackets what they are a part of; a hole is written `@`. */
function quoting(shell: string): (string | undefined)[] {
  const span = { file: { path: "", text: "" }, start: 0, end: 0 };
  const parts = shell.split("@").flatMap((text, index): (TextPart | Hole)[] => {
    const part: TextPart = { type: "text", span, text };
    return index === 0 ? [part] : [{ type: "hole", span, expression: { type: "none", span } }, part];
  });
  return placesOfHoles(parts).map(({ misplaced, partOf }) => misplaced ?? (partOf && `(${partOf})`));
}

const table: readonly (readonly [string, readonly (string | undefined)[]])[] = [
  ["grep ^@: /etc/passwd", ["(word)"]],
  ["a @ b @", [undefined, undefined]],
  ["@", [undefined]],
  ["grep '^@:' @", ["quotes", undefined]],
  ['echo "@" @', ["quotes", undefined]],
  ['echo "it\'s @" @', ["quotes", undefined]],
  ["echo \\\"@ \\'@", ["(word)", "(word)"]],
  ["echo '\\' @", [undefined]],
  ["echo `cat @` @", ["backticks", undefined]],
  ['echo "`cat @`"', ["backticks"]],
  ["echo $(cat @)", [undefined]],
  ['echo "$(cat @) @"', [undefined, "quotes"]],
  ['echo "$(cat "@") @" @', ["quotes", "quotes", undefined]],
  ["(cd @ && ls) @", [undefined, undefined]],
  ["true # no @\nls @", ["comment", undefined]],
  ["(# no @\nls @)", ["comment", undefined]],
  ["echo a#b @", [undefined]],
  ["echo ${x#y} @", [undefined]],
  ["echo $((1 << 2)) @", [undefined]],
  ["echo $((1 + @)) @", ["arithmetic", undefined]],
  ["echo $(( (1 + @) * 2 )) $(((1+2)*@)) @", ["arithmetic", "arithmetic", undefined]],
  ["echo $((${x:-@} + $(cat @)))", ["arithmetic", undefined]],
  ['echo "$((@))"', ["arithmetic"]],
  ["cat <<EOF\na @\nEOF\nls @", ["heredoc", undefined]],
  ["cat <<-'END' > @\n\ta '@\n\tEND\nls @", ["(redirection)", "heredoc", undefined]],
  ["cat <<A <<B\n@\nA\n@\nB\n@", ["heredoc", "heredoc", undefined]],
  ["cat <<EOF\nEOF @\nEOF\n@", ["heredoc", undefined]],
  ["cat <<@\ncat <<-E@\n", ["heredoc", "heredoc"]],
  ["echo 'a\n@'", ["quotes"]],
  // Part of a word.
  ["rm -rf @/cache a@ @@ '-'@ @\"b\"", ["(word)", "(word)", "(word)", "(word)", "(word)", "(word)"]],
  ["a $(b)@ @`c` !@ {@;}", ["(word)", "(word)", "(word)", "(word)"]],
  ["a @; b @| c @& (@) && @", [undefined, undefined, undefined, undefined, undefined]],
  ["a @ \\\n @\\\n b\\\n@", [undefined, undefined, "(word)"]],
  ["FOO=@ a", ["(assignment)"]],
  ["a && B=1 FOO=x@", ["(assignment)"]],
  ["f() { FOO=@; }; if A=@; then B=@; fi", ["(assignment)", "(assignment)", "(assignment)"]],
  ["export FOO=@; env A=@ b", ["(word)", "(word)"]],
  ["a >@ 2>@ >>@ >&@ <@ >|@ <>@ b", Array.from({ length: 7 }, () => "(redirection)")],
  ["a > @ @", ["(redirection)", undefined]],
  ["a @>b @2>c", [undefined, "(word)"]],
  [
    "case @ in @) a @;; b|@) c @;; (@) d;; esac; e @",
    ["(case)", "(case)", undefined, "(case)", undefined, "(case)", undefined],
  ],
  ['echo "$(case x in x) echo @;; esac) @"', [undefined, "quotes"]],
  ["for x in @; do a @; done; b @", [undefined, undefined, undefined]],
  ["echo case @ in", [undefined]],
  ["echo ${x:-@} ${x#@}", ["(expansion)", "(expansion)"]],
  // What a shell would take for something else than a word.
  ['echo "${x:-@}"', ["quotes"]],
  ["echo ${@} ${#@} ${x@}", ["name", "name", "name"]],
  ["for @ in a; do b; done", ["name"]],
  ["@=1 a; @() { b; }; env @=@ [ @ = 1 ]", ["name", "name", "(word)", "(word)", undefined]],
  ["echo ~@ ~@/x ~/@ a:~@ X=a:~@", ["tilde", "tilde", "(word)", "(word)", "tilde"]],
  ["X=~@ X=a:~@", ["tilde", "tilde"]],
  ["echo $@ $$@ '$'@ \\$@", ["dollar", "(word)", "(word)", "(word)"]],
];

for (const [shell, expected] of table) {
  test(`holes of ${JSON.stringify(shell)}`, () => {
    expect(quoting(shell)).toEqual(expected);
  });
}
