import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import type { Have, Want } from "../../compiler/kind/kind.ts";
import type { Value } from "../../compiler/kind/value.ts";
import { debian12 } from "../facts/debian-12.ts";
import { shells } from "../../test/verbs/shells.ts";
import { showChanges } from "../../test/verbs/show-changes.ts";
import { context as contextOf, want as wantOf } from "../../test/verbs/wants.ts";
import { makeWorld, type World } from "../../test/verbs/world.ts";
import { user } from "./user.ts";

const context = contextOf();

const wanted = (title: string, given: Readonly<Record<string, Value>> = {}): Want => wantOf(user, title, given);
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

const passwd = `root:x:0:0:root:/root:/bin/bash
ada:x:1000:1000:Ada Löwe??,,,:/home/ada:/bin/bash
ada:x:1999:1000:second line:/nowhere:/bin/false
svc:x:998:65534::/nonexistent:/usr/sbin/nologin
+nis::::::
spaced:x:1001:1001:  two  spaces :/srv/a b\\c:
`;
const group = `root:x:0:
www-data:x:33:ada,bob
adm:x:4:bob,ada
ada:x:1000:
admin:x:1002:adam
spaced:x:1001:spaced
shop:x:2000:
`;

const states: readonly (readonly [name: string, have: Have, line: string])[] = [
  [
    "ada",
    {
      state: "present",
      uid: 1000,
      group: "ada",
      groups: ["adm", "www-data"],
      home: "/home/ada",
      shell: "/bin/bash",
      comment: "Ada Löwe??,,,",
    },
    "uid=1000 group=ada groups=adm,www-data home=/home/ada shell=/bin/bash comment=Ada L?we?,,,",
  ],
  [
    "svc",
    {
      state: "present",
      uid: 998,
      group: "65534",
      groups: [],
      home: "/nonexistent",
      shell: "/usr/sbin/nologin",
      comment: "",
    },
    "uid=998 group=65534 groups= home=/nonexistent shell=/usr/sbin/nologin comment=",
  ],
  [
    "spaced",
    {
      state: "present",
      uid: 1001,
      group: "spaced",
      groups: ["spaced"],
      home: "/srv/a b\\c",
      shell: "",
      comment: "  two  spaces ",
    },
    "uid=1001 group=spaced groups=spaced home=/srv/a b\\c shell= comment=  two  spaces ",
  ],
  ["adam", { state: "absent" }, "absent"],
];

/** `cat` shows the machine's account files; the programs that would change them are only recorded. */
const shadow = { groupadd: "", useradd: "", userdel: "", usermod: "" };
const account = `case $1 in
  /etc/passwd) exec /bin/cat "$WORLD/passwd" ;;
  /etc/group) exec /bin/cat "$WORLD/group" ;;
  *) exec /bin/cat "$@" ;;
esac`;

let world: World | undefined;
afterEach(() => world?.remove());

function machine(programs: Readonly<Record<string, string>> = shadow): World {
  world?.remove();
  world?.remove();
  world = makeWorld({ cat: account, nologin: "", sleep: "", ...programs });
  world.write("passwd", passwd);
  world.write("group", group);
  return world;
}

const acts = (calls: readonly string[]): readonly string[] => calls.filter((call) => !call.startsWith("cat"));

test("the account files tell every user", () => {
  const wants = states.map(([name]) => wanted(name));
  const read = user.read(bytes(`${passwd}\n=\n${group}`), wants, context);
  for (const [name, have, line] of states) {
    expect(read.get(name)).toEqual(have);
    expect(user.fingerprint(have)).toBe(line);
  }
  expect(user.read(bytes(""), wants, context).size).toBe(0);
});

const ada = states[0]?.[1] ?? { state: "" };
const differences: readonly (readonly [
  given: Readonly<Record<string, Value>>,
  have: Have,
  changes: readonly string[],
])[] = [
  [{}, ada, []],
  [{ system: true }, ada, []],
  [{ groups: ["ada", "adm"] }, ada, []],
  [{ groups: ["adm", "shop"] }, ada, ['groups ["adm","www-data"] -> ["adm","shop","www-data"]']],
  [
    { uid: 1000, shell: "/bin/zsh", comment: "" },
    ada,
    ['shell "/bin/bash" -> "/bin/zsh"', 'comment "Ada Löwe??,,," -> ""'],
  ],
  [{ group: "shop", home: "/srv/ada" }, ada, ['group "ada" -> "shop"', 'home "/home/ada" -> "/srv/ada"']],
  [
    { group: "shop", groups: ["ada", "adm"] },
    ada,
    ['group "ada" -> "shop"', 'groups ["adm","www-data"] -> ["ada","adm","www-data"]'],
  ],
  [{ group: "shop", groups: ["shop"] }, ada, ['group "ada" -> "shop"']],
  [{ state: "absent", shell: "/bin/zsh" }, ada, ['state "present" -> "absent"']],
  [{ state: "absent" }, { state: "absent" }, []],
  [{ uid: 7, groups: ["adm"] }, { state: "absent" }, ['state "absent" -> "present"', "uid 7", 'groups ["adm"]']],
];

test("only what is stated is compared, and groups are only added", () => {
  for (const [given, have, changes] of differences) {
    expect(showChanges(user.difference?.(wanted("ada", given), have, context))).toEqual(changes);
  }
});

test("a number that another user has is refused, unless the recipe says something of that user", () => {
  const read = (uid: number): Have =>
    user.read(bytes(`${passwd}\n=\n${group}`), [wanted("eve", { uid })], context).get("eve") ?? { state: "" };
  const eve = wanted("eve", { uid: 1000 });
  expect(user.refuses?.(eve, read(1000), context)).toBe(
    "the number 1000 belongs to the user ada: leave `uid` out, or give another",
  );
  const declared = { ...context, isDeclared: (kind: string, title: string) => kind === "user" && title === "ada" };
  expect(user.refuses?.(eve, read(1000), declared)).toBeUndefined();
  expect(user.refuses?.(eve, read(1234), context)).toBeUndefined();
});

test("the group of a user's name stays when the recipe declares it", () => {
  const gone = wanted("ada", { state: "absent" });
  const declared = { ...context, isDeclared: (kind: string, title: string) => kind === "group" && title === "ada" };
  expect(user.apply(gone, undefined, declared)[0]?.arguments.at(-1)).toBe("keep");
  expect(user.apply(gone, undefined, context)[0]?.arguments.at(-1)).toBe("");
});

test("what is not stated is not sent, and an empty text is", () => {
  const groups = ["adm", "www-data"];
  const want = wanted("ada", { uid: 0, groups, comment: "", system: true });
  expect(user.apply(want, undefined, context)).toEqual([
    { verb: "user_apply", arguments: ["ada", "present", "=0", "", "=adm,www-data", "", "", "=", "true", ""] },
  ]);
});

test("a user comes after its groups and its shell, and brings a home", () => {
  const keys = (given: Readonly<Record<string, Value>>): readonly string[] =>
    user.footprint(wanted("ada", given), debian12).map(({ mode, key }) => `${mode} ${key}`);
  expect(keys({ groups: ["ada", "adm"], shell: "/usr/bin/zsh", system: true })).toEqual([
    "provides user:ada",
    "reads group:ada",
    "provides group:ada",
    "needs group:adm",
    "reads file:/usr/bin/zsh",
    "reads program:zsh",
  ]);
  expect(keys({ group: "shop" })).toEqual([
    "provides user:ada",
    "needs group:shop",
    "may-provide file:/home/ada",
    "may-provide file:/home/ada/.bash_logout",
    "may-provide file:/home/ada/.bashrc",
    "may-provide file:/home/ada/.profile",
  ]);
  expect(keys({ state: "absent" })).toEqual(["removes user:ada"]);
});

/** [arguments after the name, calls] for the user `name`. */
const applied: readonly (readonly [name: string, args: readonly string[], calls: readonly string[]])[] = [
  ["ada", ["present", "", "", "", "", "", "", "false"], []],
  ["ada", ["present", "=1000", "=ada", "=ada,adm", "=/home/ada", "=/bin/bash", "=Ada Löwe??,,,", "true"], []],
  ["ada", ["present", "", "", "=adm,shop,admin", "", "", "", "false"], ["usermod --append --groups shop,admin -- ada"]],
  [
    "ada",
    ["present", "=1", "=shop", "", "=/srv", "=/bin/sh", "=", "false"],
    ["usermod --uid 1 --gid shop --home /srv --shell /bin/sh --comment  -- ada"],
  ],
  [
    "ada",
    ["present", "", "=shop", "=ada,shop", "", "", "", "false"],
    ["usermod --gid shop --append --groups ada -- ada"],
  ],
  ["ada", ["absent", "", "", "", "", "", "", "false"], ["userdel -- ada"]],
  ["eve", ["absent", "", "", "", "", "", "", "false"], []],
  ["eve", ["present", "", "", "", "", "", "", "false"], ["useradd --create-home --user-group -- eve"]],
  ["shop", ["present", "", "", "", "", "", "", "false"], ["useradd --create-home --gid shop -- shop"]],
  [
    "eve",
    ["present", "=7", "=adm", "=shop,www-data", "=/srv/e v", "=/bin/zsh", "=$(id) 'x'", "false"],
    [
      "useradd --create-home --uid 7 --gid adm --groups shop,www-data --home-dir /srv/e v --shell /bin/zsh --comment $(id) 'x' -- eve",
    ],
  ],
];

for (const shell of shells) {
  test(`${shell.name}: probe and state agree with the plan`, () => {
    const host = machine();
    const probe = host.run(shell, "account_probe", []);
    const read = user.read(
      bytes(probe.stdout),
      states.map(([name]) => wanted(name)),
      context,
    );
    for (const [name, have, line] of states) {
      expect(read.get(name)).toEqual(have);
      expect(host.run(shell, "user_state", [name]).stdout).toBe(`${line}\n`);
    }
    for (const odd of ["a b", "a'b", "a\nb", "$(id)", "-n", "*", ""]) {
      expect(host.run(shell, "user_state", [odd]).stdout, odd).toBe("absent\n");
    }
  });

  test(`${shell.name}: only what differs is changed`, () => {
    const host = machine();
    for (const [name, args, calls] of applied) {
      const done = host.run(shell, "user_apply", [name, ...args]);
      expect(done).toMatchObject({ status: 0, stderr: "", changed: calls.length > 0 });
      expect(acts(done.calls)).toEqual(calls);
    }
  });

  test(`${shell.name}: a system user gets no home and no login`, () => {
    const host = machine();
    const nologin = join(host.folder, "bin/nologin");
    const done = host.run(shell, "user_apply", ["eve", "present", "", "", "", "", "", "", "true"]);
    expect(acts(done.calls)).toEqual([
      `useradd --system --no-create-home --user-group --home-dir /nonexistent --shell ${nologin} -- eve`,
    ]);
    const own = host.run(shell, "user_apply", ["eve", "present", "", "", "", "=/srv", "=/bin/sh", "", "true"]);
    expect(acts(own.calls)).toEqual([
      "useradd --system --no-create-home --user-group --home-dir /srv --shell /bin/sh -- eve",
    ]);
  });

  test(`${shell.name}: where only busybox is, accounts are made with its programs`, () => {
    const passes = Object.fromEntries(["printf", "sort", "tr"].map((name) => [name, `exec /usr/bin/${name} "$@"`]));
    const host = machine({ ...passes, addgroup: "", adduser: "", deluser: "" });
    const environment = { PATH: join(host.folder, "bin") };
    const run = (...args: string[]) => {
      const done = host.run(shell, "user_apply", args, { environment });
      return { ...done, calls: done.calls.filter((call) => /^(add|del)/.test(call)) };
    };
    expect(run("eve", "present", "=7", "", "=adm,shop", "", "=/bin/sh", "=Eve", "false").calls).toEqual([
      "addgroup eve",
      "adduser -D -u 7 -s /bin/sh -g Eve -G eve eve",
      "addgroup eve adm",
      "addgroup eve shop",
    ]);
    expect(run("eve", "present", "", "=shop", "", "", "", "", "true").calls).toEqual([
      `adduser -D -S -H -h /nonexistent -s ${join(host.folder, "bin/nologin")} -G shop eve`,
    ]);
    expect(run("ada", "present", "", "", "=adm,shop", "", "", "", "false").calls).toEqual(["addgroup ada shop"]);
    expect(run("ada", "absent", "", "", "", "", "", "", "false").calls).toEqual(["deluser ada"]);
    expect(run("ada", "present", "=5", "", "", "", "", "", "false")).toMatchObject({
      status: 1,
      stderr: 'user "ada": changing an account that is there needs usermod, which this machine has not\n',
    });
  });

  test(`${shell.name}: a failure is told in the program's words, a lock is waited for`, () => {
    const host = machine({ ...shadow, usermod: "echo 'usermod: user ada is currently used by process 7' >&2; exit 8" });
    const done = host.run(shell, "user_apply", ["ada", "present", "=1", "", "", "", "", "", "false"]);
    expect(done).toMatchObject({
      status: 1,
      stderr: 'user "ada": usermod failed: usermod: user ada is currently used by process 7\n',
      changed: false,
    });
    const locked = machine({
      ...shadow,
      useradd: `[ -f "$WORLD/free" ] || { echo 'useradd: cannot lock /etc/passwd; try again later.'; exit 1; }`,
      sleep: `: >"$WORLD/free"`,
    });
    const waited = locked.run(shell, "user_apply", ["eve", "present", "", "", "", "", "", "", "false"]);
    expect(waited).toMatchObject({ status: 0, changed: true });
    expect(acts(waited.calls)).toHaveLength(3);
  });
}
