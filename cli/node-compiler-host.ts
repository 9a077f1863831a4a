import { hash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve } from "node:path";
import type { CompilerHost, FileRead } from "../compiler/compiler-host.ts";

/** Reads beyond this are refused before they fill the memory; a recipe sends larger files by other means. */
const largestFile = 256 * 1024 * 1024;

/** The compiler's door to the files of this machine. `cookbooks` is the folder of Galley's own cookbooks. */
export function nodeCompilerHost(cookbooks: string, workingDirectory: string): CompilerHost {
  const inside = workingDirectory.endsWith("/") ? workingDirectory : `${workingDirectory}/`;
  const shown = (path: string) => (path.startsWith(inside) && path !== inside ? path.slice(inside.length) : path);
  const absolute = (path: string) => resolve(workingDirectory, path);
  // A recipe names many files, and most lie in the folder of the one before.
  let last = { from: "", folder: "" };
  const folderOf = (from: string) => {
    if (from !== last.from) last = { from, folder: dirname(absolute(from)) };
    return last.folder;
  };
  return {
    read: (path) => readWhole(absolute(path)),
    resolve: (from, name) => (isAbsolute(name) ? name : shown(resolve(folderOf(from), name))),
    cookbook(root, name) {
      const looked: string[] = [];
      const file = join(name, `${name}.recipe`);
      for (let folder = dirname(absolute(root)); ; folder = dirname(folder)) {
        looked.push(join(folder, "cookbooks"));
        if (folder === dirname(folder)) break;
      }
      if (!looked.includes(cookbooks)) looked.push(cookbooks);
      for (const place of looked) {
        const path = join(place, file);
        if (statSync(path, { throwIfNoEntry: false })?.isFile()) return { path: shown(path) };
      }
      // Every folder up to the root was tried; naming the nearest and Galley's own is enough to act on.
      return { looked: [shown(join(looked[0] ?? "", file)), join(cookbooks, file)] };
    },
    dataFiles: (root) => filesBelow(join(dirname(absolute(root)), "data")),
    sha256: (bytes) => hash("sha256", bytes, "hex"),
  };
}

function readWhole(path: string): FileRead {
  try {
    const found = statSync(path);
    if (found.isDirectory()) return { problem: "directory", detail: path };
    if (!found.isFile()) return { problem: "unreadable", detail: `${path} is no regular file` };
    if (found.size > largestFile)
      return { problem: "unreadable", detail: `${path} has ${found.size} bytes, more than ${largestFile}` };
    return { bytes: readFileSync(path) };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return { problem: "missing", detail: path };
    if (code === "EACCES" || code === "EPERM") return { problem: "forbidden", detail: path };
    return { problem: "unreadable", detail: error instanceof Error ? error.message : String(error) };
  }
}

/** Every file below a folder that may be data, relative to it; none where there is no such folder. */
function filesBelow(folder: string): readonly string[] {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith(".recipe"))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .toSorted();
}
