import { expect, test } from "vitest";
import { frame } from "../grammar/frame.ts";
import { blob, CatalogFixture, context, debian, type HostFixture, shell, stateOf } from "../test/catalog-fixture.ts";
import { diff } from "./diff.ts";
import { order } from "./graph.ts";
import { type Mount, mountFinder } from "./mounts.ts";

function mount(id: number, parent: number, point: string, readOnly = false, type = "ext4"): Mount {
  return { id, parent, point, readOnly, type };
}

/** The root, a file mounted on a file, a read-only volume with a writable one in it. */
const mounts = [
  mount(1, 0, "/"),
  mount(2, 1, "/etc/resolv.conf"),
  mount(3, 1, "/srv/ro", true),
  mount(4, 3, "/srv/ro/rw"),
  mount(5, 1, "/net", true, "autofs"),
];

function problems(fixture: CatalogFixture, host: HostFixture, realFolders?: ReadonlyMap<string, string>) {
  const { graph } = order(fixture.catalog, debian);
  if (!graph) throw new Error("there is no order");
  const state = { ...stateOf(fixture.catalog, host), mounts, ...(realFolders ? { realFolders } : {}) };
  return diff(fixture.catalog, graph, state, context).diagnostics;
}

const old = { state: "present", content: blob("old"), mode: { type: "mode", bits: 0o644 }, owner: "root" } as const;
const keys = { "file:/srv/ro": true, "file:/srv/ro/rw": true, "file:/net": true, "file:/srv/link": true };

test("the mount of a path is found through what covers what", () => {
  const find = mountFinder([
    mount(10, 9, "/"),
    mount(11, 10, "/a/b", true),
    mount(12, 10, "/a"),
    mount(13, 12, "/a", true),
    mount(14, 10, "/ab", true),
  ]);
  expect(find("/a")?.id).toBe(13);
  expect(find("/a/b/c")?.id).toBe(13);
  expect(find("/abc")?.id).toBe(10);
  expect(find("/ab/c")?.id).toBe(14);
  expect(mountFinder([])("/a")).toBeUndefined();
  // In a changed root the first mount is not that of the root.
  expect(mountFinder([mount(20, 10, "/dev")])("/etc/x")).toBeUndefined();
  // Hostile lists come to an end.
  expect(mountFinder([mount(1, 2, "/"), mount(2, 1, "/")])("/etc/x")).toBeUndefined();
  expect(mountFinder([mount(1, 1, "/"), mount(1, 1, "/")])("/etc/x")?.id).toBe(1);
});

test("P330: a mounted file cannot be replaced or removed, but its mode can change", () => {
  const fixture = new CatalogFixture();
  const id = fixture.declare("file", "/etc/resolv.conf", { content: "new" });
  expect(problems(fixture, { have: { [id]: old } }).map((one) => frame(one))).toMatchInlineSnapshot(`
    [
      "error[P330]: file["/etc/resolv.conf"] cannot be replaced on web1: /etc/resolv.conf is a mount point
      --> site.recipe:1:1
       |
     1 | line 1
       | ^^^^^^ the kernel refuses this as long as something is mounted there
       = unmount it there first (\`umount\`, and its line in /etc/fstab)
       = in a container the engine mounts files such as /etc/hosts and /etc/resolv.conf: state there what is in them, and leave them out here",
    ]
  `);
  expect(problems(fixture, { have: { [id]: { ...old, content: blob("new") } } })).toEqual([]);
  expect(problems(fixture, { have: { [id]: { ...old, content: blob("new"), owner: "eve" } } })).toEqual([]);

  const gone = new CatalogFixture();
  const removed = gone.declare("file", "/etc/resolv.conf", { state: "absent" });
  expect(problems(gone, { have: { [removed]: old } }).map(({ message }) => message)).toEqual([
    'file["/etc/resolv.conf"] cannot be removed on web1: /etc/resolv.conf is a mount point',
  ]);
});

test("P331: nothing changes on a read-only mount, by whatever path", () => {
  const fixture = new CatalogFixture();
  fixture.declare("file", "/srv/ro/a", { content: "new" });
  expect(problems(fixture, { keys }).map((one) => frame(one))).toMatchInlineSnapshot(`
    [
      "error[P331]: file["/srv/ro/a"] cannot be changed on web1: /srv/ro/a is on a read-only mount
      --> site.recipe:1:1
       |
     1 | line 1
       | ^^^^^^ /srv/ro (ext4) is mounted read-only
       = mount it writable there first (\`mount -o remount,rw\`, and its line in /etc/fstab), or use a path on another mount",
    ]
  `);

  const linked = new CatalogFixture();
  linked.declare("file", "/srv/link/a", { content: "new" });
  const codes = (real: string) => problems(linked, { keys }, new Map([["/srv/link", real]])).map(({ code }) => code);
  expect(codes("/srv/ro")).toEqual(["P331"]);
  expect(codes("/srv/ro/rw")).toEqual([]);
});

test("what is as wanted, writable or not yet mounted is no error on a read-only mount", () => {
  const fixture = new CatalogFixture();
  const same = fixture.declare("file", "/srv/ro/same", { content: "old" });
  fixture.declare("file", "/srv/ro/rw/a", { content: "new" });
  fixture.declare("file", "/net/a", { content: "new" });
  expect(problems(fixture, { have: { [same]: old }, keys })).toEqual([]);
});

test("a step before that may mount or unmount leaves it open", () => {
  const fixture = new CatalogFixture();
  const command = fixture.declare("execute", "remount", { run: ["mount"], unless: shell("false"), creates: "/x" });
  const file = fixture.declare("file", "/srv/ro/a", { content: "new" });
  fixture.require(file, command);
  expect(problems(fixture, { keys, guards: { [command]: 0 } })).toEqual([]);
  // A command that has nothing to do mounts nothing.
  expect(problems(fixture, { keys, guards: { [command]: 1 } }).map(({ code }) => code)).toEqual(["P331"]);
});
