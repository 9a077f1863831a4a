import { expect, test } from "vitest";
import { plan, step } from "../test/open-shell.ts";
import { applyPlan } from "./apply.ts";
import type { Session, Watch } from "./session.ts";

/** A host that takes every run and then says of it what `lines` gives, as fast as it is taken. */
function hostileSession(lines: (number: number) => string): Session & { closed: () => boolean } {
  let closed = false;
  return {
    target: { type: "local" },
    name: "hostile",
    library: "",
    run: async () => ({ status: 0, output: new Uint8Array() }),
    watch: ({ onOutput }: Watch) => {
      let number = 0;
      let ended = false;
      const done = new Promise<void>((resolve) => {
        const more = () => {
          if (ended || closed || number > 1_000_000) return resolve();
          let text = "";
          for (let at = 0; at < 1000; at += 1) text += `${lines((number += 1))}\n`;
          onOutput(Buffer.from(text));
          setImmediate(more);
        };
        setImmediate(more);
      });
      return { done, end: () => void (ended = true) };
    },
    close: async () => void (closed = true),
    closed: () => closed,
  };
}

const endless: readonly (readonly [what: string, lines: (number: number) => string, why: string])[] = [
  [
    "one step that ends again and again",
    (n) => (n === 1 ? "1 begin 7 ." : n === 2 ? "1 start 1 ." : "2 done 1 ok 1 ."),
    'note["1"] ends twice',
  ],
  ["steps that the plan does not have", (n) => (n === 1 ? "1 begin 7 ." : `1 start ${n} .`), "the plan has no step 2"],
  ["lines that are no events", () => "hello", "a line of it is no event"],
  ["one line without end", () => "x".repeat(80), "a line of it is no event"],
];

for (const [what, lines, why] of endless) {
  test(`a journal without end is not followed: ${what}`, async () => {
    const session = hostileSession(lines);
    const heard: unknown[] = [];
    const report = await applyPlan(plan([step(1)]), new Map(), session, { onEvent: (event) => heard.push(event) });
    expect(report.broken).toBe(why);
    expect(session.closed()).toBe(true);
    expect(heard.length).toBeLessThan(5);
  });
}
