import type { Step } from "../../compiler/plan.ts";
import { printable } from "../terminal.ts";

/** `file /etc/motd`: kind and title as a plan names them. */
export function label(step: { readonly kind: string; readonly title: string }): string {
  return `${step.kind} ${shownTitle(step.title)}`;
}

/** Neighbours of one kind on one line: `package curl, git, nginx`; more than `atMost` are counted. */
export function groupLabel(
  steps: readonly { readonly kind: string; readonly title: string; readonly version?: string | undefined }[],
  atMost = Number.POSITIVE_INFINITY,
): string {
  const names = steps.map(({ title, version }) => shownTitle(version === undefined ? title : `${title} ${version}`));
  return `${steps[0]?.kind ?? ""} ${namesAtMost(names, atMost)}`;
}

/** The version that a new thing will have: it stands beside the name, so that alike things can share a line. */
export function newVersion({ action, changes }: Pick<Step, "action" | "changes">): string | undefined {
  return action === "create" ? changes.find(({ property }) => property === "version")?.to : undefined;
}

/** The names with commas between them; when there are more than `atMost` and one, the rest is counted. */
export function namesAtMost(names: readonly string[], atMost: number): string {
  const shown = names.length <= atMost + 1 ? names : names.slice(0, atMost);
  const more = names.length - shown.length;
  return [...shown, ...(more > 0 ? [`${more} more (--full)`] : [])].join(", ");
}

function shownTitle(title: string): string {
  return printable(title.replaceAll("\n", "\\n").replaceAll("\t", "\\t"));
}
