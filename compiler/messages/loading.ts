import { hints, type Wording } from "../wording.ts";

/** Messages about files that are used and the names at their top level. */
export const loadingMessages = {
  L101: (d: { path: string }): Wording => ({
    message: `there is no file ${d.path}`,
    label: "looked for from this file's folder",
  }),
  L102: (d: { name: string; looked: readonly string[] }): Wording => ({
    message: `there is no cookbook \`${d.name}\``,
    label: "not found",
    hints: hints(
      d.looked.length > 0 && `looked for ${d.looked.join(", ")}`,
      `a recipe beside this one is used by its path: use "./${d.name}.recipe"`,
    ),
  }),
  L103: (d: { path: string; problem: "directory" | "forbidden" | "unreadable"; detail: string }): Wording => ({
    message:
      d.problem === "directory"
        ? `${d.path} is a folder, a recipe is a file`
        : d.problem === "forbidden"
          ? `${d.path} may not be read by this user`
          : `${d.path} cannot be read`,
    hints: hints(d.problem === "unreadable" && d.detail !== "" && d.detail),
  }),
  L104: (d: { base: string }): Wording => ({
    message: `\`${d.base}\` cannot be a name in a recipe`,
    label: "give it one: … as name",
    hints: ["a used file is called by its base name; a name has letters, digits and `_` and begins with no digit"],
  }),
  L105: (d: { name: string; what: string; other: string }): Wording => ({
    message:
      d.what === d.other ? `\`${d.name}\` is declared twice` : `\`${d.name}\` is a ${d.other} and a ${d.what} at once`,
    label: "rename one of them",
  }),
  L106: (d: { name: string; first: string; second: string }): Wording => ({
    message: `two files are both called \`${d.name}\``,
    label: "this one came second",
    hints: [
      `the first is ${d.first}, the second ${d.second}`,
      "resources are named after their file, so the names of files must differ; `as` does not change that",
    ],
  }),
  L107: (d: { path: string }): Wording => ({
    message: `there is no recipe ${d.path}`,
  }),
  L108: (): Wording => ({
    message: "a file cannot use itself",
    label: "this is the same file",
  }),
  L109: (d: { file: string; first: string; name: string }): Wording => ({
    message: `nothing declares ${d.file}, so ${d.first} and the rest of its top level are left out`,
    label: `add \`${d.name} {}\``,
    hints: ["`use` makes a file known by a name; it declares nothing"],
  }),
};
