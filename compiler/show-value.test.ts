import { expect, test } from "vitest";
import type { Value } from "./kind/value.ts";
import { showBytes, showChange, showValue } from "./show-value.ts";

const rows: readonly (readonly [Value, string])[] = [
  [null, "none"],
  [true, "true"],
  [17, "17"],
  ["running", "running"],
  ["two words", "two words"],
  ["", '""'],
  [" x", '" x"'],
  ["a\nb", '"a\\nb"'],
  ["\u001b[31m", '"\\u001b[31m"'],
  ["a\u202eb", '"a\\u{202e}b"'],
  [{ type: "mode", bits: 0o644 }, "0644"],
  [{ type: "mode", bits: 0o44 }, "0044"],
  [{ type: "mode", bits: 0o2775 }, "02775"],
  [{ type: "duration", milliseconds: 5_400_000 }, "1h30m"],
  [{ type: "duration", milliseconds: 0 }, "0s"],
  [{ type: "duration", milliseconds: 1500 }, "1s500ms"],
  [{ type: "size", bytes: 536_870_912 }, "512MiB"],
  [{ type: "size", bytes: 1000 }, "1.0 KB"],
  [{ type: "size", bytes: 0 }, "0 bytes"],
  [["a", "b"], "[a, b]"],
  [[], "[]"],
  [new Map<string, Value>([["port", 80]]), "{ port = 80 }"],
  [new Map(), "{ }"],
  [{ type: "command", script: 'x "$1"', arguments: ["a"], shown: "x ${name}" }, "x ${name}"],
  [{ type: "blob", digest: "ab12cd".padEnd(64, "0"), size: 1234, bytes: new Uint8Array() }, "sha256 ab12cd… 1.2 KB"],
  [{ type: "reference", kind: "service", title: "x", event: "reload" }, 'service["x"].reload'],
  [{ type: "reference", kind: "apache.server", title: null }, "apache.server"],
  [{ type: "candidate" }, "candidate"],
];

for (const [value, shown] of rows) {
  test(`a value is shown as ${shown}`, () => {
    expect(showValue(value)).toBe(shown);
  });
}

test("bytes are counted in steps of a thousand", () => {
  expect([1, 999, 1000, 999_949, 999_950, 2_500_000_000].map(showBytes)).toEqual([
    "1 byte",
    "999 bytes",
    "1.0 KB",
    "999.9 KB",
    "1.0 MB",
    "2.5 GB",
  ]);
});

test("a secret is never shown, neither the old value nor the new one", () => {
  const change = { property: "password", from: "old", to: "new" };
  const type = { type: "optional", of: { type: "secret", of: { type: "string" } } } as const;
  expect(showChange(change, { type, doc: "" })).toEqual({ property: "password", to: "(secret)" });
  expect(showChange(change)).toEqual({ property: "password", from: "old", to: "new" });
});
