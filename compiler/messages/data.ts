import { didYouMean, listed } from "../suggest.ts";
import { hints, type Wording } from "../wording.ts";

/** Messages about data files and what the command line sets. */
export const dataMessages = {
  D101: (): Wording => ({
    message: "a data file holds only `set`",
    label: "write set NAME = VALUE",
    hints: ["what is more than values belongs in the recipe"],
  }),
  D102: (d: {
    path: string;
    problem: "folder" | "host" | "layer" | "stack";
    name: string;
    suggestion?: string | undefined;
  }): Wording => ({
    message:
      d.problem === "folder"
        ? `nothing reads ${d.path}`
        : `${d.path} is for a ${d.problem} that the recipe does not declare: ${d.name}`,
    label: didYouMean(d.suggestion) ?? "the whole file has no effect",
    hints: hints(
      d.problem === "folder" &&
        "data lies in common.recipe, stack/NAME.recipe, layer/NAME.recipe and host/NAME.recipe of the folder data",
    ),
  }),
  D103: (d: { name: string }): Wording => ({
    message: `\`${d.name}\` is set to something that must be calculated`,
    label: "write the value itself",
    hints: ["data holds values only, so that it can be read without the recipe; calculate in the recipe"],
  }),
  D104: (d: { name: string; type: string }): Wording => ({
    message: `\`+=\` adds to a list, a set or a map; \`${d.name}\` is ${d.type}`,
    label: "write =",
  }),
  D105: (d: {
    name: string;
    suggestion?: string | undefined;
    owner?: { readonly kind: string; readonly inputs: readonly string[] } | undefined;
    known: readonly string[];
  }): Wording => ({
    message: "this sets something that nothing reads",
    label: didYouMean(d.suggestion) ?? "no input of this name",
    hints: hints(
      d.owner && `${d.owner.kind} takes: ${listed(d.owner.inputs, 16)}`,
      !d.owner && d.known.length > 0 && `the recipe reads: ${listed(d.known, 12)}`,
      d.known.length === 0 &&
        "the recipe has no input that data could set; a resource with a title takes it from its declaration",
    ),
  }),
  D106: (d: { name: string; host: string; one: string; other: string }): Wording => ({
    message: `two layers of ${d.host} set \`${d.name}\` to different values`,
    label: `here for the layer \`${d.other}\``,
    hints: [`set it for the host, or for one of the layers \`${d.one}\` and \`${d.other}\` only`],
  }),
  D107: (d: { name: string; by: string }): Wording => ({
    message: `this value of \`${d.name}\` is used on no host`,
    label: `hidden by ${d.by}`,
    hints: ["what the recipe gives wins over data, and the data of a host over that of a layer, a stack and all"],
  }),
  D108: (d: { name: string }): Wording => ({
    message: `\`${d.name}\` is set twice in one file`,
    label: "the second time",
  }),
};
