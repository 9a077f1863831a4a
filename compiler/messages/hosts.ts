import { cycleOf, didYouMean, listed } from "../suggest.ts";
import { hints, type Wording } from "../wording.ts";

/** Messages about hosts, stacks, layers and the events of their life. */
export const hostMessages = {
  H101: (d: { host: string; suggestion?: string | undefined; known: readonly string[] }): Wording => ({
    message: `the recipe declares no host ${JSON.stringify(d.host)}`,
    label: didYouMean(d.suggestion) ?? "no host of this name",
    hints: hints(
      d.known.length === 0
        ? 'a host is declared with host "NAME" { address = "…" }'
        : `declared: ${listed(d.known, 12)}`,
    ),
  }),
  H102: (d: { host: string }): Wording => ({
    message: `the host ${JSON.stringify(d.host)} is declared twice`,
    label: "the second time",
  }),
  H103: (d: { what: string }): Wording => ({
    message: `${d.what} belongs to a machine, and here there is none yet`,
    label: "hosts, and which layer has which, are known before any machine is read",
  }),
  H104: (d: { host: string }): Wording => ({
    message: `${JSON.stringify(d.host)} cannot be the name of a host`,
    label: "a name has letters, digits, dots, dashes and underscores, and begins with a letter or digit",
  }),
  H105: (d: { layer: string }): Wording => ({
    message: `the layer \`${d.layer}\` does not say which hosts it has`,
    label: 'add hosts = [host["…"]]',
  }),
  H106: (d: { host: string; one: string; other: string }): Wording => ({
    message: `the host ${JSON.stringify(d.host)} is in two stacks, \`${d.one}\` and \`${d.other}\``,
    label: "a host belongs to one stack",
    hints: ["two stacks on one host would set the same data twice; make them layers of one stack"],
  }),
  H107: (d: { name: string; stack: string; suggestion?: string | undefined; known: readonly string[] }): Wording => ({
    message: `the stack \`${d.stack}\` has no layer \`${d.name}\``,
    label: didYouMean(d.suggestion) ?? "no layer of this name",
    hints: hints(d.known.length > 0 && `it has: ${listed(d.known, 12)}`),
  }),
  H108: (d: { names: readonly string[] }): Wording => ({
    message: `these layers wait for each other: ${cycleOf(d.names)}`,
    label: "this closes the cycle",
  }),
  H109: (d: { name: string; suggestion?: string | undefined; known: readonly string[] }): Wording => ({
    message: `there is no life-cycle event \`${d.name}\``,
    label: didYouMean(d.suggestion) ?? "no event of this name",
    hints: [`the events are ${d.known.join(", ")}`],
  }),
  H110: (d: { clause: string }): Wording => ({
    message: `a host takes no \`${d.clause}\``,
    label: "a host is a machine, not a step of the plan",
  }),
  H111: (d: { host: string; fact: string }): Wording => ({
    message: `\`${d.fact}\` of ${d.host} is not known here: it is read on the machine`,
    label: "hosts, and which layer has which, are known before any machine is read",
    hints: ["what the declaration of a host gives is known: name, address, port, login, labels"],
  }),
  H113: (d: { hosts: readonly string[]; first: string; then: string }): Wording => ({
    message: `${listed(d.hosts, 4)} share layers that are in order: \`${d.first} -> ${d.then}\` holds on each of these hosts, not between them`,
    label: "a host is worked off as a whole",
  }),
  H114: (d: { layer: string }): Wording => ({
    message: `the layer \`${d.layer}\` has no hosts`,
    label: "what it declares is carried out nowhere",
  }),
};
