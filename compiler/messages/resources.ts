import type { Form } from "../../grammar/foreign-words.ts";
import { didYouMean, listed, cycleOf } from "../suggest.ts";
import { hints, writeForm, type Wording } from "../wording.ts";

/** Messages about kinds, resources and what stands in them. */
export const resourceMessages = {
  R101: (d: {
    kind: string;
    property: string;
    suggestion?: string | undefined;
    known: readonly string[];
    what: "input" | "property";
    form?: Form | undefined;
  }): Wording => ({
    message: `\`${d.kind}\` has no ${d.what} \`${d.property}\``,
    label: writeForm(d.form) ?? didYouMean(d.suggestion) ?? `no ${d.what} of this name`,
    hints: hints(
      d.form?.why,
      d.form && didYouMean(d.suggestion),
      d.known.length === 0
        ? `${d.kind} has no ${d.what === "input" ? "inputs" : "properties"}`
        : `${d.kind} has: ${listed(d.known, 16)}`,
    ),
  }),
  R102: (d: { written: string }): Wording => ({
    message: "this is a number, a file mode is written with a leading 0",
    label: `write 0${d.written}`,
  }),
  R104: (d: {
    name: string;
    suggestion?: string | undefined;
    hint?: string | undefined;
    form?: Form | undefined;
  }): Wording => ({
    message: `there is no kind \`${d.name}\``,
    label: writeForm(d.form) ?? didYouMean(d.suggestion) ?? "no kind and no resource of this name",
    hints: hints(d.form?.why, d.form && didYouMean(d.suggestion), d.hint),
  }),
  R105: (d: { resource: string; missing: readonly string[] }): Wording => ({
    message: `${d.resource} needs ${d.missing.map((name) => `\`${name}\``).join(", ")}`,
    label: `add ${d.missing.map((name) => `${name} = …`).join(", ")}`,
  }),
  R106: (d: { property: string }): Wording => ({
    message: `\`${d.property}\` is given twice in one body`,
    label: "the second time",
  }),
  R107: (d: { kind: string; title: string }): Wording => ({
    message: `\`${d.kind}\` has a title, its ${d.title}`,
    label: `write ${d.kind} "${d.title}" { … }`,
  }),
  R108: (d: { kind: string }): Wording => ({
    message: `\`${d.kind}\` has no title, there is one of it per host`,
    label: `write ${d.kind} { … }`,
  }),
  R109: (d: { kind: string; event: string; known: readonly string[]; suggestion?: string | undefined }): Wording => ({
    message: `\`${d.kind}\` has no event \`${d.event}\``,
    label: didYouMean(d.suggestion) ?? (d.known.length === 0 ? "it has no events" : `it has: ${d.known.join(", ")}`),
  }),
  R110: (d: { text: string }): Wording => ({
    message: "an event is allowed only after `notify`",
    label: `notify ${d.text}`,
  }),
  R111: (d: { clause: string; has: string; hint?: string | undefined }): Wording => ({
    message:
      d.clause === "notify"
        ? `\`notify\` takes an event of a resource, this is ${d.has}`
        : `\`${d.clause}\` takes a resource, this is ${d.has}`,
    label: d.clause === "notify" ? 'such as service["nginx"].reload' : 'such as package["nginx"]',
    hints: hints(d.hint),
  }),
  R112: (d: { name: string; how: "depends" | "under" | "declares" }): Wording => ({
    message: {
      depends: `\`${d.name}\` is read before any observed value is known, so it cannot be made from one`,
      under: `\`${d.name}\` is read before any observed value is known, so it cannot depend on a condition over one`,
      declares: `\`${d.name}\` observes something, so whether it exists cannot depend on an observed value`,
    }[d.how],
    label: {
      depends: "made from an observed value",
      under: "decided by an observed value",
      declares: "decided by an observed value",
    }[d.how],
    hints: ["everything observed is read at once; put both questions into one command"],
  }),
  R113: (): Wording => ({
    message: "`when` waits for something that is observed, and this is known before the run",
    label: "nothing here is observed",
    hints: ["decide with if: if condition { … the resource … }"],
  }),
  R114: (d: { names: readonly string[] }): Wording => ({
    message:
      d.names.length === 1
        ? `the resource \`${d.names[0]}\` declares itself`
        : `these resources declare each other: ${cycleOf(d.names)}`,
    label: "a resource is made of others",
  }),
  R115: (d: { resource: string; input: string; what: "title" | "condition" | "loop" }): Wording => ({
    message: `this ${d.what} depends on the input \`${d.input}\` of \`${d.resource}\`, which this body may still change`,
    label: `what ${d.resource} gets is settled only after all its declarations`,
    hints: ["the values of properties may depend on it; which resources exist may not"],
  }),
  R116: (d: { type: string }): Wording => ({
    message: `what a command prints cannot be read as ${d.type}`,
    label: "bool, string, list<string>, set<string>, a record (as JSON), or one of them with ?",
  }),
  R117: (d: { word: string; where: string }): Wording => ({
    message: `\`${d.word}\` is allowed only ${d.where}`,
    label: "not allowed here",
  }),
  R118: (d: { clause: string }): Wording => ({
    message: `\`${d.clause}\` appears twice in one body`,
    label: "the second time",
  }),
  R119: (d: { name: string; isKind: boolean }): Wording => ({
    message: `\`${d.name} = …\` is a property, and there is no body around it`,
    label: d.isKind ? `a resource is declared as ${d.name} "title"` : `a name of your own: let ${d.name} = …`,
  }),
  R120: (d: { word: "output" | "observe"; name: string }): Wording => ({
    message: `the ${d.word} \`${d.name}\` has no value`,
    label: d.word === "output" ? "add = …" : 'add = sh"…"',
  }),
};
