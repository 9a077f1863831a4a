import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { afterEach, expect, test } from "vitest";
import type { Catalog, Observe, Resource } from "../compiler/catalog.ts";
import { probe } from "../compiler/kind/call.ts";
import { kind, type Kind } from "../compiler/kind/kind.ts";
import { type Bench, call, makeBench } from "../test/open-shell.ts";
import { shells } from "../test/verbs/shells.ts";
import { readChanged, readDetails, readFacts, readObserves, readState } from "./read.ts";

let bench: Bench | undefined;
afterEach(async () => bench?.remove());

const span = { file: { path: "site.recipe", text: "" }, start: 0, end: 0 };
const odd = [
  "plain",
  "with space",
  "new\nline",
  "ends in one\n",
  "tab\t",
  "back\\slash",
  "$(id)",
  "-dash",
  "quo'te\"",
  "é\u{1f600}",
  "*",
];

/** A kind whose resources are files of one line each, by path. */
function noteKind(more: Partial<Kind> = {}): Kind {
  return kind({
    name: "note",
    title: { type: { type: "string" }, name: "path", doc: "" },
    doc: "",
    example: "",
    properties: {},
    footprint: () => [],
    probe: (wants) =>
      probe(
        "note_probe",
        wants.map((want) => want.title),
      ),
    read: (output, wants) => {
      const lines = Buffer.from(output).toString("utf8").split("\n");
      return new Map(
        wants.flatMap((want, at) =>
          lines[at] === undefined || lines[at] === "" ? [] : [[want.title, { state: lines[at] }]],
        ),
      );
    },
    fingerprint: (have) => have.state,
    apply: () => [],
    ...more,
  });
}

const resource = (of: Kind, title: string): Resource => ({
  id: `${of.name}["${title}"]`,
  kind: of,
  want: { title, properties: {}, stated: new Set() },
  origins: new Map(),
  declared: [],
  containers: [],
});
const catalog = (resources: readonly Resource[]): Catalog => ({
  host: "bench",
  resources,
  containers: [],
  edges: [],
  observes: [],
  blobs: new Map(),
});

for (const shell of shells) {
  test(`${shell.name}: all states, guards and keys in one frame, whatever the names`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    mkdirSync(path("dir"));
    const names = odd.map((name) => path(`dir/${name}`));
    for (const [at, name] of names.entries()) if (at % 2 === 0) writeFileSync(name, `line ${at}\n`);
    symlinkSync("nowhere", path("dangling"));
    const session = await bench.open();
    const frame0 = await readFacts(session);
    const notes = noteKind();
    const guarded = noteKind({
      name: "guarded",
      probe: () => undefined,
      read: (_output, wants) => new Map(wants.map((want) => [want.title, { state: "unknown" }])),
      guard: (want) => ({ property: "unless", confirms: true, call: call("run_command", "", "", want.title) }),
    });
    const scripts = ["exit 0", "exit 1", "echo why >&2; exit 7", "/no/such/program", "cat; printf 'no input'; exit 3"];
    let frames = 0;
    const counted = {
      ...session,
      run: (frame: Parameters<typeof session.run>[0]) => ((frames += 1), session.run(frame)),
    };
    const state = await readState(
      catalog([...names.map((name) => resource(notes, name)), ...scripts.map((script) => resource(guarded, script))]),
      [
        ...names.map((name) => `file:${name}`),
        `file:${path("dangling")}`,
        "program:cat",
        "program:no-such-program",
        "user:root",
        "user:no such user",
        "group:root",
        "service:unasked",
      ],
      counted,
      frame0,
    );
    expect(frames).toBe(1);
    expect(names.map((name) => state.resources.get(`note["${name}"]`))).toEqual(
      names.map((_name, at) => ({ have: { state: at % 2 === 0 ? `line ${at}` : "absent" } })),
    );
    expect(scripts.map((script) => state.guards.get(`guarded["${script}"]`))).toMatchObject([
      { status: 0, output: "" },
      { status: 1, output: "" },
      { status: 7, output: "why\n" },
      { status: 127 },
      { status: 3, output: "no input" },
    ]);
    expect(names.map((name) => state.keys.get(`file:${name}`))).toEqual(names.map((_name, at) => at % 2 === 0));
    expect(state.keys.get(`file:${path("dangling")}`)).toBe(true);
    const others = [...state.keys].filter(([key]) => !key.startsWith("file:"));
    expect(new Map(others)).toEqual(
      new Map([
        ["group:root", true],
        ["program:cat", true],
        ["program:no-such-program", false],
        ["user:no such user", false],
        ["user:root", true],
      ]),
    );
  });

  test(`${shell.name}: contents of text files of a reasonable size`, async () => {
    bench = makeBench(shell);
    const { path } = bench;
    const files: Readonly<Record<string, string | Buffer>> = {
      empty: "",
      "new\nline -e": "text without end",
      latin: Buffer.from([0xe9, 0x0a]),
      largest: "x".repeat(256 * 1024),
      "too large": "x".repeat(256 * 1024 + 1),
      binary: "a\0b",
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(path(name), text);
    spawnSync("mkfifo", [path("fifo")]);
    symlinkSync(path("latin"), path("link"));
    const names = [...Object.keys(files), "fifo", "link", "missing"];
    const session = await bench.open();
    const { contents } = await readDetails({ files: names.map(path), folders: [], forecasts: [] }, session);
    expect([...contents.keys()]).toEqual(["empty", "new\nline -e", "latin", "largest"].map(path));
    for (const [name, bytes] of contents) {
      expect(Buffer.from(bytes).equals(Buffer.from(files[name.slice(bench.folder.length + 1)] ?? "?"))).toBe(true);
    }
  });

  test(`${shell.name}: folders that other accounts cannot enter`, async () => {
    const { folder } = (bench = makeBench(shell));
    const path = (name: string) => `${folder}/${name}`;
    const modes = { open: 0o755, listed: 0o754, "entered only": 0o711, closed: 0o700, "new\nline": 0o750 };
    for (const [name, mode] of Object.entries(modes)) {
      mkdirSync(path(name));
      chmodSync(path(name), mode);
    }
    writeFileSync(path("file"), "");
    symlinkSync("closed", path("link"));
    const names = [...Object.keys(modes), "file", "link", "missing"];
    const session = await bench.open();
    const { closedFolders } = await readDetails({ files: [], folders: names.map(path), forecasts: [] }, session);
    expect([...closedFolders].toSorted()).toEqual(["closed", "link", "listed", "new\nline"].map(path).toSorted());
  });

  test(`${shell.name}: observes, each with its status and output`, async () => {
    bench = makeBench(shell);
    const session = await bench.open();
    const observe = (index: number, script: string, ...args: readonly string[]): Observe => ({
      index,
      name: `o${index}`,
      span,
      command: { type: "command", script, arguments: args, shown: script },
      result: "string",
      optional: false,
    });
    const answers = await readObserves(session, [
      observe(3, 'printf "%s|" "$@"; pwd', "a b", "$(id)", "", "x\n"),
      observe(5, "exit 4"),
      observe(6, "kill -9 $$"),
      observe(8, "command -v galley-no-such-program"),
      observe(9, "galley-no-such-program"),
      observe(7, 'echo "$USER $HOME $LC_ALL"; echo err >&2'),
    ]);
    expect([...answers]).toEqual([
      [3, { status: 0, output: "a b|$(id)||x\n|/\n" }],
      [5, { status: 4, output: "" }],
      // What a shell itself says of the signal, where it does.
      [6, { status: 137, output: expect.stringMatching(/^(\nKilled ?\n)?$/) }],
      [8, { status: 1, output: "" }],
      [9, { status: 127, output: expect.stringContaining("galley-no-such-program") }],
      [7, { status: 0, output: "root /root C.UTF-8\n" }],
    ]);
  });

  test(`${shell.name}: what differs from what a plan has seen`, async () => {
    bench = makeBench(shell);
    writeFileSync(bench.path("a"), "one\n");
    const session = await bench.open();
    const seen = (name: string, fingerprint: string) => ({
      resource: name,
      kind: "note",
      identity: [bench?.path(name) ?? ""],
      fingerprint,
    });
    const changed = await readChanged(
      [seen("a", "one"), seen("a", "two"), seen("b", "absent"), seen("b", "one")],
      session,
    );
    expect(changed.map(({ seen: { resource: name, fingerprint }, now }) => [name, fingerprint, now])).toEqual([
      ["a", "two", "one"],
      ["b", "one", "absent"],
    ]);
  });
}

test("a resource that a kind cannot read is told with the reason", async () => {
  bench = makeBench();
  const session = await bench.open();
  const frame0 = await readFacts(session);
  const silent = noteKind({ name: "silent", read: () => new Map() });
  const telling = noteKind({
    name: "telling",
    read: () => new Map(),
    unreadable: (_output, wants) => new Map(wants.map((want) => [want.title, "its line is locked"])),
  });
  const broken = noteKind({ name: "broken", probe: () => probe("note_fail", [], "no", "way"), read: () => new Map() });
  const state = await readState(
    catalog([resource(silent, "a"), resource(telling, "b"), resource(broken, "c")]),
    [],
    session,
    frame0,
  );
  expect([...state.resources.values()]).toEqual([
    { unreadable: expect.stringMatching(/^reading the silent resources said nothing of it/) },
    { unreadable: "its line is locked" },
    { unreadable: "reading the broken resources ended with status 1: no way" },
  ]);
});
