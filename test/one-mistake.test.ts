import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { nodeCompilerHost } from "../cli/node-compiler-host.ts";
import { check } from "../compiler/check.ts";
import { builtinFunctions } from "../compiler/functions/table.ts";
import { load } from "../compiler/loader.ts";
import { kinds } from "../stdlib/index.ts";

/** One mistake in a recipe that is right gives one error: others would only follow from it. */

const root = join(import.meta.dirname, "..");
const web = join(root, "examples/web");
const table = new Map(kinds.map((kind) => [kind.name, kind]));

/** The errors of a recipe, each as its code and line. */
function errorsOf(text: string, place = web): readonly string[] {
  const host = nodeCompilerHost(join(root, "cookbooks"), place);
  const bytes = new TextEncoder().encode(text);
  const program = load(
    "site.recipe",
    { ...host, read: (asked) => (asked === "site.recipe" ? { bytes } : host.read(asked)) },
    table,
  );
  const found = [...program.diagnostics, ...check(program, builtinFunctions)];
  return found
    .filter(({ severity }) => severity === "error")
    .map(({ code, span }) => `${code} ${span.file.text.slice(0, span.start).split("\n").length}`);
}

const site = readFileSync(join(web, "site.recipe"), "utf8");
const own = `resource app(name: string) {
  input port: port = 80
  input users: set<string> = ["www"]
  let home = "/srv/\${name}"
  observe version: string? = sh"app --version"
  output url: string = "http://\${name}:\${port}"
  directory home
  for user in users {
    file "\${home}/\${user}" {
      content = "\${port} \${user}"
      mode = 0644
    }
  }
  if host.cpus > 2 {
    package "memcached"
  } else {
    package "nginx"
  }
  match host.os.family {
    "debian" => { package "curl" }
    else => { package "wget" }
  }
}
type Level = "low" | "high"
fn doubled(count: int): int = count * 2
let level: Level = "low"
let settings = { first = 1, second = 2 }
app "shop" { port = 81 }
app "blog" {
  port = 82
  users = ["editor"]
}
file "/etc/motd" {
  content = "\${level} \${doubled(settings.first)} \${doubled(settings.second)} \${app["shop"].url}"
  owner = "root"
  require package["curl"]
}
file "/etc/issue" { content = "\${level} \${doubled(3)} \${settings.first}" }
`;

test("the recipes that mistakes are made in are right", () => {
  expect(errorsOf(site)).toEqual([]);
  expect(errorsOf(own)).toEqual([]);
});

/** A mistake: what is written, what is written instead, and the one error with its line. */
const mistakes: readonly (readonly [name: string, recipe: string, from: string, to: string, error: string])[] = [
  ["resource is misspelt", own, "resource app", "resorce app", "R130 1"],
  ["resource is a word of another tool", own, "resource app", "class app", "R130 1"],
  ["the word resource is missing", own, "resource app", "app", "R010 1"],
  ["let is misspelt", own, "let level", "lett level", "R130 26"],
  ["let is misspelt in a block", own, "let home", "lett home", "R130 4"],
  ["let is a word of another tool", own, "let settings =", "var settings =", "R130 27"],
  ["let is missing", site, "let domain", "domain", "R119 5"],
  ["the name of a let is missing", site, "let domain =", "let =", "R021 5"],
  ["the value of a let is missing", site, 'let domain = "www.example"', "let domain =", "R013 5"],
  ["the sign of a let is missing", site, "let domain =", "let domain", "R016 5"],
  ["the sign of a let is doubled", site, "let domain =", "let domain = =", "R020 5"],
  ["fn is misspelt", own, "fn doubled", "fnn doubled", "R130 25"],
  ["fn is a word of another tool", own, "fn doubled", "def doubled", "R130 25"],
  ["a parameter of a function is broken", own, "(count: int)", "(count int)", "R022 25"],
  ["input is misspelt", own, "input port", "inputt port", "R130 2"],
  ["input is missing", own, "input port", "port", "R103 2"],
  ["observe is misspelt", own, "observe version", "observ version", "R130 5"],
  ["output is misspelt", own, "output url", "ouput url", "R130 6"],
  ["type is misspelt", own, "type Level", "typ Level", "R130 24"],
  ["a type is broken", own, '"low" | "high"', '"low" "high"', "R031 24"],
  ["for is misspelt", own, "for user", "forr user", "R130 8"],
  ["the name of a loop is misspelt", own, "for user", "for usr", "T148 9"],
  ["if is misspelt", own, "if host", "iff host", "R130 14"],
  ["match is misspelt", own, "match host", "mtach host", "R130 19"],
  ["use is misspelt", site, "use apache", "usee apache", "R104 2"],
  ["use is a word of another tool", site, "use apache", "include apache", "R104 2"],
  ["use is missing", site, "use apache", "apache", "R018 2"],
  ["what is used is misspelt", site, "use apache", "use apachee", "L102 2"],
  ["what is used is missing", site, "use apache", "use", "R021 2"],
  ["a declaration is misspelt once and its name used often", site, "let domain", "let domian", "T120 11"],
  ["a name is misspelt once", own, "doubled(3)", "doubledd(3)", "T120 38"],
  ["a name in the record of a template is misspelt", site, "{ domain, system", "{ domainn, system", "T120 18"],
  ["a kind is misspelt", site, 'group "editors"', 'gruop "editors" {}', "R104 26"],
  ["a kind with properties is misspelt", site, 'user "publish"', 'usr "publish"', "R104 27"],
  ["a kind that is referred to is misspelt", own, 'package "curl"', 'pakage "curl"', "R104 20"],
  ["a property is misspelt", own, "  owner =", "  ownr =", "R101 35"],
  ["the sign of a property is missing", own, '  owner = "root"', '  owner "root"', "R103 35"],
  ["the opening brace of a body is missing", own, 'file "/etc/motd" {', 'file "/etc/motd"', "R015 33"],
  ["the opening brace of a body is doubled", own, 'file "/etc/motd" {', 'file "/etc/motd" { {', "R019 33"],
  ["the closing brace of a body is missing", own, '  users = ["editor"]\n}', '  users = ["editor"]', "R010 31"],
  ["a closing brace is doubled", own, '  users = ["editor"]\n}', '  users = ["editor"]\n}\n}', "R011 33"],
  ["a quote is missing", own, '"root"', '"root', "R005 35"],
  ["a comma of a record is missing", own, "first = 1, second", "first = 1 second", "R012 27"],
  ["the bracket of a list is doubled", own, '["editor"]', '[["editor"]', "R010 31"],
  ["the bracket of a list is missing", own, '["editor"]', '["editor"', "R010 31"],
  ["a let has a value of a wrong type", own, 'let level: Level = "low"', "let level: Level = 5", "T130 26"],
  ["a let cannot be computed", own, "first = 1,", 'first = 1 + "a",', "T135 27"],
];

for (const [name, recipe, from, to, error] of mistakes) {
  test(`${name}: one error`, () => {
    expect(recipe.split(from).length).toBeGreaterThan(1);
    expect(errorsOf(recipe.replace(from, () => to))).toEqual([error]);
  });
}

test("two mistakes that are apart give two errors", () => {
  const two = own.replace("fn doubled", "fnn doubled").replace("doubled(3)", "doubld(3)");
  expect(errorsOf(two)).toEqual(["R130 25", "T120 38"]);
});

test("a name that is used often is reported with the lines of its uses", () => {
  const text = 'let sise = 5\nfile "/a" { content = "${size} ${size}" }\nfile "/b" { content = "${size}" }\n';
  const bytes = new TextEncoder().encode(text);
  const host = nodeCompilerHost(join(root, "cookbooks"), web);
  const program = load("a.recipe", { ...host, read: () => ({ bytes }) }, table);
  expect(check(program, builtinFunctions)).toMatchObject([
    { code: "T120", label: "did you mean `sise`?", hints: ["also in line 3"] },
  ]);
});
