import type { Checker } from "../checker.ts";

/** The events that a resource of this kind takes; one of the person's own passes them on to the built-in ones directly inside. */
export function eventsOf(kind: string, checker: Checker): readonly string[] {
  const own = checker.resources.get(kind);
  if (!own) return checker.program.kinds.get(kind)?.events ?? [];
  const events = new Set<string>();
  for (const declaration of own.declarations) {
    const head = checker.findHead(declaration.kind, own.module);
    if (head?.type === "kind") for (const event of head.kind.events) events.add(event);
  }
  return [...events];
}
