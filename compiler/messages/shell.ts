import type { MisplacedHole, PartOfShellText } from "../../grammar/ast.ts";
import { hints, type Wording } from "../wording.ts";

/** Messages about commands for the target's shell. */
export const shellMessages = {
  S104: (d: { where: MisplacedHole; cure: string; hint?: string | undefined }): Wording => ({
    message: {
      quotes: "a hole inside quotes would be quoted twice",
      backticks: "a hole inside backticks is not safe",
      heredoc: "a hole inside a heredoc is not replaced",
      comment: "a hole inside a comment has no effect",
      arithmetic: "a hole inside `$(( ))` is not a number there",
      dollar: "a `$` in front of a hole does not expand it",
      name: "a hole cannot be the name of a variable or of a function",
      tilde: "a `~` in front of a hole is not expanded to a home folder",
    }[d.where],
    label: d.cure,
    hints: hints(d.hint),
  }),
  S105: (d: { type: string }): Wording => ({
    message: `${d.type} cannot be a word of a command`,
    label: "a hole takes text, a number, or a list of them",
  }),
  S107: (d: { type: string }): Wording => ({
    message: "a secret as an argument can be read by every user with `ps`",
    label: d.type,
    hints: ["give it on stdin = …, in env = { NAME = … }, or in a file with mode = 0400"],
  }),
  S108: (d: { what: string }): Wording => ({
    message: `a secret cannot be part of ${d.what}`,
    label: "plans and messages show it",
  }),
  S110: (d: { partOf: PartOfShellText; cure: string }): Wording => ({
    message: `a list is words of its own, and here it would be part of ${
      {
        assignment: "an assignment",
        case: "a `case`",
        expansion: "an expansion",
        redirection: "a redirection",
        word: "another word",
      }[d.partOf]
    }`,
    label: d.cure,
  }),
};
