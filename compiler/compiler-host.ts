/** The door through which a pure compiler reaches files and hashing; the CLI, the editor and the tests each give their own. */
export interface CompilerHost {
  /** Reads a file whole; `path` is as `resolve` gave it. */
  readonly read: (path: string) => FileRead;
  /** The path that a relative name means when written in the file `from`; absolute names stay. */
  readonly resolve: (from: string, relative: string) => string;
  /** The main file of a cookbook (`NAME/NAME.recipe`), or where it was looked for. Folders: `cookbooks/` beside the root file or above it, then Galley's own. */
  readonly cookbook: (root: string, name: string) => { readonly path: string } | { readonly looked: readonly string[] };
  /** The files of the folder `data` beside the root file, relative to it and sorted: `common.recipe`, `layer/web.recipe`. */
  readonly dataFiles: (root: string) => readonly string[];
  /** SHA-256 in lower-case hexadecimal. */
  readonly sha256: (bytes: Uint8Array) => string;
}

/** What came of reading a file: its bytes, or why there are none. */
export type FileRead =
  | { readonly bytes: Uint8Array }
  | { readonly problem: "directory" | "forbidden" | "missing" | "unreadable"; readonly detail: string };
