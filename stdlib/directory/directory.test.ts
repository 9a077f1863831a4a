import { chmodSync, lstatSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { drive } from "../../test/verbs/converge.ts";
import { scratchFolder } from "../../test/verbs/scratch.ts";
import { shells } from "../../test/verbs/shells.ts";
import { context, me, mode, want } from "../../test/verbs/wants.ts";
import { directory } from "./directory.ts";

let folder = "";

beforeEach(() => {
  folder = scratchFolder("directory");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

for (const shell of shells) {
  const directories = drive(directory, shell, context());

  test(`${shell.name}: a missing directory is made with owner and mode, once`, () => {
    const app = want(directory, join(folder, "app"), { owner: me, mode: mode(0o2750) });
    expect(directories.read(app).get(app.title)).toEqual({ state: "absent" });
    expect(directories.difference(app).map((change) => change.property)).toEqual(["state", "owner", "group", "mode"]);
    expect(directories.apply(app)).toEqual([{ status: 0, changed: true, stdout: "", stderr: "" }]);
    expect(lstatSync(app.title).mode & 0o7777).toBe(0o2750);
    expect(directories.difference(app)).toEqual([]);
    expect(directories.apply(app)).toEqual([{ status: 0, changed: false, stdout: "", stderr: "" }]);
  });

  test(`${shell.name}: the bit that a parent hands down is taken away when the mode does not have it`, () => {
    chmodSync(folder, 0o2755);
    const app = want(directory, join(folder, "app"), { owner: me });
    expect(directories.apply(app)).toMatchObject([{ status: 0, changed: true }]);
    expect(lstatSync(app.title).mode & 0o7777).toBe(0o755);
    chmodSync(app.title, 0o2700);
    expect(directories.difference(app)).toEqual([{ property: "mode", from: mode(0o2700), to: mode(0o755) }]);
    expect(directories.apply(app)).toMatchObject([{ status: 0, changed: true }]);
    expect(directories.difference(app)).toEqual([]);
  });

  test(`${shell.name}: what is in a directory stays when its mode changes`, () => {
    mkdirSync(join(folder, "app"));
    writeFileSync(join(folder, "app/inside"), "x");
    const app = want(directory, join(folder, "app"), { owner: me, mode: mode(0o700) });
    expect(directories.apply(app)).toMatchObject([{ status: 0, changed: true }]);
    expect(readdirSync(app.title)).toEqual(["inside"]);
  });

  test(`${shell.name}: odd names`, () => {
    const names = ["new\nline\n", "-m 777", "$(id)", " ", "quote'\"", "back\\slash", "ü"];
    const wants = names.map((name) => want(directory, join(folder, name), { owner: me }));
    for (const one of wants) expect(directories.apply(one)).toMatchObject([{ status: 0, changed: true, stderr: "" }]);
    expect(readdirSync(folder).toSorted()).toEqual(names.toSorted());
    const haves = directories.read(...wants);
    for (const one of wants) {
      const have = haves.get(one.title);
      expect(have && directory.fingerprint(have)).toBe(directories.state(one));
    }
  });

  test(`${shell.name}: a file or a link at the path stays and is named`, () => {
    writeFileSync(join(folder, "f"), "x");
    symlinkSync("/", join(folder, "link"));
    const wants = ["f", "link"].map((name) => want(directory, join(folder, name)));
    expect(wants.map(directories.state)).toEqual(["other:file", "other:link"]);
    expect([...directories.read(...wants).values()].map((have) => have.state)).toEqual(["other:file", "other:link"]);
    expect(wants.map((one) => directories.apply(one)[0]?.stderr)).toEqual([
      `${folder}/f is a regular file, not a directory. It is left as it is: move it away, or declare it as what it is.\n`,
      `${folder}/link is a symbolic link, not a directory. It is left as it is: move it away, or declare it as what it is.\n`,
    ]);
    expect(readdirSync(folder).toSorted()).toEqual(["f", "link"]);
  });

  test(`${shell.name}: absent removes an empty directory, and says what is in another`, () => {
    const gone = want(directory, join(folder, "d"), { state: "absent" });
    mkdirSync(gone.title);
    for (const name of ["a", "b", "c", ".d", "e"]) writeFileSync(join(gone.title, name), "");
    expect(directories.apply(gone)).toEqual([
      { status: 1, changed: false, stdout: "", stderr: `${folder}/d is not empty, so it stays: .d a b ...\n` },
    ]);
    rmSync(gone.title, { recursive: true });
    mkdirSync(gone.title);
    expect(directories.apply(gone)).toEqual([{ status: 0, changed: true, stdout: "", stderr: "" }]);
    expect(directories.difference(gone)).toEqual([]);
    expect(directories.apply(gone)).toEqual([{ status: 0, changed: false, stdout: "", stderr: "" }]);
  });

  test(`${shell.name}: an owner that nobody knows leaves no directory behind`, () => {
    const orphan = want(directory, join(folder, "d"), { owner: "nobody-knows-me" });
    expect(directories.apply(orphan)).toMatchObject([{ status: 1, changed: false }]);
    expect(readdirSync(folder)).toEqual([]);
  });
}

test("a directory needs the one it is in, and its owner", () => {
  const app = want(directory, "/srv/app", { owner: "app", group: "0" });
  expect(directory.footprint(app, context().facts)).toEqual([
    { mode: "needs", key: "file:/srv", because: "it is inside it" },
    { mode: "needs", key: "user:app", because: "it is its owner" },
    { mode: "provides", key: "file:/srv/app", because: "it is that directory" },
  ]);
});
