import { expect, test } from "vitest";
import type { DeclaredHost, Site } from "../site.ts";
import { expandNodeset, foldNodeset, NodesetProblem } from "./nodeset.ts";
import { selectHosts } from "./selector.ts";

const span = { file: { path: "site.recipe", text: "" }, start: 0, end: 0 };

function host(name: string, labels: Readonly<Record<string, string>> = {}): readonly [string, DeclaredHost] {
  return [name, { name, span, labels: new Map(Object.entries(labels)) }];
}

const layer = (kind: string, ...hosts: readonly string[]) => [kind, { kind, stack: "shop", hosts, span }] as const;

const site: Site = {
  hosts: new Map([
    host("db1", { zone: "eu-1" }),
    host("web1", { zone: "eu-1" }),
    host("web2", { zone: "eu-2", role: "canary" }),
    host("web3", { zone: "us-1" }),
    host("spare"),
  ]),
  stacks: new Map([["shop", { kind: "shop", hosts: ["db1", "web1", "web2", "web3"], span }]]),
  layers: new Map([layer("shop.db", "db1"), layer("shop.web", "web1", "web2", "web3")]),
  order: [],
  diagnostics: [],
};

test.each([
  ["web1", "web1"],
  ["web2,web1", "web1 web2"],
  ["web[1-2]", "web1 web2"],
  ["web[1-2,3]", "web1 web2 web3"],
  ["web", "web1 web2 web3"],
  ["shop.db", "db1"],
  ["shop", "db1 web1 web2 web3"],
  ["layer:web & !name:web[2-3]", "web1"],
  ["zone:eu-*", "db1 web1 web2"],
  ["layer:web & zone:eu-* & !role:canary", "web1"],
  ["!shop", "spare"],
  ["(db|web) & zone:us-?", "web3"],
  ["name:*1", "db1 web1"],
  ["web | spare & zone:eu-1", "web1 web2 web3"],
])("%s selects %s", (text, names) => {
  expect(selectHosts(text, site)).toEqual(names.split(" "));
});

test.each([
  ["wbe1", { problem: 'the recipe has no host, layer or stack "wbe1"', at: 0, hint: "did you mean web1?" }],
  ["web & zone:eu_*", { problem: 'no host has zone "eu_*"', at: 6 }],
  ["zoen:eu", { problem: 'no host has a label "zoen"', at: 0, hint: "did you mean zone?" }],
  ["db & web", { problem: "this selects no host", at: 0 }],
  ["web & ", { problem: "a host, a layer or KEY:VALUE is expected here", at: 6 }],
  ["(web", { problem: "a parenthesis is not closed", at: 4 }],
  ["web)", { problem: '")" is not expected here', at: 3 }],
  ["web[1-", { problem: "the bracket is not closed", at: 3 }],
  ["web[3-1]", { problem: "the range goes backwards", at: 4 }],
  ["web[x]", { problem: '"x" is no number and no range such as 1-9', at: 4 }],
  ["layer:", { problem: "a value is expected after layer:", at: 6 }],
  ["", { problem: "a host, a layer or KEY:VALUE is expected here", at: 0 }],
  ["web[0-999999999]", { problem: "this stands for more than 100000 names", at: 4 }],
])("%j is refused", (text, problem) => {
  expect(selectHosts(text, site)).toEqual(problem);
});

test("deep parentheses are refused, not followed", () => {
  expect(selectHosts("(".repeat(100_000), site)).toMatchObject({ problem: "the parentheses are nested too deeply" });
});

test.each([
  [["web1", "web2", "web3"], ["web[1-3]"]],
  [["web01", "web02", "web10"], ["web[01-02,10]"]],
  [["web9", "web10", "web11"], ["web[9-11]"]],
  [["web1"], ["web1"]],
  [
    ["a", "b"],
    ["a", "b"],
  ],
  [
    ["db1", "web2", "web1"],
    ["db1", "web[1-2]"],
  ],
  [
    ["n1.eu", "n2.eu", "n2.us"],
    ["n[1-2].eu", "n2.us"],
  ],
])("%j folds to %j", (names, folded) => {
  expect(foldNodeset(names)).toEqual(folded);
});

test("what was folded is what it stands for", () => {
  const names = Array.from({ length: 300 }, (_, index) => [
    `web${index}`,
    `db${`${index * 7}`.padStart(5, "0")}`,
  ]).flat();
  const back = foldNodeset(names).flatMap((text) => {
    const expanded = expandNodeset(text);
    return expanded instanceof NodesetProblem ? [] : expanded;
  });
  expect(back.toSorted()).toEqual(names.toSorted());
});
