import type { Form } from "../../grammar/foreign-words.ts";
import { didYouMean, cycleOf } from "../suggest.ts";
import { hints, writeForm, type Wording } from "../wording.ts";

/** Messages about names: what they mean, and that each means one thing. */
export const nameMessages = {
  T120: (d: {
    name: string;
    suggestion?: string | undefined;
    hint?: string | undefined;
    form?: Form | undefined;
  }): Wording => ({
    message: `there is nothing called \`${d.name}\` here`,
    label: writeForm(d.form) ?? didYouMean(d.suggestion) ?? "not declared",
    hints: hints(d.form?.why, d.form && didYouMean(d.suggestion), d.hint),
  }),
  T121: (d: { name: string; what: string; other: string; outer: boolean }): Wording => ({
    message: d.outer
      ? `\`${d.name}\` is already the name of ${d.other} outside`
      : `\`${d.name}\` already names ${d.other} here`,
    label: "choose another name",
  }),
  T122: (d: { key: string; what: "record" | "type" }): Wording => ({
    message: d.what === "type" ? `the type has two fields called \`${d.key}\`` : `the key \`${d.key}\` appears twice`,
    label: "the second one",
  }),
  T123: (d: { names: readonly string[] }): Wording => ({
    message:
      d.names.length === 1
        ? `\`${d.names[0]}\` is made from itself`
        : `these values are made from each other: ${cycleOf(d.names)}`,
    label: "a value is made from others",
  }),
};
