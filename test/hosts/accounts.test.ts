import { afterAll, beforeAll, expect, test } from "vitest";
import type { Want } from "../../compiler/kind/kind.ts";
import type { Value } from "../../compiler/kind/value.ts";
import { file } from "../../stdlib/file/file.ts";
import { group } from "../../stdlib/group/group.ts";
import { user } from "../../stdlib/user/user.ts";
import { showChanges } from "../verbs/show-changes.ts";
import { context as contextOf, want as wantOf } from "../verbs/wants.ts";
import { startMachine, type Machine } from "./machine.ts";
import { type Verbs, verbsOn } from "./verbs.ts";

const context = contextOf();

let machine: Machine;
let verbs: Verbs;
beforeAll(async () => {
  machine = await startMachine({ name: "accounts" });
  verbs = await verbsOn(machine);
});
afterAll(() => machine.stop());

type Given = Readonly<Record<string, Value>>;
const aUser = (title: string, given: Given = {}): Want => wantOf(user, title, given);
const aGroup = (title: string, given: Given = {}): Want => wantOf(group, title, given);

/** Applies and expects that something changed, that nothing is left, and that a second time changes nothing. */
async function settles(kind: typeof user, want: Want): Promise<readonly string[]> {
  const first = await verbs.converge(kind, want, context);
  expect(first).toMatchObject({ after: [], changed: true, message: "" });
  expect(await verbs.converge(kind, want, context)).toMatchObject({ before: [], after: [], changed: false });
  return showChanges(first.before);
}

async function shell(line: string): Promise<string> {
  const { code, stdout, stderr } = await machine.exec(["sh", "-c", line]);
  if (code !== 0) throw new Error(`${line}: ${stdout}${stderr}`);
  return stdout;
}

test("a group is made, numbered and removed", async () => {
  expect(await settles(group, aGroup("deploy"))).toEqual(['state "absent" -> "present"']);
  expect(await settles(group, aGroup("deploy", { gid: 4321 }))).toEqual([expect.stringMatching(/^gid \d+ -> 4321$/)]);
  expect(await settles(group, aGroup("quiet", { system: true }))).toEqual(['state "absent" -> "present"']);
  expect(Number(await shell("getent group quiet | cut -d: -f3"))).toBeLessThan(1000);
  await settles(group, aGroup("quiet", { state: "absent" }));
  expect(await shell("getent group quiet || echo gone")).toBe("gone\n");
});

test("a user who leaves its login group for another stays in it where the recipe says so", async () => {
  await shell("groupadd fred; useradd -g sudo fred");
  expect(await settles(user, aUser("fred", { group: "fred", groups: ["sudo"] }))).toEqual([
    'group "sudo" -> "fred"',
    'groups [] -> ["sudo"]',
  ]);
  expect(await shell("id -gn fred; id -Gn fred")).toBe("fred\nfred sudo\n");
});

test("a declared group survives the user of its name", async () => {
  await shell("useradd -U kept");
  const before = await shell("getent group kept");
  const declared = { ...context, isDeclared: (kind: string, title: string) => `${kind} ${title}` === "group kept" };
  await verbs.converge(user, aUser("kept", { state: "absent" }), declared);
  expect(await shell("getent group kept; getent passwd kept || echo gone")).toBe(`${before}gone\n`);
});

test("another name of a number is the same owner", async () => {
  await shell("useradd -o -u 0 -g 0 -M toor; touch /srv/toors");
  const want = wantOf(file, "/srv/toors", { owner: "toor", group: "root" });
  const ids = { ...context, userId: (name: string) => (name === "toor" || name === "root" ? 0 : undefined) };
  expect(await verbs.converge(file, want, ids)).toMatchObject({ before: [], after: [], changed: false });
});

test("a user gets a home, a group of its own and no password", async () => {
  await settles(user, aUser("ada"));
  expect(await shell("stat -c '%U %G %F' /home/ada /home/ada/.profile")).toBe(
    "ada ada directory\nada ada regular file\n",
  );
  expect(await shell("getent shadow ada | cut -d: -f2")).toBe("!\n");
});

test("a user is changed only in what is stated, and its groups grow", async () => {
  await shell("usermod -aG games ada");
  const want = aUser("ada", {
    groups: ["deploy", "adm"],
    comment: "Ada, Countess; $(id) é",
    shell: "/bin/bash",
    uid: 5005,
  });
  expect(await settles(user, want)).toHaveLength(4);
  expect(await shell("id ada")).toMatch(
    /^uid=5005\(ada\) gid=\d+\(ada\) groups=\d+\(ada\),4\(adm\),60\(games\),4321\(deploy\)\n$/,
  );
  expect(await shell("getent passwd ada | cut -d: -f5-")).toBe("Ada, Countess; $(id) é:/home/ada:/bin/bash\n");
  await settles(user, aUser("ada", { group: "deploy", home: "/srv/ada" }));
  expect(await shell("id -gn ada; ls -d /home/ada; getent passwd ada | cut -d: -f6")).toBe(
    "deploy\n/home/ada\n/srv/ada\n",
  );
});

test("a system user has neither home nor login, unless the recipe says so", async () => {
  await settles(user, aUser("runner", { system: true }));
  expect(await shell("getent passwd runner | cut -d: -f6-; test ! -e /home/runner")).toBe(
    "/nonexistent:/usr/sbin/nologin\n",
  );
  expect(Number(await shell("id -u runner"))).toBeLessThan(1000);
  await settles(user, aUser("daemon2", { system: true, home: "/var/lib/daemon2", shell: "/bin/sh", group: "deploy" }));
  expect(await shell("getent passwd daemon2 | cut -d: -f6-; id -gn daemon2; test ! -e /var/lib/daemon2")).toBe(
    "/var/lib/daemon2:/bin/sh\ndeploy\n",
  );
});

test("a user joins the group of its name when that is there already", async () => {
  await settles(group, aGroup("eve", { gid: 6006 }));
  await settles(user, aUser("eve"));
  expect(await shell("id -g eve")).toBe("6006\n");
});

test("a user goes and its home stays; a group in use does not go", async () => {
  const busy = await verbs.converge(group, aGroup("eve", { state: "absent" }), context);
  expect(busy.message).toBe(
    "group \"eve\": groupdel failed: groupdel: cannot remove the primary group of user 'eve'\n",
  );
  await settles(user, aUser("eve", { state: "absent" }));
  expect(await shell("ls -d /home/eve; getent passwd eve || echo gone")).toBe("/home/eve\ngone\n");
});

test("a user whose groups are not there is refused in the program's words", async () => {
  const done = await verbs.converge(user, aUser("bob", { groups: ["nosuch"] }), context);
  expect(done.message).toBe("user \"bob\": useradd failed: useradd: group 'nosuch' does not exist\n");
  expect(showChanges(done.after)).toEqual(['state "absent" -> "present"', 'groups ["nosuch"]']);
});
