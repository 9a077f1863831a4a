import { expect, test } from "vitest";
import { partingWords } from "./stop-on-interrupt.ts";

test("leaving says of each run only what its host has confirmed", () => {
  const words = partingWords(
    new Map([
      ["web1", "taken"],
      ["web2", "running"],
      ["web3", "ended"],
      ["web4", "taken"],
    ]),
  );
  expect(words).toBe(
    [
      "web1, web4: the step under way ends there by itself, and nothing is begun after it.",
      "web2: not confirmed that the run stops; it may go on to its end. `galley attach` follows it.",
    ].join("\n"),
  );
});

test("leaving when every run has ended claims nothing of runs", () => {
  expect(partingWords(new Map([["web1", "ended"]]))).toBe(
    "Every run has ended; what the hosts are now was not read to the end: `galley plan` shows it.",
  );
});
