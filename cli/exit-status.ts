/** Exit statuses of the command line; scripts depend on them. */
export const exitStatus = {
  ok: 0,
  error: 1,
  changes: 2,
  failed: 3,
  unreachable: 4,
  stale: 5,
  refused: 6,
  interrupted: 130,
} as const;

/** One of the documented exit statuses. */
export type ExitStatus = (typeof exitStatus)[keyof typeof exitStatus];

const gravity: readonly ExitStatus[] = [130, 6, 5, 3, 4, 1, 2, 0];

/** The status of the whole when its parts ended differently: the gravest wins. */
export function gravest(statuses: readonly ExitStatus[]): ExitStatus {
  return gravity.find((status) => statuses.includes(status)) ?? exitStatus.ok;
}
