import { didYouMean } from "../suggest.ts";
import { hints, type Wording } from "../wording.ts";

/** Messages about templates; most of them point into the template itself. */
export const templateMessages = {
  T110: (d: { name: string; of: string; suggestion?: string | undefined; hint?: string | undefined }): Wording => ({
    message: `there is no \`${d.name}\` in ${d.of}`,
    label: didYouMean(d.suggestion) ?? "not given",
    hints: hints(d.hint),
  }),
  T111: (d: { name: string; type: string; cure: string }): Wording => ({
    message: `\`${d.name}\` is ${d.type}, which cannot be converted to text`,
    label: d.cure,
  }),
  T112: (d: { name: string; optional: string }): Wording => ({
    message: `\`${d.name}\` may be none here`,
    label: `put it inside {{#if ${d.optional}}} … {{/if}}`,
  }),
  T113: (d: { name: string; cure: string }): Wording => ({
    message: `a template cannot call \`${d.name}\``,
    label: d.cure,
    hints: ["there are: each, eq, if, unless, with"],
  }),
  T114: (d: { problem: string; label: string }): Wording => ({
    message: `this template cannot be read: ${d.problem}`,
    label: d.label,
  }),
  T115: (d: { name: string; type: string }): Wording => ({
    message: `\`${d.name}\` is ${d.type}, which cannot be iterated over`,
    label: "{{#each}} iterates over a list, a set, a map or a record",
  }),
  T116: (d: { helper: string; wants: string; has: number }): Wording => ({
    message: `\`${d.helper}\` takes ${d.wants}, here ${d.has === 1 ? "is 1" : `are ${d.has === 0 ? "none" : d.has}`}`,
    label: d.helper === "eq" ? "written (eq a b)" : `written {{#${d.helper} value}} … {{/${d.helper}}}`,
  }),
  T170: (d: { text: string; hole: string; raw: boolean }): Wording => ({
    message: d.raw
      ? `\`${d.text}\` is not a hole: nothing is special between '…'`
      : `\`${d.text}\` is not a hole: it is written literally`,
    label: d.raw ? `a hole needs "…": "\${${d.hole}}"` : `a hole is written \${${d.hole}}`,
    hints: hints(
      d.raw && `to write it literally: "\\\${${d.hole}}"`,
      !d.raw && d.text.startsWith("$") && `to write it literally: \\${d.text}`,
      !d.raw && !d.text.startsWith("$") && "to write it literally, put the text between '…'",
    ),
  }),
  T171: (d: { language: string; name: string }): Wording => ({
    message: `this looks like ${d.language}, and a template is Handlebars: it is written literally`,
    label: d.name === "" ? "such as {{#if port}}{{port}}{{/if}}" : `a hole is written {{${d.name}}}`,
  }),
  T117: (d: { type: string }): Wording => ({
    message: "which template is meant must be known when the recipe is checked",
    label: `${d.type}, known only for a host`,
    hints: [
      `write its name out; to choose between several: if … { template("a.hbs", …) } else { template("b.hbs", …) }`,
    ],
  }),
};
