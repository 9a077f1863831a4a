import { ancestorsOf, parentOf } from "./paths.ts";

/**
 * What paths in footprints mean where folders have other real paths, learned from pairs of a path and its real path. A folder
 * that is entered is followed even when it is a link itself.
 */
export function realKeys(
  pairs: Iterable<readonly [path: string, real: string]>,
): (path: string, isEntered: boolean) => string {
  const folders = new Map<string, string>();
  for (const [path, real] of pairs) if (path !== real) folders.set(parentOf(path), parentOf(real));
  return (path, isEntered) => {
    for (const folder of [...(isEntered ? [path] : []), ...ancestorsOf(path)]) {
      const other = folders.get(folder);
      if (other !== undefined) return `${other === "/" ? "" : other}${path.slice(folder.length)}` || "/";
    }
    return path;
  };
}
