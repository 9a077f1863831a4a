/** Kinds of the language's design that this version does not have. */
export const plannedKinds: ReadonlySet<string> = new Set([
  "archive",
  "cron",
  "git",
  "line",
  "mount",
  "repository",
  "sysctl",
  "timer",
  "unit",
]);

/** Properties of the language's design that the kinds do not have in this version. */
const plannedProperties: Readonly<Record<string, readonly string[]>> = {
  file: ["backup"],
  package: ["from", "hold"],
  service: ["guard", "ready"],
};

/** Whether a kind will have a property that it does not have yet. */
export function isPlannedProperty(kind: string, property: string): boolean {
  return Object.hasOwn(plannedProperties, kind) && plannedProperties[kind]?.includes(property) === true;
}
