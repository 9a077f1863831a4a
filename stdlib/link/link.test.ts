import {
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
import { drive } from "../../test/verbs/converge.ts";
import { scratchFolder } from "../../test/verbs/scratch.ts";
import { shells } from "../../test/verbs/shells.ts";
import { context, me, want } from "../../test/verbs/wants.ts";
import { link } from "./link.ts";

let folder = "";

beforeEach(() => {
  folder = scratchFolder("link");
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const oddTargets = [
  "plain",
  "../up/./down",
  "/absolute//twice",
  "-leading",
  " spaces ",
  "new\nline",
  "ends in newlines\n\n",
  "quote'\"`$(id)",
  "a -> b",
  "x' -> 'y",
  "//\ns:81a4:",
  "ü🦆",
  "\\n",
  "t".repeat(4000),
];

for (const shell of shells) {
  const links = drive(link, shell, context());

  test(`${shell.name}: a missing link is made, dangling or not, once`, () => {
    const current = want(link, join(folder, "current"), { to: "releases/2" });
    expect(links.read(current).get(current.title)).toEqual({ state: "absent" });
    expect(links.difference(current)).toEqual([
      { property: "state", from: "absent", to: "present" },
      { property: "to", to: "releases/2" },
    ]);
    expect(links.apply(current)).toEqual([{ status: 0, changed: true, stdout: "", stderr: "" }]);
    expect(readlinkSync(current.title)).toBe("releases/2");
    expect(links.difference(current)).toEqual([]);
    expect(links.apply(current)).toEqual([{ status: 0, changed: false, stdout: "", stderr: "" }]);
    expect(readdirSync(folder)).toEqual(["current"]);
  });

  test(`${shell.name}: a link to a directory is turned to another one, not followed`, () => {
    mkdirSync(join(folder, "1"));
    mkdirSync(join(folder, "2"));
    symlinkSync("1", join(folder, "current"));
    const current = want(link, join(folder, "current"), { to: "2" });
    expect(links.difference(current)).toEqual([{ property: "to", from: "1", to: "2" }]);
    expect(links.apply(current)).toEqual([{ status: 0, changed: true, stdout: "", stderr: "" }]);
    expect(readlinkSync(current.title)).toBe("2");
    expect(readdirSync(join(folder, "1"))).toEqual([]);
    expect(readdirSync(join(folder, "2"))).toEqual([]);
    expect(readdirSync(folder).toSorted()).toEqual(["1", "2", "current"]);
  });

  test(`${shell.name}: a link that must lead somewhere is not made while nothing is there`, () => {
    mkdirSync(join(folder, "enabled"));
    const strict = want(link, join(folder, "enabled/a"), { to: "../available/a", dangling: false });
    expect(links.apply(strict)).toMatchObject([{ status: 1, changed: false }]);
    expect(links.apply(strict)[0]?.stderr).toContain("would lead nowhere, there is no ../available/a");
    expect(readdirSync(join(folder, "enabled"))).toEqual([]);
    mkdirSync(join(folder, "available"));
    writeFileSync(join(folder, "available/a"), "");
    expect(links.apply(strict)).toEqual([{ status: 0, changed: true, stdout: "", stderr: "" }]);
    expect(readlinkSync(strict.title)).toBe("../available/a");
  });

  test(`${shell.name}: targets are read and written byte for byte, all in one probe`, () => {
    const wants = oddTargets.map((to, index) => want(link, join(folder, `link ${index}\n`), { to }));
    for (const one of wants) expect(links.apply(one)).toMatchObject([{ status: 0, changed: true, stderr: "" }]);
    const haves = links.read(...wants);
    for (const [index, one] of wants.entries()) {
      const have = haves.get(one.title);
      expect(readlinkSync(one.title)).toBe(oddTargets[index]);
      expect(have && link.difference?.(one, have, context())).toEqual([]);
      expect(have && link.fingerprint(have)).toBe(links.state(one));
      expect(links.apply(one)).toMatchObject([{ status: 0, changed: false }]);
    }
  });

  test(`${shell.name}: a target that is no text has a fingerprint all the same`, () => {
    symlinkSync(Buffer.from([0x61, 0xff, 0xfe, 0x80, 0x0a]), join(folder, "binary"));
    const binary = want(link, join(folder, "binary"), { to: "a" });
    const have = links.read(binary).get(binary.title);
    expect(have && link.fingerprint(have)).toBe(links.state(binary));
    expect(links.state(binary)).toMatch(/ 61fffe800a$/);
  });

  test(`${shell.name}: a file or a directory at the path stays and is named`, () => {
    writeFileSync(join(folder, "f"), "precious");
    mkdirSync(join(folder, "d"));
    const wants = ["f", "d"].map((name) => want(link, join(folder, name), { to: "elsewhere" }));
    expect(wants.map(links.state)).toEqual(["other:file", "other:directory"]);
    expect(wants.map((one) => links.apply(one)[0]?.stderr)).toEqual([
      `${folder}/f is a regular file, not a symbolic link. It is left as it is: move it away, or declare it as what it is.\n`,
      `${folder}/d is a directory, not a symbolic link. It is left as it is: move it away, or declare it as what it is.\n`,
    ]);
    expect(readFileSync(join(folder, "f"), "utf8")).toBe("precious");
    expect(readdirSync(folder).toSorted()).toEqual(["d", "f"]);
  });

  test(`${shell.name}: absent removes a link and spares what it points to`, () => {
    writeFileSync(join(folder, "f"), "x");
    symlinkSync("f", join(folder, "link"));
    const gone = want(link, join(folder, "link"), { state: "absent" });
    expect(links.difference(gone)).toEqual([{ property: "state", from: "present", to: "absent" }]);
    expect(links.apply(gone)).toEqual([{ status: 0, changed: true, stdout: "", stderr: "" }]);
    expect(links.apply(gone)).toEqual([{ status: 0, changed: false, stdout: "", stderr: "" }]);
    expect(readdirSync(folder)).toEqual(["f"]);
    expect(links.apply(want(link, join(folder, "f"), { state: "absent" }))).toMatchObject([{ status: 1 }]);
    expect(readdirSync(folder)).toEqual(["f"]);
  });

  test(`${shell.name}: a link's own owner is managed when stated`, () => {
    const mine = want(link, join(folder, "link"), { to: "/etc/hostname", owner: me });
    expect(links.apply(mine)).toEqual([{ status: 0, changed: true, stdout: "", stderr: "" }]);
    expect(lstatSync(mine.title).uid).toBe(process.getuid?.());
    expect(links.difference(mine)).toEqual([]);
    const orphan = want(link, join(folder, "link"), { to: "/elsewhere", owner: "nobody-knows-me" });
    expect(links.apply(orphan)).toMatchObject([{ status: 1, changed: false }]);
    expect(readlinkSync(mine.title)).toBe("/etc/hostname");
    expect(readdirSync(folder)).toEqual(["link"]);
  });
}

test("a link comes after what it points to, seen from its own folder", () => {
  const targets = ["../mods-available/ssl.load", "/srv/./app", "x", "../../.."].map((to) =>
    link
      .footprint(want(link, "/etc/apache2/mods-enabled/ssl.load", { to }), context().facts)
      .find((line) => line.because === "it points to it"),
  );
  expect(targets.map((line) => line?.key)).toEqual([
    "file:/etc/apache2/mods-available/ssl.load",
    "file:/srv/app",
    "file:/etc/apache2/mods-enabled/x",
    "file:/",
  ]);
});

test("a link that does not say where it points to is a mistake, unless it goes away", () => {
  expect(link.validate?.(want(link, "/l"))).toEqual([
    { code: "P413", message: 'link["/l"] does not say where it points to', hints: ['add to = "…"'] },
  ]);
  expect(link.validate?.(want(link, "/l", { state: "absent" }))).toEqual([]);
});
