import { afterEach, expect, test } from "vitest";
import type { Have, Want } from "../../compiler/kind/kind.ts";
import type { Value } from "../../compiler/kind/value.ts";
import { debian12 } from "../facts/debian-12.ts";
import { shells } from "../../test/verbs/shells.ts";
import { showChanges } from "../../test/verbs/show-changes.ts";
import { context as contextOf, want as wantOf } from "../../test/verbs/wants.ts";
import { makeWorld, type World } from "../../test/verbs/world.ts";
import { packageKind } from "./package.ts";

const context = contextOf();

const wanted = (title: string, given: Readonly<Record<string, Value>> = {}): Want => wantOf(packageKind, title, given);

const dump = `ii |awk-none:all|1|
ii |apache2-bin:amd64|2.4.62-1|
rc |apache2-data:all|2.4.62-1|
ii |dpkg:amd64|1.21.22|
hi |htop:amd64|3.2.2-2|
ii |libc6:amd64|2.36-9|libc6-2.36
ii |libc6:i386|2.36-9|
ii |mawk:amd64|1.3.4-3|awk
iU |nginx:amd64|1.22.1-9|httpd, httpd-cgi
ii |nullmailer:amd64|1:2.2-4|mail-transport-agent (= 2.2), smtp
iiR|sudo:amd64|1.9.13|
un |vim:|<none>|
ii |zsh:i386|5.9-4|
`;

const noted = `Package: apache2-bin
Architecture: amd64
Auto-Installed: 0

Package: awk-none
Architecture: amd64
Auto-Installed: 1

Package: libc6
Architecture: i386
Auto-Installed: 1

Package: nullmailer
Architecture: amd64
Auto-Installed: 1
`;

const states: readonly (readonly [title: string, state: string, have: Have, line: string])[] = [
  ["apache2", "present", { state: "absent" }, "absent"],
  ["apache2-bin", "present", { state: "present", version: "2.4.62-1", hold: false }, "present 2.4.62-1"],
  ["apache2-data", "present", { state: "absent" }, "absent"],
  [
    "awk",
    "present",
    { state: "present", version: "1.3.4-3", hold: false, provider: "mawk:amd64" },
    "provided mawk:amd64 1.3.4-3",
  ],
  ["awk", "absent", { state: "absent" }, "absent"],
  [
    "awk-none:amd64",
    "present",
    { state: "present", version: "1", hold: false, automatic: true, otherName: "awk-none" },
    "present 1 auto",
  ],
  ["awk-none:i386", "present", { state: "absent" }, "absent"],
  ["htop", "present", { state: "present", version: "3.2.2-2", hold: true }, "present 3.2.2-2 held"],
  ["httpd", "present", { state: "absent" }, "absent"],
  ["libc6", "present", { state: "present", version: "2.36-9", hold: false }, "present 2.36-9"],
  [
    "libc6:i386",
    "present",
    { state: "present", version: "2.36-9", hold: false, automatic: true },
    "present 2.36-9 auto",
  ],
  [
    "mail-transport-agent",
    "present",
    { state: "present", version: "1:2.2-4", hold: false, provider: "nullmailer:amd64" },
    "provided nullmailer:amd64 1:2.2-4",
  ],
  ["nginx", "present", { state: "unfinished", version: "1.22.1-9" }, "unfinished 1.22.1-9"],
  ["sudo", "present", { state: "unfinished", version: "1.9.13" }, "unfinished 1.9.13"],
  ["vim", "present", { state: "absent" }, "absent"],
  ["zsh", "present", { state: "absent" }, "absent"],
];

/** A machine of text files: `db` is what dpkg-query prints, `lists` what apt-cache knows, `apt` what apt-get does next. */
const programs = {
  "apt-cache": `case $1 in
    madison) shift 2; for name; do grep "^ *$name |" "$WORLD/lists"; done ;;
    showpkg) if [ -f "$WORLD/showpkg" ]; then cat "$WORLD/showpkg"; fi ;;
  esac`,
  "apt-get": `case " $* " in
    *' update '*) cp "$WORLD/lists.new" "$WORLD/lists" 2>/dev/null ;;
    *' check '*) exit 0 ;;
  esac
  . "$WORLD/apt"`,
  "apt-mark": `case $1 in
    unhold) sed -i "s/^hi |$3:/ii |$3:/" "$WORLD/db" ;;
    hold) sed -i "s/^ii |\${3%:*}:/hi |\${3%:*}:/" "$WORLD/db" ;;
    manual) sed -i "/^Package: $3\\$/,/^\\$/d" "$WORLD/noted" ;;
    showhold) echo htop ;;
  esac`,
  dpkg: `case $1 in
    --print-architecture) echo amd64 ;;
    *) sed -i 's/^i[UFHWt] /ii /; s/^iiR/ii /' "$WORLD/db" ;;
  esac`,
  "dpkg-query": `cat "$WORLD/db"`,
  find: `if [ -f "$WORLD/newer" ]; then echo /etc/apt/sources.list.d/x.sources; fi`,
  touch: `rm -f "$WORLD/newer"`,
  // Looks at this machine's notes instead of the real ones.
  grep: `left=$#; while [ "$left" -gt 0 ]; do
    word=$1; shift; left=$((left - 1))
    case $word in /var/lib/apt/extended_states) word=$WORLD/noted ;; esac
    set -- "$@" "$word"
  done; exec /usr/bin/grep "$@"`,
};

/** Installs and removes what follows the two dashes. */
const works = `seen=; for word; do
  case $seen:$word in
    :--) seen=1 ;;
    :*) ;;
    *-) sed -i "s/^.. |\${word%-}:/rc |\${word%-}:/" "$WORLD/db" ;;
    *=*) sed -i "/|\${word%=*}:/d" "$WORLD/db"; echo "ii |\${word%=*}:amd64|\${word#*=}|" >>"$WORLD/db" ;;
    *) sed -i "/|$word:/d" "$WORLD/db"; echo "ii |$word:amd64|9-1|" >>"$WORLD/db" ;;
  esac
done`;

let world: World | undefined;
afterEach(() => world?.remove());

function machine(apt = works, lists = ""): World {
  world?.remove();
  world = makeWorld(programs);
  world.write("db", dump);
  world.write("noted", noted);
  world.write("apt", apt);
  world.write("lists", lists);
  return world;
}

/** Calls that change something, without the options that every call has. */
function acts(calls: readonly string[]): readonly string[] {
  return calls
    .filter((call) => /^apt-get|^apt-mark|^dpkg --force/.test(call))
    .map((call) => call.replace(/ -q -y .* -o DPkg::Lock::Timeout=(\d+) -o APT::Cmd::Pattern-Only=true/, " [$1]"));
}

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test("one dump of the database tells every state", () => {
  for (const [title, state, have, line] of states) {
    const want = wanted(title, { state });
    const read = packageKind.read(bytes(`${dump}${noted.replaceAll("\n\n", "\n")}\n`), [want], context).get(title);
    expect(read, title).toEqual(have);
    expect(packageKind.fingerprint(have), title).toBe(line);
  }
});

test("what can be installed is read only of packages with a version", () => {
  const wants = [wanted("curl"), wanted("htop", { version: "3.3.*" })];
  expect(packageKind.probe(wants, context)).toEqual({
    verb: "package_probe",
    names: [],
    arguments: ["curl\nhtop", "htop"],
  });
  const lists = "      htop | 3.3.0-4 | http://x\n      htop | 3.2.2-2 | http://x\n";
  const have = packageKind.read(bytes(`${dump}\n${lists}`), wants, context).get("htop");
  expect(have?.["available"]).toEqual(["3.3.0-4", "3.2.2-2"]);
});

test("a machine that cannot be read says why", () => {
  const wants = [wanted("curl")];
  const alpine = {
    ...debian12,
    package_manager: "apk",
    os: { ...debian12.os, family: "alpine", id: "alpine" },
  } as const;
  expect(packageKind.read(bytes(""), wants, context).size).toBe(0);
  expect(packageKind.unreadable?.(bytes(""), wants, { ...context, facts: alpine }).get("curl")).toBe(
    "packages are not supported yet on alpine (alpine), only where apt is",
  );
  const broken = bytes("dpkg-query: error: parsing file '/var/lib/dpkg/status' near line 7\n\n");
  expect(packageKind.read(broken, wants, context).size).toBe(0);
  expect(packageKind.unreadable?.(broken, wants, context).get("curl")).toBe(
    "dpkg-query: error: parsing file '/var/lib/dpkg/status' near line 7",
  );
});

const differences: readonly (readonly [
  given: Readonly<Record<string, Value>>,
  have: Have,
  changes: readonly string[],
])[] = [
  [{}, { state: "absent" }, ['state "absent" -> "present"']],
  [{}, { state: "unfinished", version: "1" }, ['state "unfinished" -> "present"']],
  [{}, { state: "present", version: "1", hold: true }, []],
  [{ state: "absent" }, { state: "present", version: "1", hold: true }, ['state "present" -> "absent"']],
  [{ state: "absent" }, { state: "absent" }, []],
  [{ version: "1.2.*" }, { state: "present", version: "1:1.2.9-1", hold: false }, []],
  [{ version: "1.2.*" }, { state: "present", version: "1.20-1", hold: false }, ['version "1.20-1" -> "1.2.*"']],
  [
    { version: "1.2.*" },
    { state: "present", version: "1.1", hold: false, available: ["1.3", "1.2.7-1", "1.2.1-1"] },
    ['version "1.1" -> "1.2.7-1"'],
  ],
  [{ version: "1.2-1" }, { state: "present", version: "1:1.2-1", hold: false }, []],
  [{ version: "1.2" }, { state: "present", version: "1.2-1", hold: false }, ['version "1.2-1" -> "1.2"']],
  [{ version: "1.2" }, { state: "present", version: "1.2", provider: "x:all" }, ['version "1.2"']],
  [{ hold: true }, { state: "present", version: "1", hold: false }, ["hold false -> true"]],
  [{ hold: false }, { state: "present", version: "1", hold: true }, ["hold true -> false"]],
  [{ hold: false }, { state: "absent" }, ['state "absent" -> "present"']],
  [{}, { state: "present", version: "1", hold: false, automatic: true }, ['mark "automatic" -> "manual"']],
  [{ state: "absent" }, { state: "present", version: "1", automatic: true }, ['state "present" -> "absent"']],
];

test("only what is stated is compared", () => {
  for (const [given, have, changes] of differences) {
    expect(showChanges(packageKind.difference?.(wanted("x", given), have, context))).toEqual(changes);
  }
});

test("all packages go into one transaction with the longest timeout", () => {
  const wants = [
    wanted("curl"),
    wanted("htop", { version: "3.2.*", hold: true, lock_timeout: { type: "duration", milliseconds: 90_500 } }),
    wanted("nano", { state: "absent" }),
  ];
  expect(packageKind.transaction?.(wants, context)).toEqual([
    {
      verb: "package_transaction",
      arguments: ["91", "curl", "present", "", "", "htop", "present", "3.2.*", "true", "nano", "absent", "", ""],
    },
  ]);
});

for (const shell of shells) {
  test(`${shell.name}: the probe prints what can matter, and the state is its own line`, () => {
    const host = machine(works, "  htop | 3.3.0-4 | x\n");
    const titles = states.map(([title]) => title);
    const probe = host.run(shell, "package_probe", [
      titles.map((title) => title.replace(/:.*/, "")).join("\n"),
      "htop",
    ]);
    for (const [title, state, have] of states) {
      const want = wanted(title, { state });
      const { available: _, ...read } = packageKind.read(bytes(probe.stdout), [want], context).get(title) ?? {
        state: "?",
      };
      expect(read, title).toEqual(have);
    }
    expect(probe.stdout).not.toContain("zsh-common");
    expect(probe.calls.filter((call) => call.startsWith("dpkg-query"))).toHaveLength(1);
    for (const [title, state, , line] of states) {
      expect(host.run(shell, "package_state", [title, state]).stdout, title).toBe(`${line}\n`);
    }
  });

  test(`${shell.name}: the probe survives odd names`, () => {
    const host = machine();
    const names = ["a b", "a'b", 'a"b', "a\nb", "tail\n", "t\tt", "b\\s", "$(id)", "-dash", "--", ".*", ""];
    const probe = host.run(shell, "package_probe", [names.join("\n")]);
    expect(probe).toMatchObject({ status: 0, stderr: "" });
    expect(packageKind.read(bytes(probe.stdout), [wanted("htop")], context).size).toBe(1);
  });

  test(`${shell.name}: one run of apt-get does all of a transaction`, () => {
    const host = machine(works, "  htop | 3.3.1-1 | x\n  htop | 3.3.0-4 | x\n");
    const members = ["curl", "present", "", "", "htop", "present", "3.3.*", "true", "mawk", "absent", "", ""];
    const done = host.run(shell, "package_transaction", ["60", ...members, "awk-none", "present", "", ""]);
    expect(done).toMatchObject({ status: 0, stderr: "" });
    expect(acts(done.calls)).toEqual([
      "dpkg --force-confdef --force-confold --configure -a",
      "apt-mark unhold -- htop",
      "apt-get [60] -s --allow-downgrades install -- curl htop=3.3.1-1 mawk-",
      "apt-get [60] --allow-downgrades install -- curl htop=3.3.1-1 mawk-",
      "apt-mark hold -- htop",
    ]);
    const confirmed = host.run(shell, "package_apply", ["60", "htop", "present", "3.3.*", "true"]);
    expect(confirmed).toMatchObject({ status: 0, changed: false });
    const released = host.run(shell, "package_apply", ["60", "htop", "present", "3.3.*", "false"]);
    expect(released).toMatchObject({ status: 0, changed: true });
    expect(acts(released.calls)).toEqual(["apt-mark unhold -- htop"]);
    const held = host.run(shell, "package_apply", ["60", "htop", "present", "", "true"]);
    expect(acts(held.calls)).toEqual(["apt-mark hold -- htop"]);
    expect(host.run(shell, "package_apply", ["60", "mawk", "absent", "", ""]).changed).toBe(false);
  });

  test(`${shell.name}: marks are set on what is there, also on a package that stands in for the name`, () => {
    const host = machine();
    const marked = host.run(shell, "package_apply", ["60", "awk-none", "present", "", ""]);
    expect(marked).toMatchObject({ status: 0, stderr: "", changed: true });
    expect(acts(marked.calls)).toEqual(["apt-mark manual -- awk-none"]);
    expect(host.run(shell, "package_state", ["awk-none", "present"]).stdout).toBe("present 1\n");
    const held = host.run(shell, "package_apply", ["60", "awk", "present", "", "true"]);
    expect(acts(held.calls)).toEqual(["apt-mark hold -- mawk:amd64"]);
    expect(host.run(shell, "package_state", ["awk", "present"]).stdout).toBe("provided mawk:amd64 1.3.4-3 held\n");
  });

  test(`${shell.name}: a hold on a package that is not installed goes when the recipe says what to do with it`, () => {
    const host = machine();
    const done = host.run(shell, "package_apply", ["60", "curl", "present", "", "false"]);
    expect(done).toMatchObject({ status: 0, stderr: "", changed: true });
    expect(acts(done.calls).slice(1)).toEqual(["apt-mark unhold -- curl", "apt-get [60] --no-remove install -- curl"]);
  });

  test(`${shell.name}: a package that is as wanted is left alone, also when a newer one exists`, () => {
    const host = machine();
    for (const args of [
      ["htop", "present", "", ""],
      ["htop", "present", "3.2.*", "true"],
      ["awk", "present", "", ""],
      ["vim", "absent", "", ""],
    ]) {
      const done = host.run(shell, "package_apply", ["60", ...args]);
      expect(done).toMatchObject({ status: 0, changed: false });
      expect(acts(done.calls)).toEqual([]);
    }
  });

  test(`${shell.name}: one package alone is installed by its own verb`, () => {
    const host = machine();
    const done = host.run(shell, "package_apply", ["5", "curl", "present", "", ""]);
    expect(done).toMatchObject({ status: 0, changed: true });
    expect(acts(done.calls).slice(1)).toEqual(["apt-get [5] --no-remove install -- curl"]);
  });

  test(`${shell.name}: an unknown package is looked for in fresh lists, named, and does not stop the others`, () => {
    const host = machine(`case " $* " in
      *' install '*) case " $* " in
        *' curll '*) echo 'E: Unable to locate package curll'; exit 100 ;;
        *) ${works} ;;
      esac ;;
    esac`);
    const members = ["curl", "present", "", "", "curll", "present", "", ""];
    const done = host.run(shell, "package_transaction", ["60", ...members]);
    const said =
      'package "curll" is in none of this machine\'s package lists, which were refreshed just now: check its spelling, or add the repository that has it';
    expect(done).toMatchObject({ status: 1, stderr: `${said}\n` });
    expect(acts(done.calls).slice(1)).toEqual([
      "apt-get [60] --no-remove install -- curl curll",
      "apt-get [60] update",
      "apt-get [60] --no-remove install -- curl curll",
      "apt-get [60] --no-remove install -- curl",
    ]);
    const own = host.run(shell, "package_apply", ["60", "curll", "present", "", ""]);
    expect(own).toMatchObject({ status: 1, stderr: `${said}\n` });
    expect(acts(own.calls)).toEqual([]);
    const retried = host.run(shell, "package_apply", ["60", "curll", "present", "", ""]);
    expect(acts(retried.calls)).toContain("apt-get [60] --no-remove install -- curll");
    expect(host.run(shell, "package_apply", ["60", "curl", "present", "", ""])).toMatchObject({ status: 0 });
  });

  test(`${shell.name}: when the lists cannot be refreshed, the words of apt are the cause`, () => {
    const host = machine(`case " $* " in
      *' update '*)
        echo 'Hit:1 http://x bookworm InRelease'
        echo "W: GPG error: http://y ./ InRelease: NO_PUBKEY 0123"
        echo "E: The repository 'http://y ./ InRelease' is not signed."
        exit 100 ;;
      *) echo 'E: Unable to locate package agent'; exit 100 ;;
    esac`);
    expect(host.run(shell, "package_transaction", ["60", "agent", "present", "", ""])).toMatchObject({
      status: 1,
      stderr:
        "package \"agent\" is in none of this machine's package lists; refreshing the lists failed: GPG error: http://y ./ InRelease: NO_PUBKEY 0123; The repository 'http://y ./ InRelease' is not signed.\n",
    });
  });

  test(`${shell.name}: lists that are older than a source are refreshed first`, () => {
    const host = machine();
    host.write("newer", "");
    const done = host.run(shell, "package_transaction", ["60", "curl", "present", "", ""]);
    expect(acts(done.calls).slice(1)).toEqual(["apt-get [60] update", "apt-get [60] --no-remove install -- curl"]);
  });

  test(`${shell.name}: a name that several packages provide asks for a choice`, () => {
    const host = machine(`case " $* " in *' install '*)
      echo "E: Package 'smtpd' has no installation candidate"; exit 100 ;;
    esac`);
    host.write(
      "showpkg",
      "Package: smtpd\nVersions: \n\nReverse Provides: \npostfix 3.7 (= )\nexim4 4.9 (= )\npostfix 3.6 (= )\n",
    );
    const done = host.run(shell, "package_transaction", ["60", "smtpd", "present", "", ""]);
    expect(done.stderr).toBe('package "smtpd" is a name that several packages provide: declare one of postfix exim4\n');
  });

  test(`${shell.name}: a version that no list has is named with those that are there`, () => {
    const host = machine(works, "  curl | 7.88-1 | x\n");
    const done = host.run(shell, "package_transaction", ["60", "curl", "present", "8.*", ""]);
    expect(done).toMatchObject({
      status: 1,
      stderr: 'package "curl" cannot be had in the wanted version; the lists have 7.88-1\n',
    });
    host.write("lists.new", "  curl | 8.1-1 | x\n  curl | 7.88-1 | x\n");
    const again = host.run(shell, "package_transaction", ["60", "curl", "present", "8.*", ""]);
    expect(acts(again.calls)).toEqual([
      "apt-get [60] update",
      "apt-get [60] --no-remove --allow-downgrades install -- curl=8.1-1",
    ]);
  });

  test(`${shell.name}: an archive that has moved on costs one refresh`, () => {
    const host = machine(`case " $* " in
      *' update '*) : >"$WORLD/fresh" ;;
      *) if [ -f "$WORLD/fresh" ]; then ${works}
        else echo 'E: Failed to fetch http://x/curl_1.deb  404  Not Found'; exit 100; fi ;;
    esac`);
    const done = host.run(shell, "package_transaction", ["60", "curl", "present", "", ""]);
    expect(done).toMatchObject({ status: 0, stderr: "" });
    expect(acts(done.calls).slice(1)).toEqual([
      "apt-get [60] --no-remove install -- curl",
      "apt-get [60] update",
      "apt-get [60] --no-remove install -- curl",
    ]);
  });

  const failures: readonly (readonly [output: string, message: string])[] = [
    [
      "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812 (unattended-upgr)\nE: Unable to acquire the dpkg frontend lock (/var/lib/dpkg/lock-frontend), is another process using it?",
      "the package database is still locked after 60 s, by unattended-upgr (pid 812): wait until it is done or end it, then apply again (lock_timeout says how long to wait)\n",
    ],
    [
      "E: You don't have enough free space in /var/cache/apt/archives/.",
      "the disk is full: You don't have enough free space in /var/cache/apt/archives/; make room and apply again\n",
    ],
    [
      "The following packages will be REMOVED:\n  exim4 exim4-base\n  exim4-config\nThe following NEW packages will be installed:\n  postfix\nE: Packages need to be removed but remove is disabled.",
      'installing this would remove exim4 exim4-base exim4-config: declare what may go with state = "absent"\n',
    ],
    [
      "E: Held packages were changed and -y was used without --allow-change-held-packages.",
      "a held package would have to change (held here: htop): release it with hold = false, or declare the version it shall have\n",
    ],
    [
      "Reading package lists...\nSetting up curl (1) ...\ncurl: the script failed\nE: Sub-process /usr/bin/dpkg returned an error code (1)",
      "apt-get failed with status 100:\nSetting up curl (1) ...\ncurl: the script failed\nE: Sub-process /usr/bin/dpkg returned an error code (1)\n",
    ],
  ];

  test(`${shell.name}: a failure says what to do`, () => {
    for (const [output, message] of failures) {
      const host = machine(`case " $* " in *' install '*) cat "$WORLD/output"; exit 100 ;; esac`);
      host.write("output", `${output}\n`);
      const done = host.run(shell, "package_transaction", ["60", "curl", "present", "", ""]);
      expect(done).toMatchObject({ status: 1, stderr: message });
      host.remove();
    }
    world = undefined;
  });

  test(`${shell.name}: removing more than is declared is refused before anything happens`, () => {
    const host = machine(`case " $* " in *' -s '*) echo 'Remv htop [1]'; echo 'Remv mawk [1] [htop:amd64 ]' ;; esac`);
    const done = host.run(shell, "package_transaction", ["60", "mawk", "absent", "", ""]);
    expect(done).toMatchObject({
      status: 1,
      stderr:
        'removing mawk would also remove htop: declare those with state = "absent" too, if that is what you want\n',
    });
    expect(acts(done.calls).slice(1)).toEqual(["apt-get [60] -s install -- mawk-"]);
  });

  test(`${shell.name}: a held package goes when the recipe says so, and no hold is left behind`, () => {
    const host = machine();
    const done = host.run(shell, "package_apply", ["60", "htop", "absent", "", ""]);
    expect(done).toMatchObject({ status: 0, stderr: "", changed: true });
    expect(acts(done.calls).slice(1)).toEqual([
      "apt-mark unhold -- htop",
      "apt-get [60] -s install -- htop-",
      "apt-get [60] install -- htop-",
    ]);
  });

  test(`${shell.name}: what fails for all is not tried again by each, what one member spoils is`, () => {
    const members = ["curl", "present", "", "", "bad", "present", "", ""];
    const after = (output: string): readonly string[] => {
      const host = machine(
        `case " $* " in *' bad '*) cat "$WORLD/output"; exit 100 ;; *' install '*) ${works} ;; esac`,
      );
      host.write("output", `${output}\n`);
      expect(host.run(shell, "package_transaction", ["60", ...members]).status).toBe(1);
      return acts(host.run(shell, "package_apply", ["60", "curl", "present", "", ""]).calls);
    };
    const waits = "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 812 (unattended-upgr)";
    expect(after(waits)).toEqual([]);
    expect(after("E: You don't have enough free space in /var/cache/apt/archives/.")).toEqual([]);
    expect(after("E: Failed to fetch http://x/curl.deb  Connection refused")).toEqual([]);
    expect(after("E: Sub-process /usr/bin/dpkg returned an error code (1)")).toContain(
      "apt-get [60] --no-remove install -- curl",
    );
  });
}

test("the last provider of a declared name is known, unless a package to come may provide it too", () => {
  const output = new TextEncoder().encode(`${dump}\n`);
  const last = (...wants: readonly Want[]) => packageKind.read(output, wants, context).get("mawk")?.["lastProviderOf"];
  const removal = wanted("mawk", { state: "absent" });
  expect(last(wanted("awk"), removal)).toBe("awk");
  expect(last(wanted("awk", { state: "absent" }), removal)).toBeUndefined();
  expect(last(wanted("awk"), wanted("gawk"), removal)).toBeUndefined();
  expect(last(removal)).toBeUndefined();
});

test("a name with the machine's own architecture is the name without it; a foreign one is not", () => {
  const output = new TextEncoder().encode(`${dump}\n`);
  const names = (title: string) => {
    const want = wanted(title);
    return packageKind.names?.(want, packageKind.read(output, [want], context).get(title) ?? { state: "absent" });
  };
  expect(names("libc6:amd64")).toEqual(["libc6", "libc6:amd64"]);
  expect(names("libc6:i386")).toEqual(["libc6:i386"]);
  expect(names("libc6")).toEqual(["libc6"]);
});
