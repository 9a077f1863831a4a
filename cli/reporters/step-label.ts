import { printable } from "../terminal.ts";

/** `file /etc/motd`: kind and title as a plan names them. */
export function label(step: { readonly kind: string; readonly title: string }): string {
  return `${step.kind} ${shownTitle(step.title)}`;
}

/** Neighbours of one kind on one line: `package curl, git, nginx`. */
export function groupLabel(steps: readonly { readonly kind: string; readonly title: string }[]): string {
  return `${steps[0]?.kind ?? ""} ${steps.map((step) => shownTitle(step.title)).join(", ")}`;
}

function shownTitle(title: string): string {
  return printable(title.replaceAll("\n", "\\n").replaceAll("\t", "\\t"));
}
