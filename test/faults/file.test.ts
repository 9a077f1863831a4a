import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Kind, Want } from "../../compiler/kind/kind.ts";
import { directory } from "../../stdlib/directory/directory.ts";
import { file } from "../../stdlib/file/file.ts";
import { link } from "../../stdlib/link/link.ts";
import { drive } from "../verbs/converge.ts";
import { scratchFolder } from "../verbs/scratch.ts";
import { shells } from "../verbs/shells.ts";
import { blob, context, mode, want } from "../verbs/wants.ts";

/** System calls by what they do, each with errors that a full, broken, read-only or forbidding system gives. */
const faults = {
  open: ["open,openat,openat2,creat", "ENOSPC", "EROFS", "EIO", "EACCES", "EMFILE"],
  write: ["write,sendfile,copy_file_range", "ENOSPC", "EDQUOT", "EIO"],
  sync: ["fsync,fdatasync", "EIO", "ENOSPC"],
  rename: ["rename,renameat,renameat2", "ENOSPC", "EIO", "EPERM", "EROFS"],
  chmod: ["chmod,fchmod,fchmodat,?fchmodat2", "EPERM", "EROFS"],
  chown: ["chown,lchown,fchown,fchownat", "EPERM", "EDQUOT"],
  make: ["mkdir,mkdirat,symlink,symlinkat", "ENOSPC", "EDQUOT", "EROFS", "EACCES"],
  remove: ["unlink,unlinkat,rmdir", "EROFS", "EACCES", "EBUSY"],
} as const satisfies Record<string, readonly [string, string, ...string[]]>;

/** A change of one path, the faults that it can meet, and all that may be found there after one. */
interface Change {
  readonly name: string;
  readonly kind: Kind;
  readonly meets: readonly (keyof typeof faults)[];
  readonly prepare: (path: string) => void;
  readonly wanted: (path: string) => Want;
  /** What stands at the path, as text. */
  readonly look: (path: string) => string;
  readonly old: string;
  readonly new: string;
}

const content = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "absent");
const target = (path: string): string => (lstatSync(path, { throwIfNoEntry: false }) ? readlinkSync(path) : "absent");
const kindOf = (path: string): string => (existsSync(path) ? "directory" : "absent");
/** Nobody's number: that it has a name does not matter, and faults are tested as root. */
const other = { owner: "65534", group: "65534" };

const changes: readonly Change[] = [
  {
    name: "a new file",
    kind: file,
    look: content,
    old: "absent",
    new: "new",
    meets: ["open", "write", "sync", "rename", "chmod", "chown"],
    prepare: () => {},
    wanted: (path) => want(file, path, { content: blob("new"), ...other, mode: mode(0o640) }),
  },
  {
    name: "new content",
    kind: file,
    look: content,
    old: "old",
    new: "new",
    meets: ["open", "write", "sync", "rename", "chmod", "chown"],
    prepare: (path) => writeFileSync(path, "old"),
    wanted: (path) => want(file, path, { content: blob("new"), ...other, mode: mode(0o4755) }),
  },
  {
    name: "another owner and mode",
    kind: file,
    look: content,
    old: "same",
    new: "same",
    meets: ["sync", "chmod", "chown"],
    prepare: (path) => writeFileSync(path, "same"),
    wanted: (path) => want(file, path, { content: blob("same"), ...other, mode: mode(0o600) }),
  },
  {
    name: "a file taken away",
    kind: file,
    look: content,
    old: "old",
    new: "absent",
    meets: ["sync", "remove"],
    prepare: (path) => writeFileSync(path, "old"),
    wanted: (path) => want(file, path, { state: "absent" }),
  },
  {
    name: "a new directory",
    kind: directory,
    look: kindOf,
    old: "absent",
    new: "directory",
    meets: ["sync", "make", "chmod", "chown"],
    prepare: () => {},
    wanted: (path) => want(directory, path, { ...other, mode: mode(0o711) }),
  },
  {
    name: "a directory taken away",
    kind: directory,
    look: kindOf,
    old: "directory",
    new: "absent",
    meets: ["open", "sync", "remove"],
    prepare: (path) => mkdirSync(path),
    wanted: (path) => want(directory, path, { state: "absent" }),
  },
  {
    name: "a new link",
    kind: link,
    look: target,
    old: "absent",
    new: "new",
    meets: ["open", "sync", "make", "rename", "chown"],
    prepare: () => {},
    wanted: (path) => want(link, path, { to: "new", ...other }),
  },
  {
    name: "a turned link",
    kind: link,
    look: target,
    old: "old",
    new: "new",
    meets: ["open", "sync", "make", "rename", "chown"],
    prepare: (path) => symlinkSync("old", path),
    wanted: (path) => want(link, path, { to: "new", ...other }),
  },
  {
    name: "a link taken away",
    kind: link,
    look: target,
    old: "old",
    new: "absent",
    meets: ["sync", "remove"],
    prepare: (path) => symlinkSync("old", path),
    wanted: (path) => want(link, path, { state: "absent" }),
  },
];

let folder = "";

beforeEach(() => {
  folder = scratchFolder("faults");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Lets the n-th of some system calls of each process fail when it is about one of the paths. */
function inject(
  calls: string,
  error: string,
  nth: number,
  paths: readonly string[],
  log: string,
): readonly [string, ...string[]] {
  const about = paths.flatMap((path) => ["-P", path]);
  return [
    "/usr/bin/strace",
    "-f",
    "-qq",
    "-o",
    log,
    ...about,
    "-e",
    `trace=${calls}`,
    "-e",
    `inject=${calls}:error=${error}:when=${nth}`,
  ];
}

for (const shell of shells.filter(({ name }) => name === "dash" || name === "busybox")) {
  for (const change of changes) {
    for (const fault of change.meets) {
      test(`${shell.name}: ${change.name}, when the system fails to ${fault}: old or new, and nothing left behind`, () => {
        const { apply, difference } = drive(change.kind, shell, context());
        const [calls, ...errors] = faults[fault];
        let met = 0;
        // One place at a time, so that a fault is met in each of the processes that share the work.
        for (const [error, about] of errors.flatMap((one) =>
          ["folder", "path", "temp"].map((place) => [one, place] as const),
        )) {
          for (let nth = 1; ; nth++) {
            const place = join(folder, `${error}-${about}-${nth}`);
            mkdirSync(place);
            const path = join(place, "f");
            change.prepare(path);
            const wanted = change.wanted(path);
            const temp = [join(place, ".galley-test-1-0-f"), "./.galley-test-1-0-f", "/proc/self/fd/9"];
            const paths = { folder: [place, `${place}/`], path: [path, "./f", "."], temp }[about] ?? [];
            const log = join(folder, "log");
            const [result] = apply(wanted, { under: inject(calls, error, nth, paths, log) });
            const trace = readFileSync(log, "utf8");
            const where = `${error} at call ${nth} for ${about}: ${trace}${result?.stderr}`;
            expect([change.old, change.new], where).toContain(change.look(path));
            if (result?.status === 0) expect(difference(wanted), where).toEqual([]);
            else expect(result?.stderr, where).not.toBe("");
            expect(
              readdirSync(place).filter((name) => name !== "f"),
              where,
            ).toEqual([]);
            expect(apply(wanted), where).toMatchObject([{ status: 0 }]);
            expect(difference(wanted), where).toEqual([]);
            expect(change.look(path), where).toBe(change.new);
            const isInjected = trace.includes("(INJECTED)");
            if (isInjected && fault === "sync") expect(result?.status, where).not.toBe(0);
            if (!isInjected) {
              expect(result, where).toMatchObject({ status: 0, changed: true });
              break;
            }
            met += 1;
          }
        }
        expect(met).toBeGreaterThan(0);
      });
    }
  }
}
