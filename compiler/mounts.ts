/** One mount of a host, as `/proc/self/mountinfo` lists it. */
export interface Mount {
  readonly id: number;
  /** The mount that this one was mounted on. */
  readonly parent: number;
  readonly point: string;
  /** What is mounted: `ext4`, `tmpfs`. */
  readonly type: string;
  /** Nothing in it can be changed, as the mount itself or its filesystem is read-only. */
  readonly readOnly: boolean;
}

/**
 * Finds the mount that a real path is in as the kernel does: from the root, through each mount on the way. A mount that another
 * one covers is never met. The answer is undefined where the list does not say.
 */
export function mountFinder(mounts: readonly Mount[]): (path: string) => Mount | undefined {
  const ids = new Set(mounts.map(({ id }) => id));
  const below = new Map<number | undefined, Mount[]>();
  for (const mount of mounts) {
    const parent = mount.parent !== mount.id && ids.has(mount.parent) ? mount.parent : undefined;
    const beside = below.get(parent);
    if (beside) beside.push(mount);
    else below.set(parent, [mount]);
  }
  return (path) => {
    let at: Mount | undefined;
    for (let steps = 0; steps < mounts.length; steps++) {
      let next: Mount | undefined;
      for (const mount of below.get(at?.id) ?? []) {
        // Of two on one point the later one covers the earlier.
        if (isIn(path, mount.point) && (!next || mount.point.length <= next.point.length)) next = mount;
      }
      if (!next) return at;
      at = next;
    }
    return at;
  };
}

function isIn(path: string, point: string): boolean {
  return point === "/" || path === point || path.startsWith(`${point}/`);
}
