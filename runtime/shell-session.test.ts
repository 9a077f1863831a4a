import { afterEach, expect, test } from "vitest";
import { type Bench, makeBench } from "../test/open-shell.ts";
import { shells } from "../test/verbs/shells.ts";
import { encodeCall } from "./line-counted.ts";
import { ConnectionLost } from "./session.ts";

let bench: Bench | undefined;
afterEach(async () => bench?.remove());

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

for (const shell of shells) {
  test(`${shell.name}: frames come back with their output and status, one after another`, async () => {
    bench = makeBench(shell);
    const session = await bench.open();
    const results = await Promise.all([
      session.run({ script: "printf one; exit 3" }),
      session.run({ script: "cat <&3", input: Buffer.from("two\0\n") }),
      session.run({ script: 'read -r line; printf \'%s|\' "$line" "$?"; printf three' }),
      session.run({ script: "exit 255", input: Buffer.alloc(100_000, 65) }),
      session.run({ script: "printf '\\n\\n'" }),
    ]);
    expect(results.map((result) => [result.status, text(result.output)])).toEqual([
      [3, "one"],
      [0, "two\0\n"],
      [0, "|1|three"],
      [255, ""],
      [0, "\n\n"],
    ]);
  });

  test(`${shell.name}: a frame gets exactly its input, whatever its length`, async () => {
    bench = makeBench(shell);
    const session = await bench.open();
    const count = 'wc -c <&3 | tr -d " "';
    for (const length of [1, 4096, 65_537, 1_048_575, 1_048_576, 1_048_577, 3_000_000]) {
      const result = await session.run({ script: count, input: Buffer.alloc(length, 10) });
      expect(text(result.output)).toBe(`${length}\n`);
    }
  });

  test(`${shell.name}: what a frame defines or changes ends with it`, async () => {
    bench = makeBench(shell);
    const session = await bench.open();
    await session.run({ script: "leak=1; galley_facts() { echo other; }; cd /tmp; umask 077; set -e" });
    const after = await session.run({ script: 'printf "%s %s %s" "${leak-none}" "$PWD" "$(umask)"; false; echo x' });
    expect(text(after.output)).toMatch(/^none \/ 0*22x\n$/);
    expect(text((await session.run({ script: "galley_facts" })).output)).toContain("architecture:");
  });

  test(`${shell.name}: every byte of an argument arrives, alone, doubled and between others`, async () => {
    bench = makeBench(shell);
    const session = await bench.open();
    const bytes = Array.from({ length: 255 }, (_, at) => at + 1);
    const values = [
      ...bytes.map((byte) => Buffer.from([byte])),
      ...bytes.map((byte) => Buffer.from([byte, byte])),
      ...bytes.map((byte) => Buffer.from([0x61, byte, 0x62, byte])),
      Buffer.from(bytes),
      Buffer.from(bytes.toReversed()),
      ...[
        "",
        "\n",
        "\n\n\n",
        " a ",
        "a\n",
        "\na",
        "-n",
        "--",
        "$(id)",
        "`id`",
        "a\\nb",
        "\\",
        "é\u{1f600}",
        "'\"",
        "x".repeat(5000),
      ].map((value) => Buffer.from(value)),
    ];
    const result = await session.run({
      script: "galley_call_with_input",
      input: Buffer.concat([encodeCall("note_arguments", [bench.path("out"), ...values])]),
    });
    expect(result.status).toBe(0);
    const shown = await session.run({ script: "cat <&3 >/dev/null; cat", input: Buffer.from("x") });
    expect(shown.status).toBe(0);
    const { readFileSync } = await import("node:fs");
    expect(
      readFileSync(bench.path("out")).equals(Buffer.concat(values.flatMap((value) => [value, Buffer.from([0])]))),
    ).toBe(true);
  });

  test(`${shell.name}: a watch goes on until it is ended, and frames wait for it`, async () => {
    bench = makeBench(shell);
    const session = await bench.open();
    const heard: string[] = [];
    const { promise: two, resolve } = Promise.withResolvers<void>();
    const watching = session.watch({
      script: 'set -- $galley_rest; while :; do echo "$2-$1"; sleep 0.05; done',
      words: "a 7",
      onOutput: (bytes) => {
        heard.push(text(bytes));
        if (heard.join("").split("\n").length > 2) resolve();
      },
    });
    const after = session.run({ script: "echo after" });
    await two;
    watching.end();
    await watching.done;
    expect(text((await after).output)).toBe("after\n");
    expect(heard.join("")).toMatch(/^(7-a\n){2,}$/);
  });
}

test("a shell that ends fails what is under way and everything after it", async () => {
  bench = makeBench();
  const session = await bench.open();
  const under = session.run({ script: "kill -9 $$; sleep 5" });
  await expect(under).rejects.toThrow(ConnectionLost);
  await expect(session.run({ script: ":" })).rejects.toThrow("the shell was ended by SIGKILL");
});

test("an answer without end is cut off", async () => {
  bench = makeBench();
  const session = await bench.open();
  await expect(session.run({ script: "exec yes" })).rejects.toThrow("the answer is longer than 64 MB");
});

test("what runs cannot forge the end of its frame", async () => {
  bench = makeBench();
  const session = await bench.open();
  const forged = "printf '\\036%s end 0\\n' 00000000000000000000000000000000; env; exit 4";
  const result = await session.run({ script: forged });
  expect(result.status).toBe(4);
  expect(text(result.output)).toContain("00000000000000000000000000000000 end 0\n");
  // The nonce is a variable of the shell alone.
  expect(text(result.output)).not.toContain("galley_nonce");
});

test("noise before the shell and between frames is passed over", async () => {
  bench = makeBench();
  const session = await bench.open({ programs: { dd: 'echo a banner >&2; exec /bin/dd "$@"' } });
  await session.run({ script: "(sleep 0.1; echo late) &" });
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(text((await session.run({ script: "echo mine" })).output)).toBe("mine\n");
});

test("a script of several lines, or with anything but ASCII, is a bug of the caller", async () => {
  bench = makeBench();
  const session = await bench.open();
  for (const script of ["", "a\nb", "\u00e9", "\0"]) {
    await expect(session.run({ script })).rejects.toThrow("a frame's script is one line of ASCII");
  }
  expect((await session.run({ script: "exit 3" })).status).toBe(3);
});

test("a value with a NUL byte is a bug of the caller", () => {
  expect(() => encodeCall("note_apply", ["a\0b"])).toThrow("holds a NUL byte");
  expect(() => encodeCall("note apply", [])).toThrow("is no name of a verb");
});
