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
