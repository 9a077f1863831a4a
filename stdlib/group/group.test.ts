import { afterEach, expect, test } from "vitest";
import type { Want } from "../../compiler/kind/kind.ts";
import type { Value } from "../../compiler/kind/value.ts";
import { debian12 } from "../facts/debian-12.ts";
import { shells } from "../../test/verbs/shells.ts";
import { showChanges } from "../../test/verbs/show-changes.ts";
import { context as contextOf, want as wantOf } from "../../test/verbs/wants.ts";
import { makeWorld, type World } from "../../test/verbs/world.ts";
import { group } from "./group.ts";

const context = contextOf();

const wanted = (title: string, given: Readonly<Record<string, Value>> = {}): Want => wantOf(group, title, given);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const files = {
  passwd: "root:x:0:0::/root:/bin/sh\nonly:x:5:5::/:/bin/sh\n",
  group: "root:x:0:\nshop:x:2000:ada\nshop:x:9:\n",
};

let world: World | undefined;
afterEach(() => world?.remove());

function machine(programs: Readonly<Record<string, string>>): World {
  world?.remove();
  world?.remove();
  world = makeWorld({ cat: `exec /bin/cat "$WORLD/\${1#/etc/}"`, ...programs });
  world.write("passwd", files.passwd);
  world.write("group", files.group);
  return world;
}

const acts = (calls: readonly string[]): readonly string[] => calls.filter((call) => !call.startsWith("cat"));

test("a number that another group has, and a login group that should go, are refused", () => {
  const lines = "root:x:0:0::/root:/bin/sh\nada:x:7:2000::/:/bin/sh\n";
  const refusal = (title: string, given: Readonly<Record<string, Value>>, declares = "") => {
    const want = wanted(title, given);
    const have = group.read(bytes(`${lines}\n=\n${files.group}`), [want], context).get(title) ?? { state: "" };
    return group.refuses?.(want, have, { ...context, isDeclared: (kind, name) => `${kind} ${name}` === declares });
  };
  expect(refusal("new", { gid: 2000 })).toBe(
    "the number 2000 belongs to the group shop: leave `gid` out, or give another",
  );
  expect(refusal("new", { gid: 2000 }, "group shop")).toBeUndefined();
  expect(refusal("shop", { gid: 2000 })).toBeUndefined();
  expect(refusal("shop", { state: "absent" })).toBe(
    "it is the login group of the user ada: give that user another group first",
  );
  expect(refusal("shop", { state: "absent" }, "user ada")).toBeUndefined();
});

test("the account files tell every group, and only its number is compared", () => {
  const wants = ["shop", "only"].map((title) => wanted(title));
  const read = group.read(bytes(`${files.passwd}\n=\n${files.group}`), wants, context);
  const have = { state: "present", gid: 2000 };
  expect([...read]).toEqual([
    ["shop", have],
    ["only", { state: "absent" }],
  ]);
  expect(group.fingerprint(have)).toBe("gid=2000");
  expect(group.read(bytes("cat: /etc/passwd: No such file or directory\n"), wants, context).size).toBe(0);
  const changes = (given: Readonly<Record<string, Value>>, state = have): readonly string[] =>
    showChanges(group.difference?.(wanted("shop", given), state, context));
  expect(changes({})).toEqual([]);
  expect(changes({ gid: 2000, system: true })).toEqual([]);
  expect(changes({ gid: 1 })).toEqual(["gid 2000 -> 1"]);
  expect(changes({ state: "absent", gid: 1 })).toEqual(['state "present" -> "absent"']);
});

test("a group provides itself", () => {
  const keys = (given: Readonly<Record<string, Value>>): readonly string[] =>
    group.footprint(wanted("shop", given), debian12).map(({ mode, key }) => `${mode} ${key}`);
  expect(keys({})).toEqual(["provides group:shop"]);
  expect(keys({ state: "absent" })).toEqual(["removes group:shop"]);
});

const applied: readonly (readonly [args: readonly string[], calls: readonly string[]])[] = [
  [["shop", "present", "", "false"], []],
  [["shop", "present", "=2000", "true"], []],
  [["shop", "present", "=7", "false"], ["groupmod --gid 7 -- shop"]],
  [["shop", "absent", "", "false"], ["groupdel -- shop"]],
  [["only", "absent", "", "false"], []],
  [["only", "present", "", "false"], ["groupadd -- only"]],
  [["only", "present", "=7", "true"], ["groupadd --system --gid 7 -- only"]],
];

for (const shell of shells) {
  test(`${shell.name}: a group is made, numbered and removed only when it has to be`, () => {
    const host = machine({ groupadd: "", groupdel: "", groupmod: "" });
    for (const [args, calls] of applied) {
      const done = host.run(shell, "group_apply", args);
      expect(done).toMatchObject({ status: 0, stderr: "", changed: calls.length > 0 });
      expect(acts(done.calls)).toEqual(calls);
    }
    expect(host.run(shell, "group_state", ["shop"]).stdout).toBe("gid=2000\n");
    expect(host.run(shell, "group_state", ["only"]).stdout).toBe("absent\n");
    expect(host.run(shell, "group_state", ["a\nb"]).stdout).toBe("absent\n");
  });

  test(`${shell.name}: a refusal is told in the program's words`, () => {
    const host = machine({ groupdel: "echo \"groupdel: cannot remove the primary group of user 'ada'\" >&2; exit 8" });
    expect(host.run(shell, "group_apply", ["shop", "absent", "", "false"])).toMatchObject({
      status: 1,
      stderr: "group \"shop\": groupdel failed: groupdel: cannot remove the primary group of user 'ada'\n",
      changed: false,
    });
  });
}
