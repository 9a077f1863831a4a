import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/**
 * All shell programs as one text: the runtime's own first, then each kind's, in the order of their names, without comment
 * lines. The build puts the text into the bundle in place of this file.
 */
export async function readShellLibrary(): Promise<string> {
  const runtime = (await readdir(join(root, "runtime/shell"))).filter((name) => name.endsWith(".sh"));
  const kinds = (await readdir(join(root, "stdlib"), { recursive: true })).filter((name) => name.endsWith(".sh"));
  const files = [
    ...runtime.toSorted().map((name) => join("runtime/shell", name)),
    ...kinds.toSorted().map((name) => join("stdlib", name)),
  ];
  const texts = await Promise.all(files.map((file) => readFile(join(root, file), "utf8")));
  return texts.map(withoutComments).join("\n");
}

/** Drops lines that hold only a comment: they need not travel to every host. */
function withoutComments(text: string): string {
  return text
    .split("\n")
    .filter((line) => !/^\s*#/.test(line))
    .join("\n");
}
