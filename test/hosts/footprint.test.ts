import { posix } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Call } from "../../compiler/kind/call.ts";
import type { Kind, Want } from "../../compiler/kind/kind.ts";
import type { Value } from "../../compiler/kind/value.ts";
import { directory } from "../../stdlib/directory/directory.ts";
import { execute } from "../../stdlib/execute/execute.ts";
import { file } from "../../stdlib/file/file.ts";
import { group } from "../../stdlib/group/group.ts";
import { link } from "../../stdlib/link/link.ts";
import { user } from "../../stdlib/user/user.ts";
import { blob, blobsOf, context as contextOf, mode, want } from "../verbs/wants.ts";
import { startMachine, type Machine } from "./machine.ts";
import { verbsOn } from "./verbs.ts";

const context = contextOf({ root: "root" });

let machine: Machine;
beforeAll(async () => {
  machine = await startMachine({ name: "footprint", preinstalled: ["strace"] });
  await verbsOn(machine);
  await machine.exec(["mkdir", "/srv/t"]);
});
afterAll(() => machine.stop());

type Given = Readonly<Record<string, Value>>;

/** What each kind is taken through on the machine, one after another. */
const cases: readonly (readonly [kind: Kind, title: string, given: Given])[] = [
  [file, "/srv/t/f", { content: blob("one") }],
  [file, "/srv/t/f", { content: blob("two"), owner: "games", mode: mode(0o4755) }],
  [file, "/srv/t/f", { content: blob("two"), mode: mode(0o600) }],
  [file, "/srv/t/f", { state: "absent" }],
  [directory, "/srv/t/d", { owner: "games", mode: mode(0o2770) }],
  [directory, "/srv/t/d", {}],
  [directory, "/srv/t/d", { state: "absent" }],
  [link, "/srv/t/l", { to: "nowhere" }],
  [link, "/srv/t/l", { to: "/etc", owner: "games" }],
  [link, "/srv/t/l", { state: "absent" }],
  [group, "crew", {}],
  [group, "crew", { gid: 4321 }],
  [user, "ada", { groups: ["crew"] }],
  [user, "ada", { groups: ["crew", "adm"], shell: "/bin/bash", home: "/srv/ada" }],
  [user, "runner", { system: true }],
  [user, "ada", { state: "absent" }],
  [group, "crew", { state: "absent" }],
  [execute, "create", { run: ["touch", "/srv/t/created"], creates: "/srv/t/created" }],
];

/** Files of the account database: who writes `user:` or `group:` writes them, their locks and their copies. */
const accountFile = /^\/etc\/(passwd|shadow|group|gshadow|subuid|subgid)([-+]|\.lock|\.\d+)?$|^\/etc\/\.pwd\.lock$/;
/** Logs of logins, cleared for a new number. */
const accountLog = /^\/var\/log\/(faillog|lastlog|tallylog)$|^\/var\/mail(\/|$)/;
/** What a run writes for itself. */
const own = /^\/root\/galley-scratch(\/|$)|^\/dev\/(null|tty)$|^\/proc\//;

for (const [kind, title, given] of cases) {
  const words = Object.entries(given).map(
    ([name, value]) => `${name} ${typeof value === "object" ? "…" : String(value)}`,
  );
  test(`${kind.name} ${title} ${words.join(", ")}: writes nothing outside its footprint`, async () => {
    const wanted = want(kind, title, given);
    for (const [digest, bytes] of blobsOf(wanted)) await machine.write(`/root/${digest}`, bytes);
    const written = new Set<string>();
    for (const call of kind.apply(wanted, undefined, context)) for (const path of await writes(call)) written.add(path);
    expect([...written].filter((path) => !isCovered(path, kind, wanted))).toEqual([]);
    expect(written.size).toBeGreaterThan(0);
  });
}

function isCovered(path: string, kind: Kind, wanted: Want): boolean {
  if (own.test(path)) return true;
  return kind.footprint(wanted, context.facts).some(({ mode: how, key }) => {
    if (how === "needs" || how === "reads") return false;
    if (key.startsWith("user:") || key.startsWith("group:")) return accountFile.test(path) || accountLog.test(path);
    const place = key.slice(key.indexOf(":") + 1);
    if (key.startsWith("tree:")) return path === place || path.startsWith(`${place}/`);
    return (
      path === place || (posix.dirname(path) === posix.dirname(place) && posix.basename(path).startsWith(".galley-"))
    );
  });
}

/** Runs a call under strace and gives every path that it changed, or opened to change. */
async function writes(call: Call): Promise<readonly string[]> {
  const calls =
    "chdir,open,openat,creat,rename,renameat,renameat2,unlink,unlinkat,rmdir,mkdir,mkdirat,symlink,symlinkat,link,linkat,mknod,mknodat,chmod,fchmod,fchmodat,chown,lchown,fchown,fchownat,truncate,ftruncate,setxattr,lsetxattr,fsetxattr,utimensat";
  const script =
    'rm -rf /root/galley-scratch; mkdir /root/galley-scratch; export GALLEY_SCRATCH=/root/galley-scratch GALLEY_STEP=1 GALLEY_TOKEN=t GALLEY_JOURNAL=/root/galley-scratch/journal; exec strace -f -y -z -qq -s 4096 -o /root/trace -e trace="$0" sh -c ". /root/galley-library.sh; set -e; \\"\\$@\\"" sh "$@"';
  const args = call.arguments.map((one) => (typeof one === "string" ? one : `/root/${one.blob}`));
  const { code, stderr } = await machine.exec(["env", "-C", "/", "sh", "-c", script, calls, call.verb, ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const trace = (await machine.read("/root/trace")).toString("utf8");
  // Only the verb itself changes its folder, for names that are seen from there.
  let here = "/";
  return trace.split("\n").flatMap((line) => {
    here = posix.resolve(here, /^\d+ +chdir\("((?:[^"\\]|\\.)*)"\)/.exec(line)?.[1] ?? ".");
    return writtenBy(line, here);
  });
}

/** The paths of one line of a trace: each name is seen from the folder whose descriptor stands before it, or from `here`. */
function writtenBy(line: string, here: string): readonly string[] {
  const match = /^\d+ +(\w+)\((.*)\) += /.exec(line);
  if (!match || match[1] === "chdir") return [];
  const [, name = "", args = ""] = match;
  if (/^(open|openat)$/.test(name) && !/O_(WRONLY|RDWR|CREAT|TRUNC)/.test(args)) return [];
  if (/^f(chmod|chown|truncate|setxattr)$|^ftruncate$/.test(name)) return [/^\d+<([^>]*)>/.exec(args)?.[1] ?? args];
  const named = [...args.matchAll(/(?:(?:AT_FDCWD|\d+)<([^>]*)>, )?"((?:[^"\\]|\\.)*)"/g)];
  // The text of a symbolic link is no path that is written.
  const places = name.startsWith("symlink") ? named.slice(1) : name.endsWith("xattr") ? named.slice(0, 1) : named;
  return places.map(([, folder = here, path = ""]) => posix.resolve(here, folder, path));
}
