import type { Catalog, Resource } from "../catalog.ts";
import { pathOf } from "../footprint-index.ts";
import { ancestorsOf } from "../graph/paths.ts";
import type { Have } from "../kind/kind.ts";
import type { HiddenDiff, TextDiff } from "../plan.ts";
import { realPathOnHost } from "../real-paths.ts";
import type { State } from "../state.ts";

/** Folders that no ordinary account of a Debian or Red Hat system can look into. */
const closedFolders: readonly string[] = ["/root", "/etc/ssl/private", "/etc/pki/tls/private"];

/** Folders that every system lets everybody enter. */
const openFolders = new Set(["/etc", "/run", "/tmp", "/usr", "/var"]);

/** The folders above a path, by its name and where it really is, of which only the host can tell whether others can enter them. */
export function foldersToAsk(path: string, state: State): readonly string[] {
  return foldersOnTheWay(path, state).filter((folder) => !openFolders.has(folder) && !closedFolders.includes(folder));
}

/**
 * Whether the content of a resource must not be shown: its kind says so, or it is in a folder that others cannot enter, as the
 * folder is or as it should be.
 */
export function isHidden(resource: Resource, have: Have | undefined, catalog: Catalog, state: State): boolean {
  if (resource.kind.isPrivate?.(resource.want, have) === true) return true;
  const path = pathOf(resource);
  if (path === undefined) return false;
  const folders = foldersOnTheWay(path, state);
  return (
    folders.some((folder) => closedFolders.includes(folder) || state.closedFolders?.has(folder) === true) ||
    catalog.resources.some(({ kind, want }) => {
      if (kind.name !== "directory") return false;
      if (!folders.includes(want.title) && !folders.includes(realPathOnHost(want.title, state))) return false;
      const { mode } = want.properties;
      const isMode = typeof mode === "object" && mode !== null && "type" in mode && mode.type === "mode";
      return isMode && (mode.bits & 0o001) === 0;
    })
  );
}

/** The folders above a path, as it is named and as the links of the host lead to it. */
function foldersOnTheWay(path: string, state: State): readonly string[] {
  const real = realPathOnHost(path, state);
  return real === path ? ancestorsOf(path) : [...new Set([...ancestorsOf(path), ...ancestorsOf(real)])];
}

/** How many lines differ: those that one side has and the other has not, or has less often, of the side with more of them. */
export function hiddenDiffOf(diff: TextDiff | undefined): HiddenDiff {
  if (!diff) return { lines: null };
  const before = linesOf(diff.before);
  const after = linesOf(diff.after);
  const surplus = new Map<string, number>();
  for (const line of after) surplus.set(line, (surplus.get(line) ?? 0) + 1);
  for (const line of before) surplus.set(line, (surplus.get(line) ?? 0) - 1);
  const counts = [...surplus.values()];
  const added = counts.filter((count) => count > 0).reduce((sum, count) => sum + count, 0);
  const removed = counts.filter((count) => count < 0).reduce((sum, count) => sum - count, 0);
  // Lines that only changed places, or a newline at the end, are a change all the same.
  return { lines: Math.max(added, removed, diff.before === diff.after ? 0 : 1) };
}

function linesOf(text: string | null): readonly string[] {
  if (text === null || text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}
