/** The folder a path is in; `/` is in itself. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash <= 0 ? "/" : path.slice(0, slash);
}

/** The folders above a path, the nearest first, without `/`. */
export function ancestorsOf(path: string): readonly string[] {
  const all: string[] = [];
  for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) all.push(path.slice(0, at));
  return all;
}

/** Whether a path lies below a folder (not the folder itself). */
export function isBelow(path: string, folder: string): boolean {
  return folder === "/" ? path.length > 1 : path.startsWith(`${folder}/`);
}

/** What a name means from a folder: `.`, `..` and doubled slashes are worked out, nothing is looked up. */
export function resolvePath(folder: string, name: string): string {
  const parts: string[] = [];
  for (const part of (name.startsWith("/") ? name : `${folder}/${name}`).split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** The index of the first text in a sorted list that is not before the given one. */
export function lowerBound(sorted: readonly string[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? "") < text) low = middle + 1;
    else high = middle;
  }
  return low;
}
