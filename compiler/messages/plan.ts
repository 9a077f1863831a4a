import type { Diagnostic } from "../../grammar/diagnostic.ts";
import type { Span } from "../../grammar/source.ts";
import type { Beyond } from "../messages.ts";
import { hints, type Wording } from "../wording.ts";

/** A resource in an overlap: what it does to which key, and where it is declared. */
export interface OverlapSide {
  readonly id: string;
  readonly place: string;
  readonly does: string;
  readonly key: string;
}

/** One line of a cycle of resources that wait for each other. */
export interface CycleLine {
  readonly waits: string;
  readonly for: string;
  readonly because: string;
  readonly place: string;
  readonly inferred: boolean;
}

/** Something a resource needs that nothing provides. */
export interface MissingNeed {
  readonly resource: string;
  readonly host: string;
  readonly name: string;
  /** What comes after "because": "it is inside it". */
  readonly because: string;
  /** A resource of the recipe that would provide it, but later. */
  readonly later?: string | undefined;
  /** The line to add. */
  readonly line?: string | undefined;
}

function missing(thing: string, d: MissingNeed): Wording {
  return {
    message: `there is no ${thing} ${d.name} on ${d.host}, and nothing in the plan makes it`,
    label: `${d.resource} needs it because ${d.because}`,
    hints: hints(
      d.later !== undefined && `${d.later} may bring it but comes later: add \`require ${d.later}\` here`,
      d.line !== undefined && d.later === undefined && `add this: ${d.line}`,
    ),
  };
}

/** What the planner can say, by code: order (R203, P30x), things that are missing (P31x), things that cannot be read (P32x). */
export const planMessages = {
  R203: (d: { cycle: readonly CycleLine[]; weakest?: number | undefined }): Wording => {
    const width = (of: (line: CycleLine) => string) => Math.max(...d.cycle.map((line) => of(line).length));
    const [waits, needs, because] = [
      width((line) => line.waits),
      width((line) => line.for),
      width((line) => line.because),
    ];
    const lines = d.cycle.map(
      (line, at) =>
        `${at + 1}  ${line.waits.padEnd(waits)}  waits for  ${line.for.padEnd(needs)}  because ${line.because.padEnd(because)}  ${line.place}${line.inferred ? " (inferred)" : ""}`,
    );
    return {
      message: "these wait for each other",
      hints: hints(
        ...lines,
        d.weakest !== undefined && `removing number ${d.weakest + 1} is the simplest way to break the cycle`,
      ),
    };
  },
  P301: (d: { first: OverlapSide; second: OverlapSide }): Wording => ({
    message: "nothing says which of these comes first",
    label: `${d.second.id} ${d.second.does} ${keyText(d.second.key)}`,
    hints: [
      `${d.first.id} (${d.first.place}) ${d.first.does} ${keyText(d.first.key)} too`,
      `in source order ${d.second.id} has the last word; add \`require ${d.first.id}\` to it to say so, or the reverse`,
    ],
  }),
  P302: (d: { path: string; first: string; second: string }): Wording => ({
    message: `${d.path} cannot be both ${d.first} and ${d.second}`,
    label: "one path has one owner",
  }),
  P303: (d: { user: string; remover: string; because: string }): Wording => ({
    message: `${d.user} needs what ${d.remover} takes away`,
    label: `needed because ${d.because}`,
  }),
  P304: (d: { watcher: string; watched: string; event: string; because: string }): Wording => ({
    message: `${d.watcher} watches ${d.watched} but comes before it, so a change does not ${d.event} it`,
    label: "this watch has no effect on it",
    hints: [`${d.watcher} comes first because ${d.because}`],
  }),
  P305: (d: { container: string; event: string }): Wording => ({
    message: `nothing directly inside ${d.container} takes the event \`${d.event}\``,
    label: "no resource would receive this event",
    hints: ["an event for a resource of your own goes to those directly inside it that have it"],
  }),
  P306: (d: { inner: string; folder: string }): Wording => ({
    message: `${d.inner} is in ${d.folder}, which is a file`,
    label: "only a directory can hold it",
  }),
  P330: (d: { resource: string; host: string; path: string; does: string }): Wording => ({
    message: `${d.resource} cannot be ${d.does} on ${d.host}: ${d.path} is a mount point`,
    label: "the kernel refuses this as long as something is mounted there",
    hints: [
      "unmount it there first (`umount`, and its line in /etc/fstab)",
      "in a container the engine mounts files such as /etc/hosts and /etc/resolv.conf: state there what is in them, and leave them out here",
    ],
  }),
  P331: (d: { resource: string; host: string; path: string; mount: string; type: string }): Wording => ({
    message: `${d.resource} cannot be changed on ${d.host}: ${d.path} is on a read-only mount`,
    label: `${d.mount} (${d.type}) is mounted read-only`,
    hints: [
      "mount it writable there first (`mount -o remount,rw`, and its line in /etc/fstab), or use a path on another mount",
    ],
  }),
  P332: (d: { resource: string; host: string; target: string }): Wording => ({
    message: `${d.resource} will lead nowhere: ${d.target} is not on ${d.host}`,
    label: "no step of the plan makes what it points to",
    hints: ["declare it, or correct `to`: a relative path starts at the link's own folder"],
  }),
  P335: (d: { resource: string; host: string; problem: string; cure: string }): Wording => ({
    message: `${d.resource} cannot be brought into this state on ${d.host}`,
    label: d.problem,
    hints: [d.cure],
  }),
  P336: (d: {
    first: string;
    second: string;
    name: string;
    host: string;
    property: string;
    here: string;
  }): Wording => ({
    message: `${d.first} and ${d.second} are both ${d.name} on ${d.host}, and contradict each other in \`${d.property}\``,
    label: d.here,
    hints: ["declare it once, by one of the two names"],
  }),
  P337: (d: { watcher: string; watched: string; event: string; because: string }): Wording => ({
    message: `${d.watched} belongs to the unit of ${d.watcher} but comes after it, so a change does not ${d.event} it`,
    label: "this comes before a part of its unit",
    hints: [`${d.watcher} comes first because ${d.because}`],
  }),
  P310: (d: MissingNeed): Wording => missing("directory", d),
  P311: (d: MissingNeed): Wording => missing("user", d),
  P312: (d: MissingNeed): Wording => missing("group", d),
  P313: (d: MissingNeed): Wording => missing("unit", d),
  P314: (d: MissingNeed & { type: string }): Wording => missing(d.type, d),
  P315: (d: { resource: string; host: string; problem: string }): Wording => ({
    message: `${d.resource} cannot be applied on ${d.host}`,
    label: d.problem,
    hints: ["Galley does not replace what it does not manage: move it away, or declare another path"],
  }),
  P320: (d: { resource: string; host: string; problem: string }): Wording => ({
    message: `${d.resource} cannot be read on ${d.host}`,
    label: d.problem,
  }),
  P321: (d: { name: string; host: string; problem: string }): Wording => ({
    message: `the observe \`${d.name}\` has no answer on ${d.host}`,
    label: d.problem,
    hints: ["nothing in the plan comes before it that could change that"],
  }),
  P322: (d: { resource: string; property: string; host: string; status: number; output: string }): Wording => ({
    message: `\`${d.property}\` of ${d.resource} gives no answer on ${d.host}`,
    label: `${endedWith(d.status)}, so the guard does not decide`,
    hints: hints(d.output !== "" && `it said: ${d.output}`),
  }),
  P323: (d: { resource: string; property: string; host: string; later?: string | undefined }): Wording => ({
    message: `\`${d.property}\` of ${d.resource} runs a program that is not on ${d.host}`,
    label: "no earlier step of the plan installs the program",
    hints: hints(
      d.later === undefined
        ? "declare the package that has it, and `require` it here when the names differ"
        : `if ${d.later} brings it, add \`require ${d.later}\` here`,
    ),
  }),
  P340: (d: { first: string; second: string; number: string }): Wording => ({
    message: `${d.first} and ${d.second} have the same number, ${d.number}`,
    label: "give it a number of its own, or leave the number out",
    hints: ["the kernel knows accounts by their numbers: to it both are one, with all the files of either"],
  }),
  P341: (d: MissingNeed & { folder: string }): Wording => ({
    message: `there is no ${d.name} on ${d.host}, and nothing in the plan makes it`,
    label: `${d.resource} would lead nowhere`,
    hints: [
      d.later === undefined
        ? `correct the name (\`ls ${d.folder}\` there lists those that exist), or declare the package that brings it`
        : `${d.later} may bring it but comes later: add \`require ${d.later}\` here`,
    ],
  }),
  P342: (d: { resource: string; host: string; problem: string }): Wording => ({
    message: `${d.resource} may not be possible on ${d.host}`,
    label: d.problem,
  }),
  P343: (d: { resource: string; host: string; step: string | undefined }): Wording => ({
    message: `${d.resource} is left out of this plan for ${d.host}`,
    label: `its \`when\` does not hold now; ${d.step ?? "an earlier step"} may change that`,
    hints: ["some of its properties have a value only where `when` holds: plan again after this plan was applied"],
  }),
  P344: (d: { resource: string; host: string; step: string | undefined }): Wording => ({
    message: `${d.resource} was left out of the plan for ${d.host}, and its \`when\` holds now: apply again`,
    label: "some of its properties have a value only where `when` holds",
  }),
};

/** How a command ended, by its exit status. */
export function endedWith(status: number): string {
  if (status === 127) return "its program is not there (status 127)";
  if (status === 126) return "its program may not be run (status 126)";
  return status > 128 ? `it was ended by signal ${status - 128}` : `it ended with status ${status}`;
}

/** A footprint key as people say it: the path of a file, `user app`. */
export function keyText(key: string): string {
  const colon = key.indexOf(":");
  const [type, name] = [key.slice(0, colon), key.slice(colon + 1)];
  if (type === "file") return name;
  return type === "tree" ? `${name}/` : `${type} ${name}`;
}

/** A code of one of the planner's messages. */
export type PlanCode = keyof typeof planMessages;

/** What a message is about, by its code. */
export type PlanMessageData = { [C in PlanCode]: Parameters<(typeof planMessages)[C]>[0] };

const rows: { readonly [C in PlanCode]: (data: PlanMessageData[C]) => Wording } = planMessages;

/** Codes that do not stop a command. */
const warnings: ReadonlySet<PlanCode> = new Set<PlanCode>(["P301", "P304", "P332", "P337", "P342", "P343"]);

/** A finding of the planner at a place, in the words of its row. */
export function planDiagnostic<C extends PlanCode>(
  code: C,
  span: Span,
  data: PlanMessageData[C],
  beyond: Beyond = {},
): Diagnostic {
  const { message, label, hints: more } = rows[code](data);
  return {
    code,
    severity: warnings.has(code) ? "warning" : "error",
    span,
    message,
    ...(label === undefined ? {} : { label }),
    ...(more === undefined || more.length === 0 ? {} : { hints: more }),
    ...beyond,
  };
}
