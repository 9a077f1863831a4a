import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder that holds Galley's own cookbooks: found upwards from the running file, which may be the bundle in the cache. */
export function galleyFolder(): string {
  const running = dirname(process.argv[1] ?? "");
  for (let folder = running; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, "cookbooks")) && existsSync(join(folder, "package.json"))) return folder;
  }
  return running;
}
