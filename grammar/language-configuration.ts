import { signs } from "./words.ts";

/** What an editor must know to type recipes: comments, brackets, indentation, and `##` that goes on in the next line. */
export function languageConfiguration(): object {
  const brackets = [
    [signs.LCurly, signs.RCurly],
    [signs.LSquare, signs.RSquare],
    [signs.LParen, signs.RParen],
  ];
  return {
    comments: { lineComment: "#" },
    brackets,
    autoClosingPairs: [
      ...brackets.map(([open, close]) => ({ open, close, notIn: ["comment"] })),
      { open: '"""', close: '"""', notIn: ["string", "comment"] },
      { open: '"', close: '"', notIn: ["string", "comment"] },
      { open: "'", close: "'", notIn: ["string", "comment"] },
    ],
    surroundingPairs: [...brackets, ['"', '"'], ["'", "'"]],
    wordPattern: "[A-Za-z_][A-Za-z0-9_]*",
    indentationRules: {
      increaseIndentPattern: String.raw`^((?!#).)*[{\[(]\s*(#.*)?$`,
      decreaseIndentPattern: String.raw`^\s*[}\])]`,
    },
    onEnterRules: [
      { beforeText: String.raw`^\s*##(?!#).*$`, action: { indent: "none", appendText: "## " } },
      {
        beforeText: String.raw`[{\[(]\s*$`,
        afterText: String.raw`^\s*[}\])]`,
        action: { indent: "indentOutdent" },
      },
    ],
    folding: { markers: { start: String.raw`^\s*#\s*region\b`, end: String.raw`^\s*#\s*endregion\b` } },
  };
}
