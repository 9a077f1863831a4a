import { didYouMean, cycleOf } from "../suggest.ts";
import { hints, type Wording } from "../wording.ts";

/** Messages about types as they are written. */
export const typeMessages = {
  T101: (d: { name: string; suggestion?: string | undefined; own: readonly string[] }): Wording => ({
    message: `there is no type \`${d.name}\``,
    label: didYouMean(d.suggestion) ?? "no type of this name",
    hints: hints(
      "built in: string int bool mode duration size path port ip cidr hostname url version ssh_key command, list<…> set<…> map<string, …>",
      d.own.length > 0 && `declared here: ${d.own.join(", ")}`,
    ),
  }),
  T102: (d: { names: readonly string[] }): Wording => ({
    message:
      d.names.length === 1
        ? `the type \`${d.names[0]}\` contains itself`
        : `these types contain each other: ${cycleOf(d.names)}`,
    label: "a type is built from simpler ones",
  }),
  T103: (d: { name: string; wants: number; has: number }): Wording => ({
    message:
      d.wants === 0
        ? `\`${d.name}\` has no type arguments`
        : `\`${d.name}\` takes ${d.wants === 1 ? "one type" : "two types"} in < >, here ${d.has === 0 ? "is none" : d.has === 1 ? "is one" : `are ${d.has}`}`,
    label:
      d.name === "map" ? "written map<string, type>" : d.wants === 1 ? `written ${d.name}<type>` : `write ${d.name}`,
  }),
  T104: (d: { what: "limits" | "pattern"; type: string }): Wording => ({
    message: d.what === "limits" ? `${d.type} cannot have limits` : `${d.type} cannot have a pattern`,
    label: d.what === "limits" ? "limits a number, a size, a duration or a length" : "`matches` goes with text",
  }),
  T105: (d: { pattern: string; problem: string }): Wording => ({
    message: `this pattern cannot be used: ${d.problem}`,
    hints: [
      "patterns are regular expressions for the whole text: letters, [a-z] . * + ? {2,5} | ( ) and escapes such as \\d",
    ],
  }),
  T106: (d: { min: string; max: string }): Wording => ({
    message: `nothing lies between ${d.min} and ${d.max}`,
    label: "write the smaller limit first",
  }),
  T107: (d: { type: string; unit: "size" | "duration" | "number" }): Wording => ({
    message: `the limits of ${d.type} are written as ${{ size: "sizes", duration: "durations", number: "plain numbers" }[d.unit]}`,
    label: { size: "such as 64MiB..2GiB", duration: "such as 1s..5m", number: "such as 1..64" }[d.unit],
  }),
  T108: (d: { type: string }): Wording => ({
    message: `the keys of a map are text, ${d.type} is not`,
    label: "write string, or a type made from it",
  }),
  T109: (d: { pattern: string }): Wording => ({
    message: "this type already has a pattern",
    label: "a text has one pattern",
    hints: [`it is "${d.pattern}"`],
  }),
  T119: (): Wording => ({
    message: "this type is too large",
    label: "too many types within types",
    hints: ["a type may have 2,000 parts in 100 levels, all the types it names counted in"],
  }),
};
