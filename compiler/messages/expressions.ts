import type { Form } from "../../grammar/foreign-words.ts";
import { didYouMean, listed, cycleOf } from "../suggest.ts";
import { hints, writeForm, type Wording } from "../wording.ts";

/** Messages about values: their types, and what can be done with them. */
export const expressionMessages = {
  T130: (d: { subject: string; wants: string; has: string; hint?: string | undefined }): Wording => ({
    message: `${d.subject} expects ${d.wants}, this is ${d.has}`,
    label: d.has,
    hints: hints(d.hint),
  }),
  T131: (d: { subject: string; problem: string }): Wording => {
    // Where the problem ends in a rule, the rule stands at the caret.
    const [, cause = d.problem, rule] = /^([^:;"]*(?:"[^"]*"[^:;"]*)*)[:;] (.*)$/s.exec(d.problem) ?? [];
    return { message: `${d.subject} ${cause}`, label: rule ?? /it must (?:be|have) (.*)$/.exec(d.problem)?.[1] };
  },
  T132: (d: {
    subject: string;
    value: string;
    allowed: readonly string[];
    suggestion?: string | undefined;
    form?: Form | undefined;
  }): Wording => ({
    message: `${d.subject} cannot be "${d.value}"`,
    label:
      writeForm(d.form) ?? (d.suggestion === undefined ? "not one of its values" : `did you mean "${d.suggestion}"?`),
    hints: [...hints(d.form?.why), `allowed: ${d.allowed.map((word) => `"${word}"`).join(", ")}`],
  }),
  T133: (d: { subject: string; missing: readonly string[]; type: string }): Wording => ({
    message: `${d.subject} lacks ${d.missing.map((name) => `\`${name}\``).join(", ")}`,
    label: `add ${d.missing.map((name) => `${name} = …`).join(", ")}`,
    hints: [`it expects ${d.type}`],
  }),
  T134: (d: {
    field: string;
    known: readonly string[];
    suggestion?: string | undefined;
    subject: string;
  }): Wording => ({
    message: `${d.subject} has no field \`${d.field}\``,
    label: didYouMean(d.suggestion) ?? "not one of its fields",
    hints: hints(`its fields: ${listed(d.known)}`),
  }),
  T135: (d: { operator: string; left: string; right: string; hint?: string | undefined }): Wording => ({
    message: `\`${d.operator}\` cannot be applied to ${d.left} and ${d.right}`,
    label: d.hint,
  }),
  T136: (d: { subject: string; inner: string; hint?: string | undefined }): Wording => ({
    message: `${d.subject} expects ${d.inner}, this may be none`,
    label: "give a value for that case: … ?? other",
    hints: hints(d.hint ?? "or ask first: if it != none { … }"),
  }),
  T137: (d: { member: string; of: string; known: readonly string[]; suggestion?: string | undefined }): Wording => ({
    message: `${d.of} has no \`${d.member}\``,
    label: didYouMean(d.suggestion) ?? "not one of its names",
    hints: hints(d.known.length > 0 && `it has: ${listed(d.known, 16)}`),
  }),
  T138: (d: { has: string }): Wording => ({
    message: `${d.has} cannot be called`,
    label: "only a function is called with ( )",
  }),
  T139: (d: { name: string; min: number; max: number; has: number; signature: string }): Wording => {
    const wants = d.max === Infinity ? `at least ${d.min}` : d.min === d.max ? String(d.min) : `${d.min} to ${d.max}`;
    return {
      message: `\`${d.name}\` takes ${wants} ${wants === "1" || wants === "at least 1" ? "argument" : "arguments"}, here ${d.has === 1 ? "is 1" : `are ${d.has}`}`,
      label: d.signature,
    };
  },
  T140: (d: { names: readonly string[] }): Wording => ({
    message:
      d.names.length === 1
        ? `the function \`${d.names[0]}\` calls itself`
        : `these need each other without end: ${cycleOf(d.names)}`,
    label: "functions do not recurse",
    hints: ["a repeated step is a comprehension: [for x in xs => f(x)]"],
  }),
  T141: (d: { missing: readonly string[]; open: boolean }): Wording => ({
    message: d.open
      ? "this match does not say what happens otherwise"
      : `this match leaves out ${d.missing.join(", ")}`,
    label: d.open ? "add else => …" : `add ${d.missing.join(" | ")} => …, or else => …`,
  }),
  T142: (d: { pattern: string; type: string; twice: boolean; suggestion?: string | undefined }): Wording => ({
    message: d.twice
      ? `${d.pattern} is matched already above`
      : `${d.pattern} never matches here: the value is ${d.type}`,
    label: d.twice ? "never reached" : d.suggestion === undefined ? "never matches" : `did you mean "${d.suggestion}"?`,
  }),
  T143: (d: { type: string; cure: string }): Wording => ({
    message: `${d.type} cannot be converted to text`,
    label: d.cure,
  }),
  T144: (d: { type: string; index: string }): Wording => ({
    message: `${d.type} cannot be indexed with ${d.index}`,
    label: "[ ] indexes a list (with an int), a map (with a string) or a kind (with a title)",
  }),
  T145: (d: { type: string }): Wording => ({
    message: `${d.type} cannot be iterated over`,
    label: "a loop iterates over a list, a set, a map or a record",
  }),
  T146: (d: { left: string; right: string; suggestion?: string | undefined }): Wording => ({
    message: `these can never be equal: ${d.left} and ${d.right}`,
    label: d.suggestion === undefined ? "compares different things" : `did you mean "${d.suggestion}"?`,
  }),
  T147: (d: { subject: string; wants: string; has: number; unit: string }): Wording => ({
    message: `${d.subject} expects ${d.wants}, here ${d.has === 1 ? "is 1" : `are ${d.has === 0 ? "none" : d.has}`}`,
    label: d.wants,
  }),
  T148: (d: { name: string; what: "kind" | "resource" | "file" | "function" | "std" }): Wording => ({
    message: {
      kind: `\`${d.name}\` is a kind, not a value`,
      resource: `\`${d.name}\` has a title, so it is not a value by itself`,
      file: `\`${d.name}\` is a used file, not a value`,
      function: `\`${d.name}\` is a function, not a value`,
      std: "`std` is where the built-in names are found, not a value",
    }[d.what],
    label: {
      kind: `one resource of it is ${d.name}["title"]`,
      resource: `one of them is ${d.name}["title"]`,
      file: `what it declares is ${d.name}.name`,
      function: `its result is ${d.name}(…)`,
      std: "such as std.host",
    }[d.what],
  }),
  T149: (d: { has: string; into: "list" | "record" | "body" | "titles" }): Wording => ({
    message: `${d.has} cannot be spread into ${{ list: "a list", record: "a record", body: "a body", titles: "titles" }[d.into]}`,
    label: {
      list: "only a list or a set",
      record: "only a record or a map",
      body: "only a record, whose fields are known",
      titles: "only a list or a set of titles",
    }[d.into],
  }),
  T150: (d: { subject: string }): Wording => ({
    message: `${d.subject} is a secret, and a secret is never written into a recipe`,
    label: "everybody who reads the recipe reads it",
    hints: ["pass on an input of type secret<…>; reading stored secrets, secret(…), is not possible yet"],
  }),
  T151: (): Wording => ({
    message: "a pattern for `matches` is a text without holes",
    label: 'such as "[a-z]+"',
  }),
  T152: (d: { member: string }): Wording => ({
    message: `this may be none, and none has no \`${d.member}\``,
    label: `write ?.${d.member}, which is none then`,
    hints: ["or ask first: if it != none { … }"],
  }),
};
