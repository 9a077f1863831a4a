import { expect, test } from "vitest";
import type { Have, Want } from "../../compiler/kind/kind.ts";
import type { Value } from "../../compiler/kind/value.ts";
import { context as contextOf, want } from "../../test/verbs/wants.ts";
import { packageForecast } from "./forecast.ts";
import { packageKind } from "./package.ts";

const gone: Have = { state: "absent" };
const wanted = (title: string, properties: Readonly<Record<string, Value>> = {}): Want =>
  want(packageKind, title, properties);

/** What is foretold of the packages when apt answers so. */
function foretold(answer: string, wants: readonly Want[], haves: Readonly<Record<string, Have>> = {}) {
  const states = new Map(wants.map(({ title }) => [title, haves[title] ?? gone]));
  const context = { ...contextOf(), isDeclared: (_kind: string, title: string) => title === "declared" };
  return Object.fromEntries(packageForecast.read(new TextEncoder().encode(answer), wants, states, context));
}

/** The words that apt-get is given. */
const words = (wants: readonly Want[], haves: Readonly<Record<string, Have>> = {}) =>
  packageForecast.probe(wants, new Map(wants.map(({ title }) => [title, haves[title] ?? gone])))?.arguments;

test("the version that is wanted is chosen from the lists; what only changes a mark asks nothing", () => {
  const htop = wanted("htop", { version: "3.*" });
  expect(
    words([htop, wanted("curl"), wanted("vim", { state: "absent" })], {
      htop: { ...gone, available: ["4.0-1", "3.2.2-2", "3.0-1"] },
      vim: { state: "present", version: "9" },
    }),
  ).toEqual(["htop=3.2.2-2", "curl", "vim-"]);
  expect(words([wanted("curl", { hold: true })], { curl: { state: "present", version: "7" } })).toBeUndefined();
});

test.each(["", "lists none\n", "lists newer\n"])(
  "where lists are missing or about to change nothing is known: %j",
  (answer) => {
    expect(foretold(answer, [wanted("nosuch")])).toEqual({});
  },
);

test("versions are taken from the run that leaves out what no list has", () => {
  const answer = `lists fresh
run 100
E: Unable to locate package nosuch
run 0
Reading package lists...
The following additional packages will be installed:
   libnl (3.7)
Suggested packages:
   lm-sensors (1:3.6.0-7.1)
The following NEW packages will be installed:
   libc6:i386 (2.36-9)
   libnl (3.7)
The following packages will be upgraded:
   htop (3.0-1 => 3.2.2-2)
1 upgraded, 2 newly installed, 0 to remove and 128 not upgraded.
`;
  const told = foretold(answer, [wanted("htop"), wanted("libc6:i386"), wanted("htop:amd64"), wanted("nosuch")]);
  expect(told["htop"]).toEqual({ settles: { version: "3.2.2-2" } });
  expect(told["htop:amd64"]).toEqual({ settles: { version: "3.2.2-2" } });
  expect(told["libc6:i386"]).toEqual({ settles: { version: "2.36-9" } });
  expect(told["nosuch"]?.refusal?.problem).toBe("it is in none of this machine's package lists");
});

test("lists that are old make a doubt of what would be a refusal", () => {
  const answer = "lists old 9\nrun 100\nE: Package 'gone' has no installation candidate\n";
  expect(foretold(answer, [wanted("gone")])).toEqual({
    gone: {
      doubt:
        "it is in none of this machine's package lists; they are 9 days old, and are fetched again before it is installed",
    },
  });
});

test("a name that several packages provide is told with them", () => {
  const answer = `lists fresh
run 100
Package awk is a virtual package provided by:
  mawk 1.3
  gawk 1:5.2

E: Package 'awk' has no installation candidate
`;
  expect(foretold(answer, [wanted("awk")])["awk"]?.refusal?.cure).toBe("declare one of them: mawk, gawk");
});

test("what else would be removed is told once, and what the recipe declares is named as such", () => {
  const answer =
    "lists fresh\nrun 0\nThe following packages will be REMOVED:\n   a* (1)\n   declared (2)\n   other (3)\nThe following NEW packages will be installed:\n   b (1)\n";
  const told = foretold(answer, [wanted("b"), wanted("a", { state: "absent" })], {
    a: { state: "present", version: "1" },
  });
  expect(told["a"]?.refusal?.problem).toBe("removing a would also remove declared (declared), other");
  expect(told["b"]).toEqual({ settles: { version: "1" } });
});

test("holds: of the package itself, of one that the recipe releases, of another one", () => {
  const run =
    "run 0\nThe following NEW packages will be installed:\n   tree (2.1)\nThe following held packages will be changed:\n   dep (1 => 2)\n";
  const own = foretold(`lists fresh\nheld tree\n${run}`, [wanted("tree")]);
  expect(own["tree"]?.refusal?.problem).toBe("it is on hold there");
  for (const properties of [{ hold: false }, { hold: true }]) {
    expect(foretold(`lists fresh\nheld tree\n${run}`, [wanted("tree", properties)])["tree"]).toEqual({
      settles: { version: "2.1" },
    });
  }
  const other = foretold(`lists fresh\nheld dep\n${run}`, [wanted("tree")]);
  expect(other["tree"]?.refusal?.problem).toBe("the held package dep would have to change");
});

test("packages that cannot be installed together are a doubt, in apt's words", () => {
  const answer = `lists fresh
run 100
The following packages have unmet dependencies:
 a : Depends: b (>= 2) but 1 is to be installed
     Depends: c but it is not installable
E: Unable to correct problems, you have held broken packages.
`;
  expect(foretold(answer, [wanted("a")])["a"]).toEqual({
    doubt:
      "apt says of this and the other packages: a : Depends: b (>= 2) but 1 is to be installed; Depends: c but it is not installable",
  });
});
