import type { Wording } from "../wording.ts";

/** Messages about what is known only later, and about what this version cannot do yet. */
export const laterMessages = {
  N001: (d: { what: string; hint?: string | undefined }): Wording => ({
    message: `${d.what} cannot be used yet`,
    label: "this version of Galley reads it, but does not carry it out",
    ...(d.hint === undefined ? {} : { hints: [d.hint] }),
  }),
  R301: (d: { word: string; type: string }): Wording => ({
    message: `${d.word} needs a value that is known before the run; this one is known later`,
    label: d.type,
    hints: [
      "which resources exist is decided before anything changes",
      'to read what is there now: observe name: string? = sh"…"',
    ],
  }),
};
