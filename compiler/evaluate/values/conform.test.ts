import { expect, test } from "vitest";
import type { Type } from "../../kind/type.ts";
import type { Value } from "../../kind/value.ts";
import { conform, Misfit, noDefaults, partOf } from "./conform.ts";

function fit(value: Value, type: Type): unknown {
  const result = conform(value, type, noDefaults);
  return result instanceof Misfit ? `${partOf("it", result.path)} ${result.problem}` : result;
}

const string: Type = { type: "string" };
const refined = (refinement: "cidr" | "hostname" | "ip" | "path" | "ssh_key" | "url" | "version"): Type => ({
  type: "string",
  refinement,
});

test.each([
  ["/", "/"],
  ["/srv", "/srv"],
  ["//srv///x/", "/srv/x"],
  ["/srv/./x/.", "/srv/x"],
  ["/srv/..x", "/srv/..x"],
])("the path %s is %s", (written, normal) => {
  expect(fit(written, refined("path"))).toBe(normal);
});

test.each([
  ["srv", 'it is "srv", which is no absolute path, it must begin with /'],
  ["", 'it is "", which is no absolute path, it must begin with /'],
  ["/srv/../etc", 'it is "/srv/../etc", which goes up with `..`; write the path that is meant'],
  ["/a\0b", 'it is "/a\\u0000b", which holds a NUL, which no path can'],
])("%j is no path", (written, message) => {
  expect(fit(written, refined("path"))).toBe(message);
});

const good: Readonly<Record<string, readonly string[]>> = {
  cidr: ["10.0.0.0/8", "0.0.0.0/0", "2001:db8::/32", "::/0"],
  hostname: ["a", "www.example", "x-1.example.", "1.2"],
  ip: ["0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::1", "1:2:3:4:5:6:7:8", "::ffff:10.0.0.1", "fe80::1:2"],
  ssh_key: [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ ada@example",
    "ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTY=",
    "sk-ssh-ed25519@openssh.com AAAAGnNrLXNzaC1lZDI1",
  ],
  url: ["https://example.org/", "ssh://git@host:22/x", "https://[::1]:8080/a?b#c", "file:///srv/x"],
  version: ["1", "1.2.3-4+deb12u1", "2:1.0~rc1", "8.2.*"],
};
const bad: Readonly<Record<string, readonly string[]>> = {
  cidr: ["10.0.0.0", "10.0.0.0/33", "::/129", "10.0.0.0/08", "10.0.0.0/8/1", "x/8"],
  hostname: ["", "-a", "a-", "a..b", "a_b", "a b", `${"a".repeat(64)}.b`, "a".repeat(254), "."],
  ip: [
    "256.0.0.1",
    "1.2.3",
    "01.2.3.4",
    "1.2.3.4.5",
    ":::",
    "1:2:3:4:5:6:7",
    "1::2::3",
    "12345::",
    "g::",
    "1:2:3:4:5:6:7::8",
    "",
  ],
  ssh_key: [
    "",
    "AAAA",
    "ssh-ed25519",
    "ssh-ed25519 short",
    "ssh-foo AAAAC3NzaC1lZDI1NTE5AAAAIJ",
    "ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAAIJ x\ny",
  ],
  url: ["example.org", "https://", "https:///x", "https://a b", "://x"],
  version: ["", " 1", "-1", "1 2", "1/2"],
};
const refinements = ["cidr", "hostname", "ip", "ssh_key", "url", "version"] as const;

test.each(refinements.flatMap((name) => (good[name] ?? []).map((text) => [text, name] as const)))(
  "%j fits %s",
  (text, name) => {
    expect(fit(text, refined(name))).toBe(text);
  },
);

test.each(refinements.flatMap((name) => (bad[name] ?? []).map((text) => [text, name] as const)))(
  "%j does not fit %s",
  (text, name) => {
    expect(fit(text, refined(name))).toMatch(/^it is ".*, which is no /s);
  },
);

test("numbers keep to their limits, which are named", () => {
  const port: Type = { type: "int", refinement: "port", range: { min: 1024 } };
  expect(fit(8080, port)).toBe(8080);
  expect(fit(80, port)).toBe("it is 80, it must be at least 1024");
  expect(fit(99_999, port)).toBe("it is 99999, which is no port: ports go from 1 to 65535");
  expect(fit(0, { type: "int", refinement: "port" })).toBe("it is 0, which is no port: ports go from 1 to 65535");
  expect(fit({ type: "size", bytes: 1 }, { type: "size", range: { min: 1024 } })).toBe(
    "it is 1 bytes, it must be at least 1KiB",
  );
  expect(fit({ type: "duration", milliseconds: 60_000 }, { type: "duration", range: { max: 1500 } })).toBe(
    "it is 1m, it must be at most 1500ms",
  );
});

test("text is measured in characters and matched whole", () => {
  expect(fit("😀", { type: "string", length: { max: 1 } })).toBe("😀");
  expect(fit("", { type: "string", length: { min: 1 } })).toBe("it has no characters, it must have at least 1");
  expect(fit("abc", { type: "string", pattern: "[a-c]+" })).toBe("abc");
  expect(fit("abcd", { type: "string", pattern: "[a-c]+" })).toBe('it is "abcd", which does not match "[a-c]+"');
  expect(fit("a\nb", { type: "string", pattern: "a.b" })).toBe("a\nb");
});

test("sets are sorted and have each element once, lists stay as they are", () => {
  expect(fit(["b", "a", "b"], { type: "set", of: string })).toEqual(["a", "b"]);
  expect(fit([10, 9, 10], { type: "set", of: { type: "int" } })).toEqual([9, 10]);
  expect(fit(["b", "a", "b"], { type: "list", of: string })).toEqual(["b", "a", "b"]);
  expect(fit(["a", "a"], { type: "set", of: string, length: { min: 2 } })).toBe(
    "it has 1 element, it must have at least 2",
  );
});

test("maps come in the order of their keys", () => {
  const map: Type = { type: "map", of: { type: "int" }, keyPattern: "[a-z]+", length: { max: 2 } };
  const unsorted = new Map([
    ["b", 1],
    ["a", 2],
  ]);
  const sorted = fit(unsorted, map);
  expect(sorted instanceof Map ? [...sorted.keys()] : sorted).toEqual(["a", "b"]);
  expect(fit(new Map([["B", 1]]), map)).toBe('it has the key "B", which does not match "[a-z]+"');
  expect(fit(new Map<string, Value>([["b", "x"]]), map)).toBe('it.b is "x", it must be `int`');
  expect(
    fit(
      new Map([
        ["a", 1],
        ["b", 1],
        ["c", 1],
      ]),
      map,
    ),
  ).toBe("it has 3 entries, it must have at most 2");
});

test("records name the way to what does not fit", () => {
  const person: Type = {
    type: "record",
    fields: {
      name: { type: string },
      keys: { type: { type: "list", of: string } },
      note: { type: { type: "optional", of: string } },
    },
  };
  const people: Type = { type: "list", of: person };
  const ada = new Map<string, Value>([
    ["keys", ["x"]],
    ["name", "ada"],
  ]);
  expect(fit([ada], people)).toEqual([
    new Map<string, Value>([
      ["keys", ["x"]],
      ["name", "ada"],
      ["note", null],
    ]),
  ]);
  expect(fit([ada, new Map(ada).set("keys", ["x", 1])], people)).toBe("it[1].keys[1] is 1, it must be `string`");
  expect(fit([new Map([["name", "x"]])], people)).toBe("it[0] has no `keys`, which is `list<string>`");
  expect(fit([new Map(ada).set("nam", "x")], people)).toBe("it[0] has a field `nam`, which its type does not");
});

test("unions take the first member that fits, and say what the nearest lacks", () => {
  const run: Type = { type: "union", members: [{ type: "command" }, { type: "list", of: string }] };
  expect(fit(["a"], run)).toEqual(["a"]);
  expect(fit(["a", 1], run)).toBe("it[1] is 1, it must be `string`");
  expect(fit(1, run)).toBe("it is 1, it must be `command | list<string>`");
});

test("none fits only what may be none", () => {
  expect(fit(null, { type: "optional", of: string })).toBeNull();
  expect(fit(null, string)).toBe("it is none, it must be `string`");
  expect(fit(644, { type: "mode" })).toBe("it is 644, it must be `mode`");
});

test("references keep their kind and event", () => {
  const service: Value = { type: "reference", kind: "service", title: "x" };
  expect(fit(service, { type: "resource", kind: "service" })).toEqual(service);
  expect(fit(service, { type: "resource", kind: "file" })).toBe('it is service["x"], it must be `file`');
  expect(fit({ ...service, event: "reload" }, { type: "event", kind: "service", event: "reload" })).toEqual({
    ...service,
    event: "reload",
  });
});
