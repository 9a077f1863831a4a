import type { Mount } from "../compiler/mounts.ts";

/** The fields before the dash that every line has: ID PARENT DEVICE ROOT POINT OPTIONS. */
const fixedFields = 6;

/** Lines of `/proc/self/mountinfo`: `36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue`. */
export function parseMounts(lines: readonly string[]): readonly Mount[] {
  return lines.flatMap((line): readonly Mount[] => {
    const fields = line.split(" ");
    const [id, parent, , , point, options] = fields;
    const dash = fields.indexOf("-", fixedFields);
    const [type, , ofFilesystem = ""] = dash === -1 ? [] : fields.slice(dash + 1);
    if (point === undefined || options === undefined || type === undefined || !point.startsWith("/")) return [];
    return [
      {
        id: Number(id),
        parent: Number(parent),
        point: unescapeOctal(point),
        type,
        readOnly: isReadOnly(options) || isReadOnly(ofFilesystem),
      },
    ];
  });
}

function isReadOnly(options: string): boolean {
  return options.split(",").includes("ro");
}

/** The kernel writes a space, a tab, a line break and a backslash as `\040`, `\011`, `\012` and `\134`. */
function unescapeOctal(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_all, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
