import { execFileSync } from "node:child_process";
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { drive } from "../../test/verbs/converge.ts";
import { scratchFolder } from "../../test/verbs/scratch.ts";
import { shells } from "../../test/verbs/shells.ts";
import { blob, command, context, me, mode, want } from "../../test/verbs/wants.ts";
import { file } from "./file.ts";

let folder = "";

beforeEach(() => {
  folder = scratchFolder("file");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Names that break programs that splice, split or guess. */
const oddNames = [
  " space ",
  "quote'\"`",
  "new\nline",
  "ends in newline\n",
  "tab\t",
  "back\\slash",
  "back\\nslash",
  "$(id)",
  "-leading",
  "*?[a]",
  "ümläut 🦆",
  "\u0001\u007f",
  "a:b:c",
  "s:81a4:1:0:root:0:root:0:x",
  "é\n!line",
];

for (const shell of shells) {
  const files = drive(file, shell, context());

  test(`${shell.name}: a missing file is made with its content, owner and mode, once`, () => {
    const motd = want(file, join(folder, "motd"), { content: blob("hello\n"), owner: me, mode: mode(0o640) });
    expect(files.read(motd).get(motd.title)).toEqual({ state: "absent" });
    expect(files.difference(motd).map((change) => change.property)).toEqual([
      "state",
      "content",
      "owner",
      "group",
      "mode",
    ]);
    expect(files.apply(motd)).toEqual([{ status: 0, changed: true, stdout: "", stderr: "" }]);
    expect(readFileSync(motd.title, "utf8")).toBe("hello\n");
    expect(lstatSync(motd.title).mode & 0o7777).toBe(0o640);
    expect(files.difference(motd)).toEqual([]);
    expect(files.apply(motd)).toEqual([{ status: 0, changed: false, stdout: "", stderr: "" }]);
    expect(readdirSync(folder)).toEqual(["motd"]);
  });

  test(`${shell.name}: odd names are read and written byte for byte, all in one probe`, () => {
    const wants = oddNames.map((name, index) =>
      want(file, join(folder, name), { content: blob(`content ${index}`), owner: me, mode: mode(0o600) }),
    );
    for (const one of wants) expect(files.apply(one)).toMatchObject([{ status: 0, changed: true, stderr: "" }]);
    expect(readdirSync(folder).toSorted()).toEqual(oddNames.toSorted());
    const haves = files.read(...wants);
    for (const one of wants) {
      const have = haves.get(one.title);
      expect(have && file.difference?.(one, have, context()), JSON.stringify(one.title)).toEqual([]);
      expect(have && file.fingerprint(have)).toBe(files.state(one));
    }
  });

  test(`${shell.name}: a fifo, a directory and a device are told apart from files, without hanging`, () => {
    execFileSync("mkfifo", [join(folder, "fifo")]);
    mkdirSync(join(folder, "directory"));
    symlinkSync("nowhere", join(folder, "link"));
    const wants = ["fifo", "directory", "link"].map((name) => want(file, join(folder, name), { content: blob("x") }));
    const states = [...files.read(...wants, want(file, "/dev/null")).values()].map((have) => have.state);
    expect(states).toEqual(["other:fifo", "other:directory", "other:link", "other:character device"]);
    expect(wants.map(files.state)).toEqual(states.slice(0, 3));
    expect(wants.map((one) => files.difference(one))).toEqual(
      states.slice(0, 3).map((from) => [{ property: "state", from, to: "present" }]),
    );
    const [fifo, directory, link] = wants.map((one) => files.apply(one)[0]);
    expect(fifo).toMatchObject({ status: 1, changed: false });
    expect(fifo?.stderr).toBe(
      `${folder}/fifo is a fifo, not a regular file. It is left as it is: move it away, or declare it as what it is.\n`,
    );
    expect(directory?.stderr).toContain("is a directory, not a regular file");
    expect(link?.stderr).toBe(
      `${folder}/link is a symbolic link. Declare the file that it points to, or add \`replace_link = true\` to put a file in its place.\n`,
    );
    expect(readdirSync(folder).toSorted()).toEqual(["directory", "fifo", "link"]);
  });

  test(`${shell.name}: replace_link puts the file in the link's place and spares what it pointed to`, () => {
    writeFileSync(join(folder, "target"), "old");
    symlinkSync("target", join(folder, "link"));
    const replaced = want(file, join(folder, "link"), { content: blob("new"), owner: me, replace_link: true });
    expect(files.apply(replaced)).toMatchObject([{ status: 0, changed: true }]);
    expect(lstatSync(replaced.title).isFile()).toBe(true);
    expect(readFileSync(replaced.title, "utf8")).toBe("new");
    expect(readFileSync(join(folder, "target"), "utf8")).toBe("old");
  });

  test(`${shell.name}: replace_link takes the place of a link to a directory, too`, () => {
    mkdirSync(join(folder, "target"));
    symlinkSync("target", join(folder, "link"));
    const replaced = want(file, join(folder, "link"), { content: blob("new"), owner: me, replace_link: true });
    expect(files.apply(replaced)).toMatchObject([{ status: 0, changed: true }]);
    expect(lstatSync(replaced.title).isFile()).toBe(true);
    expect(readdirSync(join(folder, "target"))).toEqual([]);
  });

  test(`${shell.name}: another mode is set in place, without writing the content again`, () => {
    const path = join(folder, "f");
    writeFileSync(path, "same");
    chmodSync(path, 0o600);
    const { ino, mtimeMs } = lstatSync(path);
    const wider = want(file, path, { content: blob("same"), owner: me, mode: mode(0o4711) });
    expect(files.difference(wider)).toEqual([{ property: "mode", from: mode(0o600), to: mode(0o4711) }]);
    expect(files.apply(wider)).toEqual([{ status: 0, changed: true, stdout: "", stderr: "" }]);
    expect(lstatSync(path)).toMatchObject({ ino, mtimeMs });
    expect(lstatSync(path).mode & 0o7777).toBe(0o4711);
  });

  test(`${shell.name}: new content comes as a new file, so that an open one and a second name keep the old`, () => {
    const path = join(folder, "f");
    writeFileSync(path, "old");
    linkSync(path, join(folder, "second name"));
    utimesSync(path, 1, 1);
    const renewed = want(file, path, { content: blob("new"), owner: me, mode: mode(0o644) });
    expect(files.apply(renewed)).toMatchObject([{ status: 0, changed: true }]);
    expect(readFileSync(join(folder, "second name"), "utf8")).toBe("old");
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(lstatSync(path).mtimeMs).toBeGreaterThan(1000);
  });

  test(`${shell.name}: the verifying command sees the new bytes at the candidate's path while the old file stands`, () => {
    const path = join(folder, "sudoers");
    writeFileSync(path, "old");
    const good = want(file, path, {
      content: blob("new"),
      owner: me,
      mode: mode(0o400),
      verify: command(
        'grep -qx new "$GALLEY_CANDIDATE" && grep -qx old "$1" && case $GALLEY_CANDIDATE in */*sudoers) ;; *) exit 1 ;; esac',
        path,
      ),
    });
    expect(files.apply(good)).toEqual([{ status: 0, changed: true, stdout: "", stderr: "" }]);
    expect(readFileSync(path, "utf8")).toBe("new");
    expect(lstatSync(path).mode & 0o777).toBe(0o400);
    expect(readdirSync(folder)).toEqual(["sudoers"]);
  });

  test(`${shell.name}: content that is refused never gets into place, and nothing is left lying about`, () => {
    const path = join(folder, "sudoers");
    writeFileSync(path, "old");
    const bad = want(file, path, { content: blob("new"), owner: me, verify: command("echo line 1: syntax; exit 3") });
    expect(files.apply(bad)).toEqual([
      {
        status: 1,
        changed: false,
        stdout: "line 1: syntax\n",
        stderr: `verify refused the new ${path} with status 3; the old one is as it was\n`,
      },
    ]);
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(folder)).toEqual(["sudoers"]);
  });

  test(`${shell.name}: replace = false fills a missing file only`, () => {
    const seed = want(file, join(folder, "seed"), {
      content: blob("first"),
      owner: me,
      replace: false,
      mode: mode(0o600),
    });
    expect(files.apply(seed)).toMatchObject([{ status: 0, changed: true }]);
    expect(readFileSync(seed.title, "utf8")).toBe("first");
    writeFileSync(seed.title, "the person's own");
    expect(files.difference(seed)).toEqual([]);
    expect(files.apply(seed)).toMatchObject([{ status: 0, changed: false }]);
    expect(readFileSync(seed.title, "utf8")).toBe("the person's own");
  });

  test(`${shell.name}: without content a missing file is made empty and the content of another one is not touched`, () => {
    const bare = want(file, join(folder, "log"), { owner: me, mode: mode(0o600) });
    expect(files.apply(bare)).toMatchObject([{ status: 0, changed: true }]);
    expect(statSync(bare.title).size).toBe(0);
    writeFileSync(bare.title, "lines\n");
    chmodSync(bare.title, 0o666);
    expect(files.difference(bare)).toEqual([{ property: "mode", from: mode(0o666), to: mode(0o600) }]);
    expect(files.apply(bare)).toMatchObject([{ status: 0, changed: true }]);
    expect(readFileSync(bare.title, "utf8")).toBe("lines\n");
  });

  test(`${shell.name}: empty content empties`, () => {
    writeFileSync(join(folder, "f"), "x");
    const empty = want(file, join(folder, "f"), { content: blob(""), owner: me });
    expect(files.apply(empty)).toMatchObject([{ status: 0, changed: true }]);
    expect(statSync(empty.title).size).toBe(0);
    expect(files.difference(empty)).toEqual([]);
  });

  test(`${shell.name}: absent removes a file and a link, but no directory`, () => {
    writeFileSync(join(folder, "f"), "x");
    symlinkSync("f", join(folder, "link"));
    mkdirSync(join(folder, "d"));
    const gone = (name: string) => want(file, join(folder, name), { state: "absent" });
    expect(files.apply(gone("f"))).toMatchObject([{ status: 0, changed: true }]);
    expect(files.apply(gone("f"))).toMatchObject([{ status: 0, changed: false }]);
    expect(files.apply(gone("link"))).toMatchObject([{ status: 0, changed: true }]);
    expect(files.apply(gone("d"))).toMatchObject([{ status: 1, changed: false }]);
    expect(readdirSync(folder)).toEqual(["d"]);
    expect(files.difference(gone("f"))).toEqual([]);
    expect(files.difference(gone("d"))).toEqual([{ property: "state", from: "other:directory", to: "absent" }]);
  });

  test(`${shell.name}: a folder that is missing is named, and not made`, () => {
    const lost = want(file, join(folder, "no/f"), { content: blob("x"), owner: me });
    expect(files.apply(lost)).toMatchObject([
      {
        status: 1,
        changed: false,
        stderr: `the folder ${folder}/no of ${folder}/no/f is not there: declare directory["${folder}/no"]\n`,
      },
    ]);
  });

  test(`${shell.name}: an owner that nobody knows fails the step and leaves nothing behind`, () => {
    const path = join(folder, "f");
    const orphan = want(file, path, { content: blob("x"), owner: "nobody-knows-me" });
    const [result] = files.apply(orphan);
    expect(result).toMatchObject({ status: 1, changed: false });
    expect(result?.stderr).toContain("nobody-knows-me");
    expect(readdirSync(folder)).toEqual([]);
  });

  test(`${shell.name}: bytes of all values arrive as they are`, () => {
    const bytes = Uint8Array.from({ length: 4096 }, (_, index) => index % 256);
    const binary = want(file, join(folder, "b"), { source: blob(bytes), owner: me });
    expect(files.apply(binary)).toMatchObject([{ status: 0, changed: true }]);
    expect(Uint8Array.from(readFileSync(binary.title))).toEqual(bytes);
    expect(files.difference(binary)).toEqual([]);
  });

  test(`${shell.name}: a large file is hashed only if it has the wanted size`, () => {
    const large = blob(new Uint8Array(1_048_577).fill(65));
    const path = join(folder, "large");
    const wanted = want(file, path, { content: large, owner: me });
    expect(files.apply(wanted)).toMatchObject([{ status: 0, changed: true }]);
    expect(files.difference(wanted)).toEqual([]);
    expect(files.read(wanted).get(path)?.["digest"]).toBe(large.digest);
    expect(files.state(wanted)).toContain(` 1048577 ${large.digest}`);
    writeFileSync(path, new Uint8Array(1_048_580));
    utimesSync(path, 7, 7);
    expect(files.read(wanted).get(path)).toMatchObject({ size: 1_048_580, modified: 7 });
    expect(files.state(wanted)).toMatch(/ 1048580 @7$/);
    expect(files.difference(wanted).map((change) => change.property)).toEqual(["content"]);
  });
}

test("a file needs its folder, its owner and group, and reads the program that verifies it", () => {
  const vhost = want(file, "/etc/apache2/ports.conf", {
    content: blob("x"),
    owner: "www-data",
    group: "adm",
    verify: command('FOO=1 apachectl -t -f "$GALLEY_CANDIDATE" && /usr/bin/true'),
  });
  expect(file.footprint(vhost, context().facts)).toEqual([
    { mode: "needs", key: "file:/etc/apache2", because: "it is inside it" },
    { mode: "needs", key: "user:www-data", because: "it is its owner" },
    { mode: "needs", key: "group:adm", because: "it is its group" },
    { mode: "reads", key: "program:apachectl", because: "it verifies with it" },
    { mode: "reads", key: "file:/usr/bin/true", because: "it verifies with it" },
    { mode: "reads", key: "program:true", because: "it verifies with it" },
    { mode: "provides", key: "file:/etc/apache2/ports.conf", because: "it is that file" },
  ]);
});

test("an owner by number is compared by number, and leaves the group alone", () => {
  const have = { state: "present", owner: "root", uid: 0, group: "adm", gid: 4, mode: mode(0o644) };
  expect(file.difference?.(want(file, "/f", { owner: "0" }), have, context())).toEqual([]);
  expect(file.difference?.(want(file, "/f", { owner: "root", group: "4" }), have, context())).toEqual([]);
  expect(file.difference?.(want(file, "/f", { owner: "7" }), have, context())).toEqual([
    { property: "owner", from: "root", to: "7" },
  ]);
});

test("the group is the owner's primary group unless stated; owner = none leaves both alone", () => {
  const have = { state: "present", owner: "ada", uid: 1000, group: "root", gid: 0, mode: mode(0o644) };
  const groups = context({ ada: "staff" });
  const changes = (given: Parameters<typeof want>[2]) => file.difference?.(want(file, "/f", given), have, groups);
  expect(changes({ owner: "ada" })).toEqual([{ property: "group", from: "root", to: "staff" }]);
  expect(changes({ owner: "ada", group: "root" })).toEqual([]);
  expect(changes({ owner: null })).toEqual([]);
  expect(changes({ owner: null, group: "adm" })).toEqual([{ property: "group", from: "root", to: "adm" }]);
});

test("the primary group of a user whom the host does not know yet is looked up on the host", () => {
  const [apply] = file.apply(want(file, "/f", { owner: "new" }), undefined, context({}));
  expect(apply?.arguments.slice(0, 4)).toEqual(["/f", "new", ":", "644"]);
});

test("content and source together are a mistake", () => {
  const both = want(file, "/etc/motd", { content: blob("a"), source: blob("b") });
  expect(file.validate?.(both)).toEqual([
    {
      code: "P412",
      property: "source",
      message: 'file["/etc/motd"] has both `content` and `source`',
      hints: ["its content is given by one of them: leave the other out"],
    },
  ]);
});

test("a path that cannot be looked at is unreadable, not absent", () => {
  const wants = [want(file, "/secret/f"), want(file, "/gone")];
  const output = new TextEncoder().encode("!stat: cannot statx '/secret/f': Permission denied\n");
  expect([...file.read(output, wants, context())]).toEqual([["/gone", { state: "absent" }]]);
});
