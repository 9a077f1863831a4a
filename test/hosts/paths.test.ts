import { afterAll, beforeAll, expect, test } from "vitest";
import type { Kind, Want } from "../../compiler/kind/kind.ts";
import type { Value } from "../../compiler/kind/value.ts";
import { directory } from "../../stdlib/directory/directory.ts";
import { execute } from "../../stdlib/execute/execute.ts";
import { file } from "../../stdlib/file/file.ts";
import { link } from "../../stdlib/link/link.ts";
import { showChanges } from "../verbs/show-changes.ts";
import { blob, blobsOf, command, context as contextOf, mode, want } from "../verbs/wants.ts";
import { startMachine, type Machine } from "./machine.ts";
import { type Verbs, verbsOn } from "./verbs.ts";

const context = contextOf({ root: "root", "www-data": "www-data" });

let machine: Machine;
let verbs: Verbs;
beforeAll(async () => {
  machine = await startMachine({
    name: "paths",
    preinstalled: ["acl", "attr"],
    mounts: { "/mnt/small": 1, "/mnt/fixed": 1 },
  });
  verbs = await verbsOn(machine);
  await shell("mount -o remount,ro /mnt/fixed; useradd -m ada; useradd -m -g users bob; mkdir /srv/t");
});
afterAll(() => machine.stop());

type Given = Readonly<Record<string, Value>>;

async function shell(line: string): Promise<string> {
  const { code, stdout, stderr } = await machine.exec(["sh", "-c", line]);
  if (code !== 0) throw new Error(`${line}: ${stdout}${stderr}`);
  return stdout;
}

/** The kind, with the bytes that its calls need lying on the machine. */
async function withBlobs(kind: Kind, ...wants: readonly Want[]): Promise<Kind> {
  for (const [digest, bytes] of blobsOf(...wants)) await machine.write(`/root/${digest}`, bytes);
  return {
    ...kind,
    apply: (wanted, have, about) =>
      kind.apply(wanted, have, about).map((call) => ({
        ...call,
        arguments: call.arguments.map((one) => (typeof one === "string" ? one : `/root/${one.blob}`)),
      })),
  };
}

/** Applies and expects that something changed, that nothing is left to do, and that a second time changes nothing. */
async function settles(kind: Kind, title: string, given: Given): Promise<readonly string[]> {
  const wanted = want(kind, title, given);
  const ready = await withBlobs(kind, wanted);
  const first = await verbs.converge(ready, wanted, context);
  expect(first).toMatchObject({ after: [], changed: true, message: "" });
  expect(await verbs.converge(ready, wanted, context)).toMatchObject({ before: [], after: [], changed: false });
  return showChanges(first.before);
}

/** Applies what must fail, and gives its words. */
async function fails(kind: Kind, title: string, given: Given): Promise<string> {
  const wanted = want(kind, title, given);
  const ready = await withBlobs(kind, wanted);
  const { changed, message } = await verbs.converge(ready, wanted, context);
  expect(changed).toBe(false);
  return message;
}

test("a file belongs to its owner and to the owner's primary group", async () => {
  await settles(file, "/srv/t/owned", { content: blob("x"), owner: "www-data", mode: mode(0o640) });
  expect(await shell("stat -c '%U %G %a' /srv/t/owned")).toBe("www-data www-data 640\n");
  expect(await settles(file, "/srv/t/owned", { content: blob("x") })).toEqual([
    'owner "www-data" -> "root"',
    'group "www-data" -> "root"',
    expect.stringContaining("mode"),
  ]);
});

test("the primary group of a user whom the plan did not know is looked up on the machine", async () => {
  const wanted = want(file, "/srv/t/bobs", { content: blob("x"), owner: "bob" });
  const ready = await withBlobs(file, wanted);
  expect(await verbs.converge(ready, wanted, contextOf({}))).toMatchObject({ after: [], changed: true });
  expect(await shell("stat -c '%U %G' /srv/t/bobs")).toBe("bob users\n");
});

test("setuid survives a change of owner", async () => {
  await settles(file, "/srv/t/suid", { content: blob("x"), mode: mode(0o4755) });
  await settles(file, "/srv/t/suid", { content: blob("x"), owner: "ada", mode: mode(0o4755) });
  expect(await shell("stat -c '%U %a' /srv/t/suid")).toBe("ada 4755\n");
});

test("access lists and extended attributes stay when content is replaced", async () => {
  await settles(file, "/srv/t/listed", { content: blob("old"), mode: mode(0o640) });
  await shell("setfacl -m u:ada:r /srv/t/listed; setfattr -n user.note -v kept /srv/t/listed");
  await settles(file, "/srv/t/listed", { content: blob("new"), mode: mode(0o640) });
  expect(
    await shell(
      "cat /srv/t/listed; getfacl -cp /srv/t/listed | grep ada; getfattr --only-values -n user.note /srv/t/listed",
    ),
  ).toBe("newuser:ada:r--\nkept");
});

test("nobody who may not read the new file can read it at any time while it is made", async () => {
  await settles(file, "/srv/t/opened", { content: blob("public"), mode: mode(0o644) });
  await shell("chmod 755 /srv/t");
  const seen = shell(
    `timeout 3 setpriv --reuid=ada --regid=ada --clear-groups sh -c 'while :; do for f in /srv/t/.galley-* /srv/t/opened; do grep -l hidden "$f" 2>/dev/null; done; done' || :`,
  );
  for (let round = 0; round < 4; round++) {
    await settles(file, "/srv/t/opened", { content: blob("hidden"), mode: mode(0o600) });
    await settles(file, "/srv/t/opened", { content: blob("public"), mode: mode(0o644) });
  }
  expect(await seen).toBe("");
});

test("an immutable file, a full disk and a read-only file system fail with the system's words and leave all as it was", async () => {
  await settles(file, "/srv/t/fixed", { content: blob("old") });
  await shell("chattr +i /srv/t/fixed");
  expect(await fails(file, "/srv/t/fixed", { content: blob("new") })).toMatch(
    /Operation not permitted[^]*\/srv\/t\/fixed/,
  );
  await shell("chattr -i /srv/t/fixed");
  expect(await shell("cat /srv/t/fixed; ls -A /srv/t | grep -c '^.galley' || :")).toBe("old0\n");
  const large = blob(new Uint8Array(3_000_000).fill(7));
  expect(await fails(file, "/mnt/small/f", { content: large })).toContain("No space left on device");
  expect(await shell("ls -A /mnt/small")).toBe("");
  for (const [kind, given] of [
    [file, { content: blob("x") }],
    [directory, {}],
    [link, { to: "x" }],
  ] as const) {
    expect(await fails(kind, "/mnt/fixed/f", given)).toContain("Read-only file system");
  }
});

test("a directory is given to an owner and taken back, what is in it stays", async () => {
  await settles(directory, "/srv/t/app", { owner: "ada", mode: mode(0o2770) });
  await shell("touch /srv/t/app/inside");
  await settles(directory, "/srv/t/app", {});
  expect(await shell("stat -c '%U %G %a' /srv/t/app /srv/t/app/inside")).toBe("root root 755\nroot ada 644\n");
  expect(await fails(directory, "/srv/t/app", { state: "absent" })).toBe(
    "/srv/t/app is not empty, so it stays: inside\n",
  );
  expect(await fails(directory, "/mnt/small", { state: "absent" })).toContain("Device or resource busy");
});

test("a link has an owner of its own; what it points to keeps its", async () => {
  await settles(file, "/srv/t/pointed", { content: blob("x") });
  await settles(link, "/srv/t/link", { to: "pointed", owner: "ada" });
  expect(await shell("stat -c '%U' /srv/t/link /srv/t/pointed")).toBe("ada\nroot\n");
});

test("a command runs as its user: groups, home, folder, environment and input are the user's", async () => {
  await shell("usermod -aG adm ada");
  const wanted = want(execute, "as ada", {
    run: command('id -un; id -Gn; echo "$HOME $USER $TOKEN"; pwd; cat'),
    user: "ada",
    cwd: "/home/ada",
    env: new Map([["TOKEN", "s3cret\n$(id)"]]),
    stdin: blob("input\n"),
    unless: command('test "$(id -un) $TOKEN" = "ada never"'),
  });
  const [call] = (await withBlobs(execute, wanted)).apply(wanted, undefined, context);
  const guard = execute.guard?.(wanted);
  if (!call || !guard) throw new Error("there is a call and a guard");
  expect(await verbs.call(guard.call)).toMatchObject({ code: 0 });
  expect(await verbs.call(call)).toMatchObject({
    code: 0,
    changed: true,
    stderr: "",
    stdout: "ada\nada adm\n/home/ada ada s3cret\n$(id)\n/home/ada\ninput\n",
  });
});

test("a command is the user's from the first moment: nothing of root's is within its reach", async () => {
  const wanted = want(execute, "confined", {
    run: command("cat /etc/shadow; ls /root; echo $GALLEY_SCRATCH; ls /proc/self/fd | wc -l"),
    user: "ada",
    env: new Map([["A", "b"]]),
    always: "a test",
  });
  const [call] = execute.apply(wanted, undefined, context);
  if (!call) throw new Error("there is a call");
  const { stdout, stderr } = await verbs.call(call);
  // No descriptor more than any program that is started on the machine.
  expect(stdout).toBe(`\n${await shell("ls /proc/self/fd | wc -l")}`);
  expect(stderr).toContain("/etc/shadow: Permission denied");
});
