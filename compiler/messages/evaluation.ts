import { hints, type Wording } from "../wording.ts";

/** Messages of the evaluator: what can only be said once facts and values are known. */
export const evaluationMessages = {
  E101: (d: { part: string; problem: string; hint?: string | undefined }): Wording => ({
    message: `${d.part} ${d.problem}`,
    label: d.hint ?? "does not fit",
  }),
  E102: (d: { problem: string }): Wording => ({
    message: `this cannot be computed: ${d.problem}`,
  }),
  E103: (d: { name: string; problem: string }): Wording => ({
    message: `${d.name}(…) has no result: ${d.problem}`,
  }),
  E104: (d: { value: string }): Wording => ({
    message: `no arm of this match covers ${d.value}`,
    label: "add an arm for it, or else => …",
  }),
  E105: (d: { problem: string; hint?: string | undefined }): Wording => ({
    message: d.problem,
    label: d.hint,
  }),
  E106: (d: { problem: string }): Wording => ({
    message: `this cannot be part of a text: ${d.problem}`,
  }),
  E107: (d: { where: string; problem: string }): Wording => ({
    message: `this cannot be a word of a command: ${d.problem}`,
    label: d.where,
  }),
  E108: (d: { subject: string; wants: string; has: string }): Wording => ({
    message: `${d.subject} must be ${d.wants}, here it is ${d.has}`,
  }),
  E180: (d: { fact: string; value: string; host: string }): Wording => ({
    message: `no arm of this match covers ${d.value}`,
    label: "add an arm for it, or else => …",
    hints: [`it is \`${d.fact}\` of ${d.host}`],
  }),
  E181: (d: { name: string; host: string; problem: string; cure?: string | undefined }): Wording => ({
    message: `the observe \`${d.name}\` has no answer on ${d.host}`,
    label: d.problem,
    hints: hints(d.cure),
  }),
  E201: (d: { resource: string; property: string }): Wording => ({
    message: `\`${d.property}\` is not known for ${d.resource}`,
    label: "no declaration gives it, and it has no default",
  }),
  E202: (d: { file: string; input: string }): Wording => ({
    message: `\`${d.input}\` is an input of ${d.file}, which nothing declares`,
    label: "so it has no value",
    hints: [`declare it where the file is used: ${d.file} { … }`],
  }),
  E203: (d: { id: string; event: string; members: number }): Wording => ({
    message: `nothing directly inside ${d.id} has an event \`${d.event}\``,
    label: "no resource receives it",
    hints: hints(d.members === 0 && `${d.id} holds no resources of the built-in kinds on this host`),
  }),
  E204: (d: { clause: string; id: string }): Wording => ({
    message: `\`${d.clause}\` applies to one resource of a built-in kind, and ${d.id} consists of several`,
    label: "move it to a resource inside",
  }),
  E205: (d: { name: string; command: string; problem: string }): Wording => ({
    message: `what the host answered for \`${d.name}\` cannot be used: it ${d.problem}`,
    label: "read here",
    hints: [`asked with ${d.command}`],
  }),
  E208: (d: { sides: readonly { readonly text: string; readonly value: string }[] }): Wording => ({
    message: "this does not hold",
    label: "it is false",
    hints: d.sides.map(({ text, value }) => `${text} is ${value}`),
  }),
  E207: (d: { word: string; id: string }): Wording => ({
    message: `this ${d.word} needs what ${d.id} is given, and what it is given needs this ${d.word} first`,
    label: "they wait for each other",
  }),
  E184: (d: { used: string; other: string; is: string; otherwise: string; result: boolean }): Wording => ({
    message: `\`host.${d.used}\` is ${JSON.stringify(d.is)} here, and \`host.${d.other}\` is ${JSON.stringify(d.otherwise)}`,
    label: `this is ${String(d.result)}, and with host.${d.other} it would be ${String(!d.result)}`,
    hints: ["host.name is what the recipe or --on calls the machine, host.hostname is what the machine calls itself"],
  }),
  E401: (d: { what: "resources" | "turns"; limit: number }): Wording => ({
    message:
      d.what === "resources"
        ? `a host has at most ${d.limit} resources`
        : `the loops of a recipe may run ${d.limit} iterations in total`,
    label: "too many here",
  }),
  E402: (d: { calls?: number }): Wording => ({
    message:
      d.calls === undefined
        ? "this is nested too deeply to be evaluated"
        : `functions call each other more than ${d.calls} deep`,
    label: "give parts of it names with let",
  }),
  E403: (d: { limit: number }): Wording => ({
    message: "this value is too large",
    label: `more than ${d.limit} parts, or more than 64 MiB of text`,
    hints: ["a value that is used in several places counts in each of them"],
  }),
  E501: (d: {
    path: string;
    problem: "directory" | "forbidden" | "missing" | "unreadable";
    detail: string;
  }): Wording => ({
    message: {
      directory: `${d.path} is a folder, a file is needed`,
      forbidden: `${d.path} may not be read by this user`,
      missing: `there is no file ${d.path}`,
      unreadable: `${d.path} cannot be read`,
    }[d.problem],
    label: d.problem === "missing" ? "looked for from this file's folder" : undefined,
    hints: hints(d.problem === "unreadable" && d.detail !== "" && d.detail),
  }),
  E502: (d: { path: string }): Wording => ({
    message: `${d.path} is not UTF-8 text, so it cannot be a template`,
    label: 'bytes are sent as they are with source = "…"',
  }),
  E503: (d: { path: string; line: number; problem: string }): Wording => ({
    message: `${d.path}:${d.line}: ${d.problem}`,
    label: "rendered from here",
  }),
  R201: (d: {
    host: string;
    id: string;
    suggestion?: string | undefined;
    declared?: string | undefined;
    /** There is one of it per host. */
    single: boolean;
    kinds: readonly string[];
  }): Wording => ({
    message: `nothing on ${d.host} is called ${d.id}`,
    label:
      d.suggestion !== undefined
        ? `did you mean ${d.suggestion}?`
        : d.single
          ? `declare it: ${d.id} {}`
          : "not declared",
    hints: hints(
      d.suggestion !== undefined && d.declared !== undefined && `${d.suggestion} is declared at ${d.declared}`,
      d.suggestion === undefined && d.kinds.length > 0 && `declared are: ${d.kinds.join(", ")}`,
    ),
  }),
  R202: (d: { id: string; host: string; property: string; here: string; cure?: string | undefined }): Wording => ({
    message: `${d.id} is given two values of \`${d.property}\` on ${d.host}`,
    label: `here ${d.here}`,
    hints: hints(d.cure ?? "equal or missing values would have been merged"),
  }),
  R204: (d: { id: string; host: string; clause: string; here: string }): Wording => ({
    message: `the declarations of ${d.id} on ${d.host} do not agree on \`${d.clause}\``,
    label: `here ${d.here}`,
    hints: [`every declaration of one resource has the same \`${d.clause}\`, or none has it`],
  }),
  R121: (d: { names: readonly string[] }): Wording => {
    const [first = "", ...others] = d.names;
    const them = others.length === 0 ? "it" : "each";
    return {
      message: `${d.names.map((name) => `\`${name}\``).join(", ")} ${others.length === 0 ? "has" : "have"} no value`,
      label: `give ${them} a default, set ${them} in data, or call with --set ${first}=VALUE`,
    };
  },
};
