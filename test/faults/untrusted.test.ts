import { spawn } from "node:child_process";
import {
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  lchownSync,
  writeFileSync,
  chmodSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { directory } from "../../stdlib/directory/directory.ts";
import { file } from "../../stdlib/file/file.ts";
import { link } from "../../stdlib/link/link.ts";
import { readPaths } from "../../stdlib/path/path-records.ts";
import { drive } from "../verbs/converge.ts";
import { runCalls, runProbe } from "../verbs/run-verbs.ts";
import { scratchFolder } from "../verbs/scratch.ts";
import { shells } from "../verbs/shells.ts";
import { blob, context, mode, want } from "../verbs/wants.ts";

/** Somebody who is not root and owns a folder that root's run works in. */
const stranger = 65_534;

let folder = "";
let home = "";
let vault = "";

beforeEach(() => {
  folder = scratchFolder("untrusted");
  chmodSync(folder, 0o755);
  [home, vault] = [join(folder, "home"), join(folder, "vault")];
  mkdirSync(home);
  mkdirSync(vault, { mode: 0o700 });
  writeFileSync(join(vault, "secret"), "root's own", { mode: 0o600 });
  chownSync(home, stranger, stranger);
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What the stranger must never bring about: another content, mode or owner in root's folder, or another file in it. */
function vaultState(): unknown {
  const { mode: bits, uid } = lstatSync(join(vault, "secret"));
  return [readdirSync(vault), readFileSync(join(vault, "secret"), "utf8"), bits & 0o7777, uid];
}

const untouched = [["secret"], "root's own", 0o600, 0];

for (const shell of shells) {
  const [files, directories, links] = [file, directory, link].map((kind) => drive(kind, shell, context()));
  if (!files || !directories || !links) throw new Error("there are three kinds");

  test(`${shell.name}: in a folder of another account files, directories and links are made, changed and removed`, () => {
    const at = join(home, "f");
    const first = want(file, at, { content: blob("one"), owner: String(stranger), mode: mode(0o600) });
    const second = want(file, at, { content: blob("one"), mode: mode(0o4755) });
    for (const wanted of [first, second, want(file, at, { state: "absent" })]) {
      expect(files.apply(wanted)).toEqual([{ status: 0, changed: true, stdout: "", stderr: "" }]);
      expect(files.difference(wanted)).toEqual([]);
    }
    for (const given of [{}, { owner: String(stranger), mode: mode(0o2700) }, { state: "absent" }]) {
      expect(directories.apply(want(directory, at, given))).toMatchObject([{ status: 0, changed: true, stderr: "" }]);
    }
    for (const given of [{ to: "x" }, { to: "y", owner: String(stranger) }, { state: "absent" }]) {
      expect(links.apply(want(link, at, given))).toMatchObject([{ status: 0, changed: true, stderr: "" }]);
    }
    expect(readdirSync(home)).toEqual([]);
  });

  test(`${shell.name}: a link of another account on the way is not followed`, () => {
    symlinkSync(vault, join(home, "way"));
    lchownSync(join(home, "way"), stranger, stranger);
    const refusal = (name: string) =>
      `${home}/way/${name} lies behind the symbolic link ${home}/way, which belongs to another user: declare the path that is meant\n`;
    const wants = [
      files.apply(want(file, join(home, "way/new"), { content: blob("x") })),
      files.apply(want(file, join(home, "way/secret"), { content: blob("x") })),
      files.apply(want(file, join(home, "way/secret"), { state: "absent" })),
      directories.apply(want(directory, join(home, "way/new"))),
      links.apply(want(link, join(home, "way/new"), { to: "x" })),
    ];
    expect(wants.map(([result]) => result?.stderr)).toEqual(["new", "secret", "secret", "new", "new"].map(refusal));
    expect(vaultState()).toEqual(untouched);
  });

  test(`${shell.name}: a link that belongs to the user of the run is followed, as is one of root's`, () => {
    mkdirSync(join(home, "real"));
    symlinkSync("home/real", join(folder, "way"));
    const through = want(file, join(folder, "way/f"), { content: blob("x") });
    expect(files.apply(through)).toEqual([{ status: 0, changed: true, stdout: "", stderr: "" }]);
    expect(readFileSync(join(home, "real/f"), "utf8")).toBe("x");
    expect(files.apply(want(file, join(folder, "way/f"), { state: "absent" }))).toMatchObject([{ changed: true }]);
    expect(readdirSync(join(home, "real"))).toEqual([]);
  });

  test(`${shell.name}: a folder of root's that others may write to is worked in as one of theirs`, () => {
    chownSync(home, 0, stranger);
    for (const bits of [0o2775, 0o1777]) {
      chmodSync(home, bits);
      const at = join(home, "f");
      for (const wanted of [
        want(file, at, { content: blob("one"), mode: mode(0o600) }),
        want(file, at, { content: blob("two"), owner: String(stranger), mode: mode(0o640) }),
        want(file, at, { content: blob("two"), mode: mode(0o644) }),
        want(file, at, { state: "absent" }),
      ]) {
        expect(files.apply(wanted)).toEqual([{ status: 0, changed: true, stdout: "", stderr: "" }]);
        expect(files.difference(wanted)).toEqual([]);
      }
      expect(directories.apply(want(directory, at))).toMatchObject([{ status: 0, changed: true, stderr: "" }]);
      expect(directories.apply(want(directory, at, { state: "absent" }))).toMatchObject([{ status: 0 }]);
      expect(links.apply(want(link, at, { to: "x" }))).toMatchObject([{ status: 0, changed: true, stderr: "" }]);
      expect(links.apply(want(link, at, { state: "absent" }))).toMatchObject([{ status: 0 }]);
      expect(readdirSync(home)).toEqual([]);
    }
  });

  /** An environment in which a tool first does what a stranger does at that moment, once. */
  function meanwhile(tool: string, does: string): Readonly<Record<string, string>> {
    const shadow = join(folder, `shadow-${tool}`);
    mkdirSync(shadow);
    const real = `PATH=${shell.path} exec ${tool} "$@"`;
    const script = `#!/bin/sh\nif mkdir ${shadow}/once 2>/dev/null; then PATH=/usr/bin:/bin; ${does}; fi\n${real}\n`;
    writeFileSync(join(shadow, tool), script, { mode: 0o755 });
    return { PATH: `${shadow}:${shell.path}` };
  }

  // The folder is root's own and open to a group, so a check of its owner alone would trust it.
  const shared = () => {
    chownSync(home, 0, stranger);
    chmodSync(home, 0o2775);
    writeFileSync(join(home, "f"), "old");
    return join(home, "f");
  };
  const secret = () => `ln -sfn ${vault}/secret ${home}/f`;

  test.each([
    ["chmod", "a mode", { mode: mode(0o666) }],
    ["chown", "an owner", { owner: String(stranger) }],
    ["cp", "attributes", { content: blob("new") }],
  ])(
    `${shell.name}: a link that takes the place of a file just before %s changes nothing elsewhere: %s`,
    (tool, _, given) => {
      const at = shared();
      const environment = meanwhile(tool, secret());
      files.apply(want(file, at, given), { environment });
      expect(vaultState()).toEqual(untouched);
      expect(readdirSync(home)).toEqual(["f"]);
    },
  );

  test(`${shell.name}: a directory that takes the place of a file just before the rename fails the step`, () => {
    const at = shared();
    const environment = meanwhile("mv", `rm -f ${at}; mkdir ${at}`);
    const [result] = files.apply(want(file, at, { content: blob("new") }), { environment });
    expect(result).toMatchObject({ changed: false });
    expect(result?.status).not.toBe(0);
    expect(readdirSync(at)).toEqual([]);
    expect(readdirSync(home)).toEqual(["f"]);
  });

  test(`${shell.name}: a directory that takes the place of a link just before the rename fails the step`, () => {
    const at = join(home, "l");
    symlinkSync("old", at);
    const environment = meanwhile("mv", `rm -f ${at}; mkdir ${at}`);
    const [result] = links.apply(want(link, at, { to: "new" }), { environment });
    expect(result).toMatchObject({ changed: false });
    expect(result?.status).not.toBe(0);
    expect(readdirSync(at)).toEqual([]);
  });

  test(`${shell.name}: a file with a second name elsewhere does not change hands in a shared folder`, () => {
    const at = shared();
    rmSync(at);
    linkSync(join(vault, "secret"), at);
    const [result] = files.apply(want(file, at, { mode: mode(0o666) }));
    expect(result?.stderr).toContain("has further names (hard links)");
    expect(vaultState()).toEqual(untouched);
    expect(readdirSync(home)).toEqual(["f"]);
  });

  test(`${shell.name}: a FIFO that takes the place of a file while it is read holds nothing up`, () => {
    const at = shared();
    writeFileSync(join(home, "g"), "beside it");
    const probe = file.probe([want(file, at), want(file, join(home, "g"))], context());
    if (!probe) throw new Error("files are probed");
    const environment = meanwhile("sha256sum", `rm -f ${at}; mkfifo ${at}`);
    const read = readPaths(runProbe(shell, probe, { environment }), [at, join(home, "g")]);
    expect(read.found.get(join(home, "g"))?.digest).toBe(blob("beside it").digest);
    expect(read.found.get(at)?.digest).toBeUndefined();
  });

  test(`${shell.name}: a FIFO or a link to a private file in the place of a file is not shown as its content`, () => {
    const at = shared();
    for (const does of [`rm -f ${at}; mkfifo ${at}`, secret()]) {
      rmSync(at, { force: true });
      writeFileSync(at, "old");
      rmSync(join(folder, "shadow-timeout"), { recursive: true, force: true });
      const probe = { verb: "galley_contents", arguments: [], names: [at] };
      const shown = runProbe(shell, probe, { environment: meanwhile("timeout", does) });
      expect(new TextDecoder().decode(shown)).toBe("");
    }
  });

  /** Keeps what stands at a path, changes it, and puts it back while another account acts. */
  function putBack(at: string, change: () => void, environment: Readonly<Record<string, string>>) {
    const copy = join(folder, "copy");
    const [kept] = runCalls(shell, [{ verb: "path_keep", arguments: [at, copy] }]);
    expect(kept).toMatchObject({ status: 0, stderr: "" });
    change();
    const [restored] = runCalls(shell, [{ verb: "path_restore", arguments: [copy, at] }], { environment });
    return restored;
  }

  test(`${shell.name}: what is put back in a shared folder is as it was, and nothing stays beside it`, () => {
    const at = shared();
    const [name, gone] = [join(home, "l"), join(home, "d")];
    chmodSync(at, 0o640);
    chownSync(at, stranger, stranger);
    symlinkSync("somewhere", name);
    mkdirSync(gone, { mode: 0o750 });
    chownSync(gone, stranger, stranger);
    putBack(at, () => writeFileSync(at, "new"), {});
    expect([readFileSync(at, "utf8"), lstatSync(at).mode & 0o7777, lstatSync(at).uid]).toEqual([
      "old",
      0o640,
      stranger,
    ]);
    rmSync(join(folder, "copy"));
    putBack(name, () => rmSync(name), {});
    expect(readlinkSync(name)).toBe("somewhere");
    rmSync(join(folder, "copy"));
    putBack(gone, () => rmSync(gone, { recursive: true }), {});
    expect([lstatSync(gone).mode & 0o777, lstatSync(gone).uid]).toEqual([0o750, stranger]);
    rmSync(join(folder, "copy"), { recursive: true });
    putBack(join(home, "fresh"), () => writeFileSync(join(home, "fresh"), "x"), {});
    expect(readdirSync(home).toSorted()).toEqual(["d", "f", "l"]);
  });

  test(`${shell.name}: a file that is put back cannot be exchanged before it has its name`, () => {
    const at = shared();
    const swap = `for one in ${home}/.galley-*; do [ ! -f "$one" ] || ln -sfn ${vault}/secret "$one"; done`;
    const result = putBack(at, () => writeFileSync(at, "new"), meanwhile("mv", swap));
    expect(result).toMatchObject({ status: 0, stderr: "" });
    expect([lstatSync(at).isFile(), readFileSync(at, "utf8")]).toEqual([true, "old"]);
    expect(vaultState()).toEqual(untouched);
    expect(readdirSync(home)).toEqual(["f"]);
  });

  test.each([
    ["changed", (at: string) => chmodSync(at, 0o711)],
    ["gone", (at: string) => rmSync(at, { recursive: true })],
  ])(`${shell.name}: a link in the place of a directory that is put back leads nowhere: %s`, (_, change) => {
    shared();
    const at = join(home, "d");
    mkdirSync(at);
    chmodSync(at, 0o755);
    const swap = `rmdir ${at} 2>/dev/null; [ -e ${at} ] || ln -s ${vault} ${at}`;
    putBack(at, () => change(at), meanwhile("cp", swap));
    expect(lstatSync(vault).mode & 0o777).toBe(0o700);
    expect(vaultState()).toEqual(untouched);
  });

  test(`${shell.name}: a link that takes the place of a file while it is kept does not put a private file in its place`, () => {
    const at = shared();
    const copy = join(folder, "copy");
    const environment = meanwhile("cp", secret());
    runCalls(shell, [{ verb: "path_keep", arguments: [at, copy] }], { environment });
    expect(readFileSync(copy, "utf8")).toBe("old");
    expect(readdirSync(home)).toEqual(["f"]);
  });

  test(`${shell.name}: who owns the folder cannot turn the run against root's files`, async () => {
    writeFileSync(join(home, "f"), "old");
    chownSync(join(home, "f"), stranger, stranger);
    // As fast as a shell can: whatever appears becomes a link to root's file.
    const attack = `cd ${home}; while :; do for one in .galley-* f d; do [ -L "$one" ] || ln -sfn ${vault}/secret "$one"; done; done`;
    const id = String(stranger);
    const attacker = spawn("setpriv", [`--reuid=${id}`, `--regid=${id}`, "--clear-groups", "sh", "-c", attack], {
      stdio: "ignore",
    });
    try {
      for (let round = 0; round < 12; round++) {
        rmSync(join(home, "f"), { force: true });
        rmSync(join(home, "d"), { force: true, recursive: true });
        files.apply(
          want(file, join(home, "f"), { content: blob(`round ${round}`), mode: mode(0o666), replace_link: true }),
        );
        files.apply(want(file, join(home, "f"), { mode: mode(round % 2 === 0 ? 0o666 : 0o644) }));
        directories.apply(want(directory, join(home, "d"), { mode: mode(0o777) }));
        expect(vaultState()).toEqual(untouched);
      }
      // The attack was under way all the time: it takes the next free name, too.
      rmSync(join(home, "f"), { force: true });
      await expect.poll(() => lstatSync(join(home, "f"), { throwIfNoEntry: false })?.isSymbolicLink()).toBe(true);
    } finally {
      attacker.kill("SIGKILL");
      await new Promise((resolve) => attacker.once("exit", resolve));
    }
  });
}
