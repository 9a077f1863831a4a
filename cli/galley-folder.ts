import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder that holds Galley's own cookbooks: found upwards from the running file, which may be the bundle in the cache. */
export function galleyFolder(): string {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, "cookbooks")) && existsSync(join(folder, "package.json"))) return folder;
  }
  return import.meta.dirname;
}
